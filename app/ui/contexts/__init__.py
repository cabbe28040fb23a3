"""Context boxes: what is seen of the photograph when a hole is filled, drawn and dragged."""
