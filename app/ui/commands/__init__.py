"""The verbs behind the actions, a module for each field: files, edits and runs, the mask, the view, sharing, help."""
