"""Weight folders: our own and the published checkpoints, good and bad."""

import json
import pickle
import zipfile
from pathlib import Path

import pytest
import torch

from app.errors import LacunaError
from app.models.config import PAPER, NetworkConfig
from app.models.lgnet import LGNet
from app.models.published import rename_table
from app.models.weights import find_weights, load_network, save_network
from tests.fuzzing.nasty_weights import weight_nasties
from tests.networks import TINY, write_tiny_weights
from tests.published_networks import published_networks

KEYS = json.loads((Path(__file__).parent / "data" / "published_keys.json").read_text())


def test_our_weights_come_back_as_saved(tmp_path):
    network = LGNet(TINY)
    save_network(network.state_dict(), TINY, tmp_path / "w", {"licence": "MIT"})
    loaded = load_network(tmp_path / "w")
    for name, value in network.state_dict().items():
        assert torch.equal(
            loaded.state_dict()[name].float(), value.half().float() if value.is_floating_point() else value
        )
    assert not loaded.training


@pytest.mark.parametrize(("stage", "key"), [("coarse", "G1"), ("local", "G2"), ("global", "G3")])
def test_rename_table_covers_every_published_tensor_and_every_one_of_ours(stage, key):
    table = rename_table(stage)
    published = dict(KEYS[key])
    assert table.keys() == published.keys()
    with torch.device("meta"):
        ours = LGNet(PAPER).stage_networks()[stage].state_dict()
    assert set(table.values()) == ours.keys()
    for theirs, name in table.items():
        assert list(ours[name].shape) == published[theirs], theirs


@pytest.mark.parametrize(("stage", "key"), [("coarse", "G1"), ("local", "G2"), ("global", "G3")])
def test_the_reference_networks_have_the_published_names_and_shapes(stage, key):
    with torch.device("meta"):
        state = published_networks(64)[stage].state_dict()
    assert {name: list(value.shape) for name, value in state.items()} == dict(KEYS[key])


def published_states() -> dict[str, dict[str, torch.Tensor]]:
    generator = torch.Generator().manual_seed(3)
    states = {}
    for key, tensors in KEYS.items():
        states[key] = {
            name: torch.ones(shape)
            if name.endswith(("running_var", "num_batches_tracked"))
            else torch.randn(shape, generator=generator) * 0.02
            for name, shape in tensors
        }
    return states


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    folder = tmp_path_factory.mktemp("published")
    for key, state in published_states().items():
        torch.save(state, folder / f"latest_net_{key}.pth")
    return folder


def test_published_checkpoints_load(published):
    network = load_network(published)
    found = find_weights(published)
    assert found.published
    assert [file.stage for file in found.files] == ["coarse", "local", "global"]
    first = torch.load(published / "latest_net_G1.pth", weights_only=True)["model.model.0.weight"]
    assert torch.equal(network.coarse.downs[0].conv.weight, first)


def test_the_latest_complete_epoch_is_taken(tmp_path):
    for name in ("5_net_G1", "5_net_G2", "5_net_G3", "12_net_G1", "12_net_G2", "12_net_G3", "20_net_G1"):
        torch.save({}, tmp_path / f"{name}.pth")
    assert [file.path.name for file in find_weights(tmp_path).files] == [
        "12_net_G1.pth",
        "12_net_G2.pth",
        "12_net_G3.pth",
    ]
    with pytest.raises(LacunaError, match=r"12_net_G1\.pth: the tensor .* is missing"):
        load_network(tmp_path)


@pytest.mark.parametrize("damage", ["missing", "unknown", "shape", "nan", "no dict"])
def test_a_wrong_checkpoint_names_file_and_tensor(published, tmp_path, damage):
    for key in ("G1", "G2", "G3"):
        (tmp_path / f"latest_net_{key}.pth").symlink_to(published / f"latest_net_{key}.pth")
    path = tmp_path / "latest_net_G2.pth"
    state = torch.load(path, weights_only=True)
    path.unlink()
    name = "model.4.weight"
    if damage == "missing":
        del state[name]
    elif damage == "unknown":
        state["surplus"] = torch.zeros(1)
    elif damage == "shape":
        state[name] = state[name][:, :3]
    elif damage == "nan":
        state[name][0] = float("nan")
    torch.save([1] if damage == "no dict" else state, path)
    words = {"missing": name, "unknown": "surplus", "shape": "shape", "nan": "NaN", "no dict": "no table"}[damage]
    with pytest.raises(LacunaError, match=words) as caught:
        load_network(tmp_path)
    assert str(path) in str(caught.value)


