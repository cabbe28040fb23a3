"""What the window remembers between two starts.

`setting` says what one remembered value is, `declared` lists them all, `store` reads and writes them. The settings
dialog and the panels' rows are made from the declarations.
"""
