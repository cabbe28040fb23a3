"""A photograph being edited. Knows neither Qt nor torch.

A `document.Document` holds the image and the mask and is changed in one way only: by an *edit* (`edits`) that can be
applied and reverted, and that returns the rectangle it changed. The `history` lists the edits done and undone. A
stroke (`live_stroke`), of the mask (`stroke`) or of the image (`restore`), paints at once and is one edit at its end.
"""
