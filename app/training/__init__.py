"""Training and evaluation of the networks. Knows no Qt; never imported by the window."""
