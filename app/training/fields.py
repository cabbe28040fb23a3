"""Frozen dataclasses laid over one another from plain data, every name, type and range checked."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import MISSING, asdict, fields, is_dataclass, replace
from enum import Enum
from types import UnionType
from typing import Annotated, Any, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

from app.errors import LacunaError


class Bounds(NamedTuple):
    """The least and largest value of a field; `above` leaves the least itself out."""

    low: float
    high: float = math.inf
    above: bool = False

    def __str__(self) -> str:
        low = f"above {self.low:g}" if self.above else f"at least {self.low:g}"
        return low if self.high == math.inf else f"{low} and at most {self.high:g}"

    def hold(self, value: float) -> bool:
        """True where `value` lies inside."""
        return (value > self.low if self.above else value >= self.low) and value <= self.high


Share = Annotated[float, Bounds(0, 1)]
Decay = Annotated[float, Bounds(0, 0.999999)]
Weight = Annotated[float, Bounds(0)]
Positive = Annotated[float, Bounds(0, above=True)]
Count = Annotated[int, Bounds(0)]
Number = Annotated[int, Bounds(1)]

T = TypeVar("T")


def plain(record: Any) -> dict[str, Any]:
    """A frozen dataclass as what JSON knows: dictionaries, lists, texts and numbers."""
    content: dict[str, Any] = json.loads(json.dumps(asdict(record)))
    return content


def overlaid(base: T, data: Any, where: str = "") -> T:
    """`base` with the fields that `data` names in place of its own, in nested records too.

    `LacunaError` with one sentence that begins with the field's name (``loss.style``) where it is unknown, of another
    type or out of its range.
    """
    given = _mapping(data, where)
    hints = _hints(type(base), given, where)
    changes = {
        name: _converted(value, hints[name], _joined(where, name), getattr(base, name)) for name, value in given.items()
    }
    return replace(base, **changes)  # type: ignore[type-var]


def check_fields(record: Any) -> None:
    """Raise `LacunaError` for a field of `record` whose type or value its annotation forbids."""
    hints = get_type_hints(type(record), include_extras=True)
    for field in fields(record):
        _converted(getattr(record, field.name), hints[field.name], field.name, None)


def _built(kind: type[Any], data: Any, where: str) -> Any:
    given = _mapping(data, where)
    hints = _hints(kind, given, where)
    for field in fields(kind):
        if field.name not in given and field.default is MISSING and field.default_factory is MISSING:
            raise LacunaError(f"{_joined(where, field.name)}: is missing")
    return kind(**{name: _converted(value, hints[name], _joined(where, name), None) for name, value in given.items()})


def _mapping(data: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise LacunaError(f"{where or 'the configuration'}: must be an object with named fields, not {_shown(data)}")
    return data


def _hints(kind: type[Any], given: Mapping[str, Any], where: str) -> dict[str, Any]:
    known = [field.name for field in fields(kind)]
    for name in given:
        if name not in known:
            raise LacunaError(f"{_joined(where, name)}: no such field; there are {', '.join(known)}")
    return get_type_hints(kind, include_extras=True)


def _converted(value: Any, hint: Any, where: str, base: Any) -> Any:
    """`value` as `hint` wants it; a nested record is laid over `base` where there is one."""
    if get_origin(hint) is Annotated:
        kind, bounds = get_args(hint)
        value = _converted(value, kind, where, base)
        if not bounds.hold(value):
            raise LacunaError(f"{where}: must be {bounds}, not {_shown(value)}")
        return value
    if get_origin(hint) is tuple:
        return _sequence(value, get_args(hint), where)
    if get_origin(hint) is UnionType:
        return _one_of(value, get_args(hint), where, base)
    if is_dataclass(hint):
        assert isinstance(hint, type)
        if isinstance(value, hint):
            return value
        return _built(hint, value, where) if base is None else overlaid(base, value, where)
    return _scalar(value, hint, where)


def _one_of(value: Any, kinds: tuple[Any, ...], where: str, base: Any) -> Any:
    """One of several kinds of records, told by ``"kind"``; by `base` where that is not given."""
    if type(value) in kinds:
        return value
    given = dict(_mapping(value, where))
    by_name = {kind.kind: kind for kind in kinds}
    name = given.pop("kind", kinds[0].kind if base is None else base.kind)
    if not isinstance(name, str) or name not in by_name:
        raise LacunaError(f"{_joined(where, 'kind')}: must be one of {', '.join(by_name)}, not {_shown(name)}")
    return _converted(given, by_name[name], where, base if type(base) is by_name[name] else None)


def _sequence(value: Any, kinds: tuple[Any, ...], where: str) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise LacunaError(f"{where}: must be a list, not {_shown(value)}")
    wanted = (kinds[0],) * len(value) if kinds[-1] is Ellipsis else kinds
    if len(value) != len(wanted):
        raise LacunaError(f"{where}: must be a list of {len(wanted)}, not of {len(value)}")
    pairs = enumerate(zip(value, wanted, strict=True))
    return tuple(_converted(item, kind, f"{where}[{index}]", None) for index, (item, kind) in pairs)


_WORDS = {float: "a number", int: "a whole number", bool: "true or false", str: "a text"}


def _scalar(value: Any, kind: type[Any], where: str) -> Any:
    if issubclass(kind, Enum):
        choices = [member.value for member in kind]
        if value not in choices:
            raise LacunaError(f"{where}: must be one of {', '.join(choices)}, not {_shown(value)}")
        return kind(value)
    accepted = (int, float) if kind is float else kind
    is_flag = isinstance(value, bool) and kind is not bool
    if is_flag or not isinstance(value, accepted) or (kind is float and not math.isfinite(value)):
        raise LacunaError(f"{where}: must be {_WORDS[kind]}, not {_shown(value)}")
    return float(value) if kind is float else value


def _shown(value: Any) -> str:
    try:
        text = json.dumps(value)
    except (TypeError, ValueError):
        text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _joined(where: str, name: str) -> str:
    return f"{where}.{name}" if where else str(name)
