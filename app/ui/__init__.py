"""The Qt window: a thin skin over the document and the inference engine.

How it is put together, from the outside in:

- `app` builds the application and shows one `main_window`, which only assembles what follows.
- `actions` is the one table of everything the window can do; menus, toolbars, the key sheet and the README's key
  table come from it. Each entry calls a method of `commands`.
- `session` is the only writer of the document. `runs` holds the run under way and the results not yet accepted.
- `jobs` is the only module that knows threads, `qimages` the only one that makes a QImage from an array,
  `settings` the only one that remembers anything between two starts, `dialogs` the only one that asks questions.
- `canvas`, `tools`, `viewport`, `overlay` and `stage_strip` show the photograph and turn the pointer into strokes.
- `tool_panel`, `history_panel`, `prompt_bar`, `status_bar`, `banner`, `empty_state` and `key_sheet` stand round it;
  `theme` and `icons` colour them.

Workers hand over plain values; widgets, pixmaps and the document are touched on the GUI thread alone. Importing
this package loads no torch: the engine is imported on the worker's thread.
"""
