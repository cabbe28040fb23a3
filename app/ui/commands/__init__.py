"""The verbs behind the actions: of files, of edits and runs, of the view."""
