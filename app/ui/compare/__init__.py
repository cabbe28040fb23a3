"""The window in which methods are compared on one hole.

- `window` has two pages: `choice_page`, in which `offers` can be ticked, and `sheet_page`, which follows
  `session.comparison`.
- `sheet_view` lays the panes out, as `places` says; a `pane` has a canvas and a `caption`. All panes share one zoom and
  one pointer.
- `result_model` has the rows of the table and their order, which is the panes' as well; `figure_words` writes numbers.
- `sheet_export` makes the picture and the table that are saved.
"""
