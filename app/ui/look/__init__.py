"""How the window looks: one palette file, icons."""
