"""Which keys each action has now: a preset's, and on top of it what the user changed."""

from __future__ import annotations

import json
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence

from app.errors import LacunaError
from app.ui.actions.presets import PRESETS, Keys
from app.ui.actions.spec import ActionSpec
from app.ui.settings import declared
from app.ui.settings.declared import KeyPreset
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings
from app.words import Words

_TWINS = {"Shift+[": "{", "Shift+]": "}", "{": "Shift+[", "}": "Shift+]", "Ctrl++": "Ctrl+="}
"""The same keys as other keyboards name them."""


class Keymap(QObject):
    """The keys of `actions`, kept in `settings`. Keys are Qt's portable words; no key belongs to two actions."""

    changed = Signal()

    def __init__(self, settings: Settings, actions: Sequence[ActionSpec], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._specs = {spec.id: spec for spec in actions}
        self._keys: dict[str, Keys] = {}
        self._sequences: dict[str, list[QKeySequence]] = {}
        self._resolve()
        settings.changed.connect(self._setting_changed)

    def keys(self, id_: str) -> Keys:
        """The keys that are shown for an action; the first one is in its tooltip."""
        return self._keys[id_]

    def sequences(self, id_: str) -> list[QKeySequence]:
        """All keys bound to an action: also other names of them, and those of the platform while they are free."""
        return self._sequences[id_]

    def is_changed(self, id_: str) -> bool:
        """The user gave the action other keys than the preset does."""
        return id_ in self._changes()

    def owner(self, key: str, besides: str = "") -> ActionSpec | None:
        """The action, other than `besides`, to which `key` belongs now."""
        wanted = QKeySequence(key)
        return next(
            (spec for id_, spec in self._specs.items() if id_ != besides and wanted in self._sequences[id_]), None
        )

    def assign(self, id_: str, keys: Sequence[str]) -> None:
        """Give an action these keys and no others; whoever has one of them loses it."""
        changes = self._changes()
        for key in keys:
            while (owner := self._shown_owner(key, id_, changes)) is not None:
                changes[owner] = tuple(each for each in self._wanted(owner, changes) if not _same(each, key))
        changes[id_] = tuple(dict.fromkeys(keys))
        self._store(changes)

    def reset(self, id_: str) -> None:
        """The preset's keys again; whoever has one of them loses it."""
        self.assign(id_, self._preset(id_))

    def reset_all(self) -> None:
        """The preset's keys for every action."""
        self._store({})

    def exported(self) -> str:
        """The preset and the changes as the text of a file."""
        preset = self._settings.get(declared.KEY_PRESET).value
        changes = {id_: list(keys) for id_, keys in self._changes().items()}
        return json.dumps({"lacuna_keys": 1, "preset": preset, "changes": changes}, indent=2)

    def take(self, text: str) -> None:
        """Take over what `exported` wrote. `LacunaError`, and nothing is changed, where it is something else."""
        try:
            read = json.loads(text)
            preset, changes = KeyPreset(read["preset"]), read["changes"]
            if read["lacuna_keys"] != 1 or not all(_are_keys(keys) for keys in changes.values()):
                raise ValueError("other keys")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise LacunaError(Words("this file holds no keys of Lacuna: choose one that was exported here")) from error
        self._settings.set(declared.KEY_PRESET, preset)
        self._store({id_: tuple(keys) for id_, keys in changes.items()})

    def _preset(self, id_: str) -> Keys:
        return PRESETS[self._settings.get(declared.KEY_PRESET)].get(id_, self._specs[id_].keys)

    def _changes(self) -> dict[str, Keys]:
        """What is stored; anything that can't be understood counts as no change."""
        try:
            read = json.loads(self._settings.get(declared.KEY_CHANGES))
            return {id_: tuple(keys) for id_, keys in read.items() if id_ in self._specs and _are_keys(keys)}
        except (ValueError, AttributeError):
            return {}

    def _wanted(self, id_: str, changes: dict[str, Keys]) -> Keys:
        return changes.get(id_, self._preset(id_))

    def _shown_owner(self, key: str, besides: str, changes: dict[str, Keys]) -> str | None:
        return next(
            (
                id_
                for id_ in self._specs
                if id_ != besides and any(_same(key, each) for each in self._wanted(id_, changes))
            ),
            None,
        )

    def _store(self, changes: dict[str, Keys]) -> None:
        kept = {id_: keys for id_, keys in changes.items() if id_ in self._specs and keys != self._preset(id_)}
        self._settings.set(declared.KEY_CHANGES, json.dumps(kept))

    def _setting_changed(self, setting: Setting[object]) -> None:
        if setting in (declared.KEY_PRESET, declared.KEY_CHANGES):
            self._resolve()
            self.changed.emit()

    def _resolve(self) -> None:
        """Every key to one action: changed ones first, then presets, then other names and the platform's keys."""
        changes, taken = self._changes(), set[str]()
        self._keys = {}
        for id_ in sorted(self._specs, key=lambda id_: id_ not in changes):
            free = tuple(key for key in self._wanted(id_, changes) if _portable(key) not in taken)
            self._keys[id_] = free
            taken |= {_portable(key) for key in free}
        self._sequences = {}
        for id_, spec in self._specs.items():
            more = [key for key in self._silent(spec) if _portable(key) not in taken]
            taken |= {_portable(key) for key in more}
            self._sequences[id_] = [QKeySequence(key) for key in (*self._keys[id_], *more)]

    def _silent(self, spec: ActionSpec) -> list[str]:
        """Keys that are bound besides those shown, where they are free."""
        keys = self._keys[spec.id]
        if keys == spec.keys:
            return [key for each in spec.shortcuts() if (key := each.toString()) not in keys]
        return [_TWINS[key] for key in keys if key in _TWINS]


def native(key: str) -> str:
    """`key` as the platform writes it."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def _portable(key: str | QKeySequence) -> str:
    return QKeySequence(key).toString()


def _same(one: str, other: str) -> bool:
    return _portable(one) == _portable(other) or _TWINS.get(one) == other


def _are_keys(keys: object) -> bool:
    return isinstance(keys, list) and all(isinstance(key, str) and _portable(key) for key in keys)
