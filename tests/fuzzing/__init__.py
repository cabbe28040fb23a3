"""Files as an enemy would make them, opened as the program opens them: ``python -m tests.fuzzing --count 2000``.

- `seeds` makes small valid files of every kind; `mutations` damages them, the same way for the same seed.
- `nasties`, `nasty_tiffs` and `nasty_weights` build what chance would not: bombs, cycles, code in pickles.
- `openers` says what is done with a file of each kind: what the window, the command line and the trainer do.
- `worker` is a process that opens one file after the other and measures; `trial` watches it: a crash, a hang or too
  much memory ends that process and is told of that file. `cases` puts it all together, `__main__` is the command.
"""
