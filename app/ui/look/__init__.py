"""How the window looks: the one palette, the style sheets made of it, icons."""
