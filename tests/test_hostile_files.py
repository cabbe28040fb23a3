"""Files that mean harm: each opens or is one sentence, in bounded time and memory, and none of their code runs.

A subset of ``python -m tests.fuzzing``, in one process that does not end with the first fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from tests.fuzzing import practice
from tests.fuzzing.case import Case, Fault
from tests.fuzzing.cases import damaged_cases, nasty_cases, valid_cases
from tests.fuzzing.trial import Bounds, Trial, bound_of

MEGAPIXELS = 3
DAMAGED = 150
SLOW = {
    "archive-lists-features", "archive-lists.pt", "archive-lists.pth", "runs.bmp", "many-entries.lacuna",
    "header-many-features", "archive-bomb.pth", "header-many.safetensors", "zip-bomb.lacuna", "profile.tif",
    "archive-bomb-pickle-features", "header-surplus.safetensors", "archive-bomb.pt", "archive-bomb-pickle.pth",
    "archive-bomb-pickle.pt", "archive-bomb-features", "text-bomb.lacuna", "profile-lies.jpg",
    "archive-members-features", "comments.jpg", "archive-members.pt", "archive-members.pth", "archive-memo.pth",
    "archive-memo.pt", "archive-memo-features", "full-deep.png", "exif-many.jpg", "tail.jpg", "column.png",
    "archive-nested.pth", "archive-nested-features", "archive-nested.pt", "header-surplus-features", "bits.tif",
    "manifest-settings.lacuna", "frames.gif", "profile-huge.webp", "manifest-contexts.lacuna", "many-chunks.webp",
    "profile-huge.jpg", "motorola.tif", "huge-text.png", "full-progressive.jpg", "full-deflated.tif", "full.png",
    "full-lies.jpg", "text-bomb.png", "itext-bomb.png", "profile-bomb.png", "exif-in-text.png", "strip-bomb.tif",
    "strip-bomb-8.tif", "text-bombs.png",
}  # fmt: skip
"""Made or opened in more than a quarter of a second; the command has them all."""


def _cases() -> Iterator[Case]:
    yield from valid_cases()
    yield from (case for case in nasty_cases(MEGAPIXELS * 1_000_000) if case.name not in SLOW)
    yield from islice(damaged_cases(seed=2), DAMAGED)


def test_no_file_does_harm(tmp_path: Path) -> None:
    limit = MEGAPIXELS * 1_000_000
    verdicts = list(Trial(tmp_path, Bounds(limit, bound_of(limit))).verdicts(_cases()))
    assert [verdict for verdict in verdicts if verdict.faults] == []
    assert {verdict.case for verdict in verdicts if verdict.opened} >= {case.name for case in valid_cases()}
    assert sum(not verdict.opened for verdict in verdicts) > DAMAGED // 2


def test_the_watch_sees_what_it_watches_for(tmp_path: Path) -> None:
    found = {each.case: each.faults for each in Trial(tmp_path, Bounds(1, 150, 1)).verdicts(practice.cases())}
    assert found == {fault.value: (fault,) for fault in Fault if fault is not Fault.UNSAVED}
