"""What each stage of a run took: counted off the window's thread, shown as a table below the photograph."""
