"""A photograph being edited. Knows neither Qt nor torch.

A `document.Document` holds the image and the mask and is changed in one way only: by an *edit* (`edits`) that can be
applied and reverted, and that returns the rectangle it changed. The `history` lists the edits done and undone. A
stroke (`live_stroke`), of the mask (`stroke`) or of the image (`restore`), paints at once and is one edit at its end.

What was done can be kept: an edit as plain values (`records`) and as bytes (`packing`), a whole document without its
photo (`session_state`), and all of it in a file (`session_file`, whose parts are its `manifest`, the zip as a
`session_archive`, its `session_photo` and the `stored_runs`). `recovery` keeps it while it happens, against crashes.
"""
