"""The photograph on the screen: what is painted, where the view looks, and the pointer over it."""
