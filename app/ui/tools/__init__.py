"""What a press, a drag and a key mean: one tool a module, and the box they lie in."""
