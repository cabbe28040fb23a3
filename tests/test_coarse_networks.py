"""Coarse inpainters that are networks: in the engine, the evaluation, the list of models and the window."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PySide6.QtWidgets import QComboBox

from app.batch.provenance import models_used
from app.batch.request import BatchRequest
from app.cli.main import main
from app.errors import LacunaError
from app.imaging.masks import grown
from app.inference import coarse_networks
from app.inference.catalog import COARSE_INPAINTERS, NETWORKS
from app.inference.coarse import build_coarse
from app.inference.coarse_networks import CoarseNetwork
from app.inference.engine import Engine
from app.inference.networks import StageNetworks
from app.inference.request import STAGES, InpaintRequest, Notice, RunCancelled, RunReport, Stage, StageResult
from app.inference.weight_files import folder_of
from app.training.methods import find_methods
from app.training.solvers import BareSolver
from app.ui.panels.controls import row_for
from app.ui.settings import declared
from tests.driving import image_of, run_to_end, stroke
from tests.evaluating import sample
from tests.other_networks import OTHERS, ship, write_tiny_others
from tests.test_engine import FAST, composite, mask_with, photo

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    return write_tiny_others(tmp_path_factory.mktemp("weights"))


@pytest.fixture(autouse=True)
def shipped(weights, monkeypatch):
    ship(monkeypatch, weights)


def hole_in(image):
    hole = np.zeros(image.shape[:2], bool)
    hole[20:50, 30:70] = True
    return hole


def test_they_stand_after_lgnet_in_the_list():
    assert [info.name for info in COARSE_INPAINTERS][:3] == ["lgnet", *OTHERS]
    assert set(OTHERS) == NETWORKS


@pytest.mark.parametrize("name", OTHERS)
def test_all_stages_go_on_top_and_what_is_outside_stays(name):
    image = photo()
    mask = mask_with(image.shape, (60, 50, 40, 30))
    options = replace(FAST, coarse=name, detail=False)
    events = list(Engine().run(InpaintRequest(image, mask, options)))
    results = {event.stage: composite(image, event) for event in events if isinstance(event, StageResult)}
    assert list(results) == list(STAGES)
    outside = grown(mask, options.grow) == 0
    for result in results.values():
        assert np.array_equal(result[outside], image[outside])
        assert not np.array_equal(result, image)
    assert events[-1].model == f"{name} + lgnet-small"


@pytest.mark.parametrize("name", OTHERS)
def test_it_is_loaded_when_it_is_wanted_and_kept(name, monkeypatch):
    loads = []
    init = CoarseNetwork.__init__

    def noted(self, kind, *args, **kwargs):
        loads.append(kind)
        init(self, kind, *args, **kwargs)

    monkeypatch.setattr(CoarseNetwork, "__init__", noted)
    engine = Engine()
    image = photo(80, 60)
    request = InpaintRequest(image, mask_with(image.shape, (20, 20, 12, 10)), replace(FAST, last_stage=Stage.COARSE))
    list(engine.run(request))
    assert loads == []
    for _ in range(2):
        list(engine.run(replace(request, options=replace(request.options, coarse=name))))
    assert loads == [name]


@pytest.mark.parametrize("name", OTHERS)
def test_it_can_be_cancelled_between_regions(name, monkeypatch):
    filled, asked = [], threading.Event()
    original = CoarseNetwork._filled

    def noted(self, image, hole, check):
        made = original(self, image, hole, check)
        filled.append(hole.shape)
        asked.set()
        return made

    def check():
        if asked.is_set():
            raise RunCancelled

    monkeypatch.setattr(CoarseNetwork, "_filled", noted)
    monkeypatch.setattr("app.inference.engine.os.cpu_count", lambda: 1)
    image = photo(400, 300)
    mask = mask_with(image.shape, (20, 20, 20, 20), (340, 240, 20, 20))
    options = replace(FAST, coarse=name, working_size=128, last_stage=Stage.COARSE)
    with pytest.raises(RunCancelled):
        list(Engine().run(InpaintRequest(image, mask, options), check))
    assert len(filled) == 1


@pytest.mark.parametrize("name", OTHERS)
def test_out_of_memory_halves_the_working_size(name, monkeypatch):
    original = CoarseNetwork.fill

    def greedy(self, image, hole, *args):
        if max(hole.shape) > 300:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return original(self, image, hole, *args)

    monkeypatch.setattr(CoarseNetwork, "fill", greedy)
    image = photo(520, 400)
    request = InpaintRequest(
        image,
        mask_with(image.shape, (150, 100, 220, 180)),
        replace(FAST, coarse=name, working_size=512, last_stage=Stage.COARSE, detail=False),
    )
    events = list(Engine().run(request))
    assert [event.text for event in events if isinstance(event, Notice)] == [
        "Memory ran out: going on at a working size of 256 pixels."
    ]
    assert isinstance(events[-1], RunReport)


@pytest.mark.parametrize("name", OTHERS)
def test_a_longer_picture_is_shrunk_for_it(name, monkeypatch):
    monkeypatch.setattr(coarse_networks, "LONGEST", 64)
    seen = []
    stages = StageNetworks.stages

    def noted(self, image, hole, *args, **kwargs):
        seen.append(hole.shape)
        return stages(self, image, hole, *args, **kwargs)

    monkeypatch.setattr(StageNetworks, "stages", noted)
    image = photo(200, 150)
    hole = hole_in(image)
    filler = build_coarse(name)
    assert filler is not None
    assert not filler.has_texture
    made = filler.fill(image, hole).picture
    assert seen == [(48, 64)]
    assert np.array_equal(made[~hole], image[~hole])
    assert (made[hole] != image[hole]).any()


@pytest.mark.parametrize("name", OTHERS)
def test_float32_and_the_quick_way_agree(name):
    image = photo(120, 90)
    hole = hole_in(image)
    quick, full = (build_coarse(name, full_precision=exact) for exact in (False, True))
    assert quick is not None
    assert full is not None
    difference = quick.fill(image, hole).picture.astype(int) - full.fill(image, hole).picture
    assert abs(difference).max() <= 12


def test_a_given_folder_takes_the_place_of_its_own_networks_shipped_one(weights, tmp_path):
    others = write_tiny_others(tmp_path)
    assert folder_of("context-encoder", others / "context-encoder") == others / "context-encoder"
    assert folder_of("contextual-attention", others / "context-encoder") == weights / "contextual-attention"
    assert folder_of("lgnet", others / "context-encoder") == weights / "lgnet-small"
    assert folder_of("lgnet", others / "lgnet-small") == others / "lgnet-small"
    assert folder_of("lgnet", tmp_path / "nowhere") == tmp_path / "nowhere"
    assert folder_of("context-encoder", None) == weights / "context-encoder"
    with pytest.raises(LacunaError, match="holds the weights of another network, context-encoder"):
        StageNetworks(others / "context-encoder", CPU)


def test_a_batch_says_which_files_it_used(tmp_path):
    options = replace(FAST, coarse="contextual-attention")
    request = BatchRequest.__new__(BatchRequest)
    object.__setattr__(request, "options", options)
    object.__setattr__(request, "weights", None)
    used = models_used(request)
    assert [name for name, _, _ in used] == [
        "contextual-attention coarse",
        "contextual-attention global",
        "lgnet local",
        "lgnet global",
    ]
    assert all(len(digest) == 64 for _, _, digest in used)


def test_evaluation_runs_them_alone_and_refined(weights):
    names = [f"{name}{tail}" for name in OTHERS for tail in ("", "+refine")]
    networks = StageNetworks(weights / "lgnet-small", CPU)
    given = sample()
    ((_, solutions),) = BareSolver(find_methods(",".join(names)), networks).solve([given])
    pictures = {solution.method.name: solution.picture for solution in solutions}
    assert list(pictures) == names
    for picture in pictures.values():
        assert np.array_equal(picture[~given.hole], given.image[~given.hole])
    assert len({picture.tobytes() for picture in pictures.values()}) == len(names)


def test_models_lists_them_and_says_when_one_is_damaged(tmp_path, monkeypatch, capfd):
    folder = write_tiny_others(tmp_path)
    ship(monkeypatch, folder)
    file = folder / "contextual-attention" / "global.safetensors"
    file.write_bytes(file.read_bytes()[:-1] + b"\0\1")
    assert main(["models", "--json"]) == 0
    printed = capfd.readouterr()
    rows = {row["name"]: row for row in json.loads(printed.out)["models"]}
    encoder = rows["context-encoder"]
    assert encoder["kind"] == "weights"
    assert encoder["licence"] == "MIT"
    assert encoder["file"] == str(folder / "context-encoder" / "coarse.safetensors")
    assert len(encoder["sha256"]) == 64
    assert not rows["contextual-attention"]["installed"]
    assert "global.safetensors: its sha256 is not the model card's" in printed.err


@pytest.fixture
def engine():
    """The real engine behind the window."""
    return SimpleNamespace(factory=lambda: Engine().run, gates={})


@pytest.mark.parametrize("name", OTHERS)
def test_chosen_in_the_window_it_fills(name, qtbot, opened):
    row = row_for(opened.settings, declared.COARSE)
    qtbot.addWidget(row)
    box = row.findChild(QComboBox)
    index = box.findText({"context-encoder": "Context encoder"}.get(name, "Contextual attention"))
    box.setCurrentIndex(index)
    box.activated.emit(index)
    assert opened.settings.run_options().coarse == name
    opened.settings.set(declared.DETAIL, False)
    before = image_of(opened)
    stroke(opened, (60, 60), (80, 60))
    run_to_end(qtbot, opened)
    results = opened.session.runs.results
    assert list(results) == ["coarse", "local", "global"]
    patch = results[Stage.COARSE].patches[0]
    assert not np.array_equal(patch.pixels, before[patch.rect.slices])
