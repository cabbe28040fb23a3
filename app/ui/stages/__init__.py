"""The original and the stages of a run, in panes."""
