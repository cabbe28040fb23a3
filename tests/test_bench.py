"""The bench: what it reports and how it copes; never how fast anything is."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from app import memory
from app.bench.canvas import measure_canvas
from app.bench.child import main as child_main
from app.bench.child import measured
from app.bench.files import measure_files
from app.bench.hardware import hardware
from app.bench.networks import Workload, matrix_rate, stage_operations, stage_seconds
from app.bench.options import BenchOptions, Section
from app.bench.pictures import large_photograph
from app.bench.report import text_report
from app.bench.rows import Row
from app.bench.runner import run_bench
from app.bench.timing import milliseconds, repeated
from app.cli.main import main
from app.inference.request import DeviceChoice
from app.machine import cpu_name
from app.models.attention import NeighbourhoodAttention
from app.models.config import SMALL, NetworkConfig
from app.models.lgnet import ATTENDED_LEVELS, LGNet
from tests.networks import TINY, write_tiny_weights

CPU = torch.device("cpu")
ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def options(tmp_path_factory):
    return BenchOptions(write_tiny_weights(tmp_path_factory.mktemp("weights")), DeviceChoice.CPU, quick=True)


class Ticks:
    """A clock that goes on by one second at every look."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        self.now += 1
        return self.now


# Counting and timing


def test_repeats_end_by_seconds_or_by_number():
    calls = []
    assert repeated(lambda: calls.append(1), seconds=3.5, most=10, clock=Ticks()) == [1, 1, 1, 1]
    assert len(calls) == 4
    assert len(repeated(lambda: None, seconds=100, most=6, clock=Ticks())) == 6
    assert len(repeated(lambda: None, seconds=0, clock=Ticks())) == 1
    assert milliseconds([0.001, 0.004, 0.002]) == {"median_ms": 2.0, "worst_ms": 4.0}


def test_every_stage_is_timed_for_itself():
    torch.manual_seed(0)
    seconds = stage_seconds(LGNet(TINY).eval(), Workload.of(2, 32, CPU), CPU, least_seconds=0, clock=Ticks())
    assert seconds == {"coarse": 1.0, "local": 1.0, "global": 1.0}


def test_operations_are_counted_with_attention():
    config = NetworkConfig(width=4, channel_cap=4, levels=5)
    counts = stage_operations(config, 64)
    attention = sum(4 * ((64 >> level) ** 2) ** 2 * config.channels(level) for level in ATTENDED_LEVELS)
    combiners = sum(2 * (64 >> level) ** 2 * 2 * config.channels(level) ** 2 for level in ATTENDED_LEVELS)
    assert counts["global"] == counts["coarse"] + attention + combiners
    first = 2 * 32 * 32 * 4 * 4 * 16  # 32×32 places, 4 → 4 channels, 4×4 taps
    assert counts["coarse"] > first
    assert stage_operations(config, 128)["local"] == 4 * counts["local"]


def test_the_matrix_rate_is_a_number_or_none(monkeypatch):
    assert matrix_rate(CPU, 32) > 0

    def refused(*_):
        raise RuntimeError("no bf16 here")

    monkeypatch.setattr(torch, "mm", refused)
    assert matrix_rate(CPU, 32) is None


# Memory


class Largest(TorchDispatchMode):
    """Remembers the most numbers that any operation's result held."""

    def __init__(self):
        super().__init__()
        self.numbers = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        sizes = [leaf.numel() for leaf in tree_leaves(result) if isinstance(leaf, torch.Tensor)]
        self.numbers = max([self.numbers, *sizes])
        return result


def test_attention_never_holds_a_map_of_all_pairs():
    for side in (16, 32):
        features = torch.randn(1, 8, side, side)
        with torch.inference_mode(), Largest() as largest:
            NeighbourhoodAttention(8)(features)
        assert largest.numbers == 2 * features.numel(), "the features beside what they attend to, no more"


