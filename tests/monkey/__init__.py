"""A monkey at the real window: seeded random actions for as long as wanted, and what must hold meanwhile.

``python -m tests.monkey --minutes 60 --seed 1``. Every step draws from a random source of its own, made of the seed and
the step's number; a failure is told with the last steps, and ``--replay FROM:TO`` does only those again.

- `world`: the files it plays with. `hand`: what it does to the window, by real events. `acts`: the table of acts.
- `answers`: what the window asks is answered at random, what opens over it is played with and shut.
- `watch`: errors nobody caught, Qt's warnings, a window that stands still. `census`: memory, threads, widgets.
- `play` puts it together.
"""
