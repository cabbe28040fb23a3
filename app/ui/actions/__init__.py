"""The one table of what the window can do, and the QActions, menus and toolbars made of it."""
