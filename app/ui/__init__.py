"""The Qt window: a thin skin over the document and the inference engine.

How it is put together, from the outside in:

- `app` builds the application and shows one `main_window`, which only assembles what follows.
- `actions` is the one table of everything the window can do; menus, toolbars, the key sheet and the README's key
  table come from it. Its entries call `file_commands`, `edit_commands` and `view_commands`; `action_set` makes the
  QActions, `keyboard` settles which keys belong to a field first.
- `session` is the only writer of the document: a `desk` on which the document lies and lends it to the pool (`loans`),
  `strokes` for the tools, `runs` for the run under way and the results not yet accepted, `photo_files` for the disk.
- `next_step` is the one rule of what Enter does; `prompt_bar` announces it.
- `jobs` is the only module that knows threads, `qimages` the only one that makes a QImage from an array,
  `settings` the only one that remembers anything between two starts, `dialogs` the only one that asks questions.
- `stage_strip` shows the photograph and its stages in panes, each with a `canvas`; `tools` turn the pointer into
  strokes; `run_view` shows what a run reports.
- `frame`, `tool_panel`, `history_panel`, `status_bar`, `banner`, `empty_state` and `key_sheet` stand round it; `theme`
  and `icons` colour them.

Workers hand over plain values; widgets, pixmaps and the document are touched on the GUI thread alone. Importing
this package loads no torch: the engine is imported on the worker's thread.
"""
