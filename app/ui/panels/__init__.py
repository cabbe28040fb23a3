"""The widgets round the photograph: panels, bars, sheets and their rows."""
