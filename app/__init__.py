"""Lacuna: paint over what should not be there, and the photograph is whole again.

The packages, lowest first; a lower one never imports a higher one:

- `app.imaging`: pure numpy image work: files, masks, brushes, compositing, metrics.
- `app.models`: LGNet and the networks of others, pure torch.
- `app.inference`: the border between arrays and tensors; a request becomes a stream of stage results.
- `app.batch`: a folder of photographs, filled one after the other.
- `app.document`: a photograph being edited, changed by small reversible edits.
- `app.training`: training and evaluation of the networks.
- `app.ui`: the Qt window. `app.cli`: the command line.

Below them all: `errors`, `words`, `paths`, `memory`, `machine`, and what writes files: `atomic`, `appending`,
`scratch`.
"""

__version__ = "0.7.0"