def test_the_global_stage_at_512_needs_less_than_600_mb():
    """In a process of its own, with networks of the shipped size: attention at H/4 alone has 16,384² pairs."""
    code = (
        "import torch; from app.bench.networks import global_stage_mb; from app.models.config import SMALL;"
        "from app.models.lgnet import LGNet; torch.manual_seed(0); network = LGNet(SMALL);"
        "print(global_stage_mb(network, torch.device('cpu'), 512))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    if done.stdout.strip() == "None":
        pytest.skip("this system does not say what a process holds")
    assert SMALL.width == 24
    assert 5 < float(done.stdout) < 600


def test_memory_figures_follow_what_is_held():
    if memory.current_mb() is None:
        pytest.skip("this system does not say what a process holds")
    memory.give_back()  # what was freed before must not serve
    memory.forget_peak()
    before = memory.current_mb()
    held = bytearray(b"x" * 60_000_000)
    assert memory.current_mb() > before + 50
    assert memory.peak_mb() >= memory.current_mb() - 1
    assert len(held) == 60_000_000


# Sections


def test_the_networks_section(options):
    figures = measured(Section.NETWORKS, options)
    assert figures["weights"] == "tiny"
    assert figures["costs"]["size"] == 32
    assert list(figures["costs"]["stages"]["local"]) == ["parameters", "multiply_adds", "memory", "receptive_field"]
    device = figures["devices"]["cpu"]
    assert device["precision"] in {"float32", "bfloat16"}
    (run,) = device["runs"]
    assert (run["size"], run["batch"]) == (32, 1)
    assert list(run["stages"]) == ["coarse", "local", "global"]
    assert run["total_ms"] == pytest.approx(sum(stage["ms"] for stage in run["stages"].values()), abs=0.01)
    for stage in run["stages"].values():
        assert stage["share"] == pytest.approx(stage["tflops"] / device["matrix_tflops_bf16"], rel=0.3, abs=0.01)


def test_the_removal_section(options):
    figures = measured(Section.REMOVAL, options)
    assert 0 < figures["hole_share"] <= 0.05
    assert list(figures["runs"]) == ["lgnet", "exemplar"]
    for run in figures["runs"].values():
        names = ["read", "load", "coarse", "local", "global", "detail", "save", "total"]
        assert list(run["seconds"]) == names
        assert run["seconds"]["total"] >= run["seconds"]["global"]
    assert figures["runs"]["lgnet"]["model"] == "tiny"


def test_the_files_section(options):
    figures = measure_files(options)
    assert list(figures["formats"]) == ["jpg", "png", "tif"]
    assert all(row["mb"] > 0 for row in figures["formats"].values())
    assert figures["undo"].keys() == {"accept_ms", "undo_ms", "redo_ms", "megapixels", "kept_mb"}
    assert figures["undo"]["kept_mb"] > 0.05


@pytest.mark.usefixtures("qapp")
def test_the_canvas_section(options):
    rows = {row["name"]: row for row in measure_canvas(options)["rows"]}
    for name in (
        "pan, 320×200",
        "zoom, 480×270",
        "brush of radius 20, 320×200",
        "undo, redo of a result",
        "stall: grow",
    ):
        assert 0 < rows[name]["median"] <= rows[name]["figure"] <= (rows[name]["worst"] or 1e9)
    for name in ("four panes over one, 320×200", "open a JPEG of 24 MP, over Pillow"):
        assert rows[name]["unit"] == "×"
    for row in rows.values():
        assert row["reached"] == (row["figure"] <= row["bar"])


def test_rows_take_the_percentile_of_frames_and_the_worst_of_the_rest():
    seconds = [each / 1000 for each in range(1, 101)]
    frames = Row.of_frames("pan", seconds, 16)
    assert (frames.figure, frames.worst, frames.median, frames.is_reached) == (95, 100, 51, False)
    assert Row.of_worst("undo", seconds, 100).is_reached


def test_without_qt_the_canvas_says_so_and_networks_go_on(options, monkeypatch, capfd):
    monkeypatch.setitem(sys.modules, "PySide6", None)
    monkeypatch.setitem(sys.modules, "PySide6.QtWidgets", None)
    assert child_main(["canvas", json.dumps(options.to_json())]) == 1
    assert "the canvas needs PySide6" in capfd.readouterr().err
    assert child_main(["networks", json.dumps(options.to_json())]) == 0
    assert "devices" in json.loads(capfd.readouterr().out)


def test_large_photographs_are_always_the_same():
    (first, mask), (second, _) = large_photograph(300, 200), large_photograph(300, 200)
    assert (first == second).all()
    assert first.shape == (200, 300, 3)
    assert set(mask.ravel().tolist()) == {0, 255}
    assert 0 < (mask > 0).mean() <= 0.05


# All together


def test_options_survive_the_way_to_the_process(options):
    assert BenchOptions.from_json(json.loads(json.dumps(options.to_json()))) == options
    assert BenchOptions.from_json(BenchOptions().to_json()) == BenchOptions()


def launched(returncode=0, out="{}", err=""):
    commands = []

    def launch(command, environment, tell):
        commands.append(command)
        return subprocess.CompletedProcess(command, returncode, out, err)

    return launch, commands


def test_a_section_that_fails_is_named_and_spares_the_others(options):
    told = []
    launch, commands = launched(1, err="noise\nthe canvas needs PySide6\n")
    figures = run_bench([Section.CANVAS, Section.FILES], options, told.append, launch)
    assert figures == {"skipped": dict.fromkeys(("canvas", "files"), "the canvas needs PySide6")}
    assert [command[-2] for command in commands] == ["canvas", "files"]
    assert "no figures for canvas: the canvas needs PySide6" in told
    assert "signal 6" in run_bench([Section.CANVAS], options, told.append, launched(-6)[0])["skipped"]["canvas"]
    good = run_bench([Section.FILES], options, told.append, launched(out='warning\n{"a": 1}\n')[0])
    assert good == {"files": {"a": 1}, "skipped": {}}


def test_the_report_has_a_block_for_each_section(options):
    figures = {"hardware": hardware(), "skipped": {"canvas": "the canvas needs PySide6"}}
    figures["networks"] = measured(Section.NETWORKS, options)
    figures["files"] = measure_files(options)
    text = text_report(figures)
    assert "networks (tiny) on cpu" in text
    assert "canvas: not measured: the canvas needs PySide6" in text
    assert re.search(r"^global .* all$", text, re.MULTILINE)
    assert text.index("networks") < text.index("files, 0.24 MP")


def test_hardware_is_named(tmp_path):
    info = tmp_path / "cpuinfo"
    info.write_text("processor : 0\nmodel name\t: A Very Fast One\n")
    assert cpu_name(info) == "A Very Fast One"
    assert cpu_name(tmp_path / "none")
    found = hardware(3)
    assert found["threads"] == 3
    assert found["cores"] >= 1


def test_the_command_prints_one_object(options, monkeypatch, capfd):
    asked = []

    def fake(sections, given, tell):
        asked.append((sections, given))
        tell("measuring")
        return {"files": measure_files(options), "skipped": {}}

    monkeypatch.setattr("app.bench.runner.run_bench", fake)
    words = ["bench", "--only", "files", "--quick", "--device", "cpu", "--weights", str(options.weights)]
    assert main([*words, "--json"]) == 0
    out, err = capfd.readouterr()
    content = json.loads(out)
    assert out.count("\n") == 1
    assert list(content) == ["hardware", "files", "skipped"]
    assert err == "lacuna: measuring\n"
    assert asked == [((Section.FILES,), options)]
    assert main(words) == 0
    assert "files, 0.24 MP" in capfd.readouterr().out
    monkeypatch.setattr("app.bench.runner.run_bench", lambda *_: {"skipped": {"files": "no"}})
    assert main(words) == 1
    with pytest.raises(SystemExit) as stop:
        main(["bench", "--only", "nothing"])
    assert stop.value.code == 2
