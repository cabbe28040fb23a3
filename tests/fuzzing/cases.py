"""All that is opened: what an enemy would write, and seeded damage to valid files."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache, partial
from itertools import count
from random import Random

from tests.fuzzing import seeds
from tests.fuzzing.case import Case, Files, Kind
from tests.fuzzing.mutations import mutated, spliced
from tests.fuzzing.nasties import mask_nasties, nasties
from tests.fuzzing.nasty_sessions import session, session_nasties
from tests.fuzzing.nasty_tiffs import nasty_tiffs

_SPLICES = 0.1
"""Share of the damaged files that are made of two."""


def nasty_cases(pixels: int) -> Iterator[Case]:
    """One each, whatever the seed."""
    from tests.fuzzing.nasty_weights import weight_nasties

    for name, make in session_nasties().items():
        yield Case(name, Kind.SESSION, lambda name=name, make=make: {name: make()})  # type: ignore[misc]
    for name, make in (nasties(pixels) | nasty_tiffs(pixels)).items():
        yield Case(name, Kind.PHOTO, lambda name=name, make=make: {name: make()})  # type: ignore[misc]
    for name, make in mask_nasties().items():
        yield Case(name, Kind.MASK, lambda name=name, make=make: {name: make()})  # type: ignore[misc]
    for name, (kind, files) in weight_nasties().items():
        yield Case(name, kind, files)


def damaged_cases(seed: int) -> Iterator[Case]:
    """Without end: file after file, each by its own number."""
    pool = valid()
    for number in count():
        random = Random(f"{seed}/{number}")
        kind, files = random.choice(pool)
        name = random.choice(list(files))
        other = _other(pool, kind, name, random) if random.random() < _SPLICES else None
        yield Case(f"{number} {name}", kind, partial(_damaged, files, name, other, seed, number))


def valid_cases() -> Iterator[Case]:
    """What all of it starts from: every one of them opens."""
    for kind, files in valid():
        yield Case(next(iter(files)), kind, partial(dict, files))


@lru_cache
def valid() -> list[tuple[Kind, Files]]:
    """The valid files; photos come several times, being what is opened most."""
    from tests.fuzzing.nasty_weights import checkpoint, tiny_weights

    photos: list[tuple[Kind, Files]] = [(Kind.PHOTO, {name: data}) for name, data in seeds.photos().items()]
    masks: list[tuple[Kind, Files]] = [(Kind.MASK, {name: data}) for name, data in seeds.masks().items()]
    trained = [(Kind.WEIGHTS, tiny_weights()), (Kind.CHECKPOINT, {"checkpoint.pt": checkpoint()})]
    kept = [(Kind.SESSION, {"work.lacuna": session()})]
    return 3 * photos + 2 * masks + 6 * trained + 12 * kept


def _other(pool: list[tuple[Kind, Files]], kind: Kind, name: str, random: Random) -> bytes | None:
    """Another file of that kind, more often than not of the same format."""
    ending = name.rsplit(".")[-1]
    like = [files[each] for other, files in pool for each in files if other is kind and each.endswith(ending)]
    return random.choice(like) if like else None


def _damaged(files: Files, name: str, other: bytes | None, seed: int, number: int) -> Files:
    random = Random(f"{seed}/{number}/damage")
    data = mutated(files[name], random) if other is None else spliced(files[name], other, random)
    if name.endswith(".safetensors"):
        from tests.fuzzing.nasty_weights import vouched

        return vouched(files, name, data)  # else nothing but the hash would be read
    return files | {name: data}
