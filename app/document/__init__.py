"""A photograph being edited. Knows neither Qt nor torch.

A `document.Document` holds the image and the mask and is changed in one way only: by an *edit* (`edits`) that can be
applied and reverted, and that returns the rectangle it changed. The `history` lists the edits done and undone. A
stroke (`live_stroke`), of the mask (`stroke`) or of the image (`restore`), paints at once and is one edit at its end.

What was done can be kept: an edit as a plain `records` entry and as bytes (`packing`), a whole document without its photo
as a `session_state`, and all of it in a file (`session_file`, its `manifest`, its `session_archive`, its `session_photo`).
"""
