"""The window of a batch: its choices with what they mean file by file, and its queue.

- `window` has two pages: `setup_page`, whose rows are settings and in which `check` lists every photo before the first
  is touched, and `queue_page`, which follows `session.batch_work`.
- `plan_model` and `queue_model` are the rows of their tables, `queue_cells` draws pictures and progress.
- `choices` makes of the settings what the batch is asked for.
"""
