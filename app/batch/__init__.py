"""A folder of photographs with masks, filled one after the other. Knows neither Qt nor the window.

- `request` is what is wanted, `plan` what that means file by file, with every problem told before the first file.
- `events` is what a run reports; `pipeline.run_batch` is the run: a generator that reads, fills and writes at once.
- `file_job` is what is done with one file: the same on this machine and on a cluster's.
- `journal`, in the output folder, remembers what is done; after a crash the same batch goes on where it was.
- `report` writes it all down; `cluster` lets a Dask scheduler do the per-file work.

Importing this package loads no torch: what fills a hole is handed in.
"""
