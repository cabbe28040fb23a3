"""The Qt window: a thin skin over the document and the inference engine.

How it is put together, from the outside in:

- `app` builds the application and shows one `main_window`, which makes the parts; `wiring` connects them; `frame` puts
  toolbars and panels round the photograph; `keyboard` settles which keys belong to a field first.
- `actions` is the one table of everything the window can do; menus, toolbars, the key sheet and the README's key
  table come from it. Its entries call `commands`, whose verbs ask what has to be asked (`asking`; with `dialogs`).
- `session` is the only writer of the document: a desk on which it lies, strokes, runs, files, and the photos that
  are open besides, put aside whole (`session.open_photos`). `session.jobs` is the only module that knows threads.
  `session.follower` keeps a journal of each photo, by which `session.recovery` brings back what a crash left.
- `tools` turn the pointer into strokes and shapes; `canvas` shows the photograph and feeds the tools;
  `canvas.qimages` is the only module that makes a QImage from an array.
- `stages` shows the photograph and its stages in panes; `contexts` the boxes round the holes; `costs` what each stage
  took; `compare` several methods on one hole; `loupe` a glass over the panes; `presenting` the stages one by one, on a
  screen of their own.
- `panels` stand round it all; `look` colours them; `language` has the words, `settings` what is remembered: typed
  declarations, from which rows and dialog are made.

Workers hand over plain values; widgets, pixmaps and the document are touched on the GUI thread alone. Importing
this package loads no torch: the engine is imported on the worker's thread.
"""