class Harm:
    def __reduce__(self):
        return Path.touch, (Path("harm"),)


def test_a_pickle_that_would_run_code_is_refused(published, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for key in ("G2", "G3"):
        (tmp_path / f"latest_net_{key}.pth").symlink_to(published / f"latest_net_{key}.pth")
    (tmp_path / "latest_net_G1.pth").write_bytes(pickle.dumps(Harm(), protocol=2))
    with pytest.raises(LacunaError, match=r"cannot|safely"):
        load_network(tmp_path)
    assert not Path("harm").exists()


def test_damaged_or_missing_own_weights_say_so(tmp_path):
    with pytest.raises(LacunaError, match="no weights there"):
        load_network(tmp_path / "nowhere")
    folder = write_tiny_weights(tmp_path)
    path = folder / "local.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(LacunaError, match=r"local\.safetensors: its sha256"):
        load_network(folder)
    path.unlink()
    with pytest.raises(LacunaError, match=r"local\.safetensors: missing"):
        load_network(folder)
    (folder / "model.json").write_text("{}")
    with pytest.raises(LacunaError, match=r"model\.json: not a readable model card"):
        load_network(folder)


def test_an_incomplete_published_set_is_named(tmp_path):
    torch.save({}, tmp_path / "latest_net_G1.pth")
    with pytest.raises(LacunaError, match=r"latest_net_G1\.pth only"):
        load_network(tmp_path)


@pytest.mark.parametrize("claim", ["length-big", "offsets", "shape-huge", "surplus"])
def test_what_a_header_claims_is_checked_before_a_tensor_is_read(tmp_path, monkeypatch, claim):
    _, make = weight_nasties()[f"header-{claim}.safetensors"]
    for name, data in make().items():
        (tmp_path / name).write_bytes(data)
    monkeypatch.setattr("app.models.weight_files.load_file", pytest.fail)
    with pytest.raises(LacunaError, match=r"coarse\.safetensors: (not a readable|the tensor)"):
        load_network(tmp_path)


@pytest.mark.parametrize(("claim", "reason"), [("sides", "more sides than any"), ("list", "no table")])
def test_a_header_that_is_none_is_refused_at_once(tmp_path, claim, reason):
    _, make = weight_nasties()[f"header-{claim}.safetensors"]
    for name, data in make().items():
        (tmp_path / name).write_bytes(data)
    with pytest.raises(LacunaError, match=rf"coarse\.safetensors: not a readable weights file \(.*{reason}"):
        load_network(tmp_path)


def test_a_compressed_archive_is_not_unpacked(tmp_path, monkeypatch):
    out = zipfile.ZipFile(tmp_path / "latest_net_G1.pth", "w", zipfile.ZIP_DEFLATED)
    with out:
        out.writestr("archive/data.pkl", bytes(10**6))
    for key in ("G2", "G3"):
        torch.save({}, tmp_path / f"latest_net_{key}.pth")
    monkeypatch.setattr("torch.load", pytest.fail)
    with pytest.raises(LacunaError, match="is compressed, which no checkpoint is"):
        load_network(tmp_path)


def test_a_checkpoint_that_is_longer_than_its_network_is_not_opened(published, tmp_path, monkeypatch):
    for key in ("G2", "G3"):
        (tmp_path / f"latest_net_{key}.pth").symlink_to(published / f"latest_net_{key}.pth")
    with (tmp_path / "latest_net_G1.pth").open("wb") as file:
        file.truncate(2**31)
    monkeypatch.setattr("torch.load", pytest.fail)
    with pytest.raises(LacunaError, match=r"has 2,147 MB, a checkpoint of this network at most"):
        load_network(tmp_path)


def test_absurd_networks_are_not_built():
    for field, value in (("width", 10**9), ("levels", 60), ("residual_blocks", 10**8), ("channel_cap", 10**12)):
        with pytest.raises(LacunaError, match=f"no network has {value} as its {field}"):
            NetworkConfig(**{field: value})
