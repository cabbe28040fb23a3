"""The user's own models as settings keep them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.inference.allowed import AllowedFile
from app.inference.own_models import (
    MOST,
    NONE,
    OwnModel,
    allowed_models,
    kept,
    own_models,
    recognised,
    renamed,
    with_model,
    without,
)
from app.models.known_names import KnownNetwork

LAMA = AllowedFile(Path("/models/big-lama.safetensors"), "ab" * 32, KnownNetwork.LAMA)
SCRIPT = AllowedFile(Path("/models/own.pt"), "cd" * 32)


def test_they_come_back_as_they_were_kept() -> None:
    models = with_model(with_model((), LAMA), SCRIPT)
    assert [each.name for each in models] == ["LaMa (big-lama.safetensors)", "own.pt"]
    assert own_models(kept(models)) == models
    assert own_models(NONE) == ()


def test_only_what_has_a_hash_is_allowed() -> None:
    models = with_model(with_model((), LAMA), AllowedFile(SCRIPT.path, ""))
    assert [each.file for each in allowed_models(kept(models))] == [LAMA]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7",
        "null",
        "{}",
        "[7]",
        '[{"name": "x"}]',
        "[" * 9000,
        '[{"name":"x","path":"y","sha256":"z","network":[]}]',
    ],
)
def test_garbage_holds_none(text: str) -> None:
    assert own_models(text) == ()


def test_networks_to_come_are_programs_here() -> None:
    entry = {"name": "x" * 500, "path": "/x", "sha256": "", "network": "other"}
    (model,) = own_models(json.dumps([entry]))
    assert model.file.network is KnownNetwork.NONE
    assert len(model.name) < 100
    many = json.dumps([{**entry, "name": str(number)} for number in range(99)])
    assert len(own_models(many)) == MOST


def test_a_file_is_in_the_list_once_and_every_name() -> None:
    models = with_model(with_model((), SCRIPT), AllowedFile(Path("/elsewhere/own.pt"), "ef"))
    assert [each.name for each in models] == ["own.pt", "own.pt 2"]
    again = with_model(models, AllowedFile(SCRIPT.path, ""))
    assert again[0] == OwnModel("own.pt", AllowedFile(SCRIPT.path, ""))
    assert without(again, SCRIPT.path) == again[1:]


@pytest.mark.parametrize(("new", "wanted"), [("Mine", "Mine"), ("  ", "own.pt"), ("own.pt 2", "own.pt 2 2")])
def test_names_stay_apart(new: str, wanted: str) -> None:
    models = with_model(with_model((), SCRIPT), AllowedFile(Path("/elsewhere/own.pt"), "ef"))
    assert [each.name for each in renamed(models, "own.pt", new)] == [wanted, "own.pt 2"]


def test_long_names_stay_apart_when_they_are_read_again() -> None:
    models: tuple[OwnModel, ...] = ()
    for number in range(MOST):
        models = with_model(models, AllowedFile(Path(f"/{number}") / f"{'x' * 90}.pt", "ab"))
    assert len({each.name for each in models}) == MOST
    assert own_models(kept(models)) == models


def test_a_file_that_is_recognised_gives_its_own_entry_a_name() -> None:
    other = AllowedFile(Path("/elsewhere") / LAMA.path.name, "")
    models = with_model(with_model((), AllowedFile(LAMA.path, "")), other)
    assert [each.name for each in models] == ["big-lama.safetensors", "big-lama.safetensors 2"]
    second = recognised(models, AllowedFile(other.path, "ab", KnownNetwork.LAMA))
    assert [each.name for each in second] == ["big-lama.safetensors", "LaMa (big-lama.safetensors)"]
    both = recognised(second, LAMA)
    assert [each.name for each in both] == ["LaMa (big-lama.safetensors) 2", "LaMa (big-lama.safetensors)"]


def test_a_name_of_the_users_own_stays_whatever_is_recognised() -> None:
    mine = renamed(with_model((), AllowedFile(LAMA.path, "")), LAMA.path.name, "Mine")
    assert recognised(mine, LAMA) == mine
    elsewhere = AllowedFile(Path("/elsewhere/own.pt"), "ef")
    taken = renamed(with_model(with_model((), elsewhere), LAMA), "own.pt", LAMA.path.name)
    assert recognised(taken, LAMA) == taken, "the name of another one's file"
    program = with_model(with_model((), SCRIPT), elsewhere)
    assert recognised(program, elsewhere) == program
