"""What can be done to the photograph, and the threads, files and runs behind it. No widget is known here."""
