"""What is kept on the disk of a photograph while it is edited, so that a crash costs no work.

Each photo that is open has a `folder` of its own, whose lock its process holds: once that is free, the process is
gone. In it grows a `journal` of `records`; a `trail` says what a document has to add to it, `replay` makes of them what
the document was, and `kept_photo` sees to it that its pixels are found again.
"""
