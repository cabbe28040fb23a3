"""The context encoder and the contextual-attention network: shapes, sizes, the attention against a plain reference."""

import json

import pytest
import torch
from torch.nn import functional
from torch.utils._python_dispatch import TorchDispatchMode

from app.errors import LacunaError
from app.models.config import ContextEncoderConfig, ContextualAttentionConfig, NetworkConfig, read_config
from app.models.context_encoder import ChannelwiseMixing
from app.models.contextual_attention import SCALE, contextual_attention
from app.models.kinds import build_network
from app.models.weights import find_weights, load_any, load_network, save_network

TINY = (
    ContextEncoderConfig(width=4, channel_cap=2, levels=3, grid=4),
    ContextualAttentionConfig(width=2, dilations=2),
)


@pytest.fixture(params=TINY, ids=lambda config: config.kind)
def network(request):
    torch.manual_seed(3)
    return build_network(request.param).eval()


@pytest.mark.parametrize("times", [(1, 1), (4, 4), (3, 7), (9, 2)])
def test_any_multiple_of_its_size_is_filled(network, times):
    height, width = (8 * side for side in times)
    image, mask = torch.rand(2, 3, height, width) * 2 - 1, torch.zeros(2, 1, height, width)
    mask[..., 2 : height // 2, 3 : width // 2] = 1
    outputs = list(network.stages(image, mask))
    assert tuple(output.name for output in outputs) == network.config.stage_names
    for output in outputs:
        assert output.raw.shape == image.shape
        assert output.raw.abs().max() <= 1
        assert torch.isfinite(output.raw).all()
        assert torch.equal(output.composite * (1 - mask), image * (1 - mask))


def test_what_lies_in_the_hole_does_not_matter(network):
    image, mask = torch.rand(1, 3, 32, 48), torch.zeros(1, 1, 32, 48)
    mask[..., 8:20, 8:31] = 1
    other = torch.where(mask.bool(), torch.full_like(image, -0.7), image)
    with torch.inference_mode():
        assert torch.allclose(network(image, mask), network(other, mask), atol=1e-6)


def test_a_picture_that_is_all_hole_gives_numbers(network):
    with torch.inference_mode():
        assert torch.isfinite(network(torch.rand(1, 3, 32, 32), torch.ones(1, 1, 32, 32))).all()


def test_far_corners_of_the_context_encoder_know_of_one_another():
    torch.manual_seed(0)
    network = build_network(ContextEncoderConfig(width=4)).eval()
    mask = torch.zeros(1, 1, 256, 256)
    image = torch.rand(1, 3, 256, 256, requires_grad=True)
    next(network.stages(image, mask)).raw[..., :4, :4].sum().backward()
    assert image.grad[..., -4:, -4:].abs().sum() > 0


def test_mixing_is_pathaks_layer_where_the_bottleneck_is_the_grid():
    """Every channel's positions through a matrix of its own; of the combination nothing but that half is kept."""
    mixing = ChannelwiseMixing(3, 4).eval()
    mixing.combiner.weight.data.zero_()
    mixing.combiner.weight.data[:, 3:, 1, 1] = torch.eye(3)
    maps = torch.rand(2, 3, 4, 4)
    by_hand = torch.stack([maps[:, c].flatten(1) @ mixing.weight[c] + mixing.bias[c] for c in range(3)], dim=1)
    assert torch.allclose(mixing(maps), by_hand.reshape(maps.shape) / (1 + 1e-5) ** 0.5, atol=1e-5)


def plain_attention(features, hole):
    """The same by loops over positions: one sample ``(C, H, W)`` and its hole ``(H, W)``."""
    channels, height, width = features.shape
    rows, columns = height // 2, width // 2
    small = functional.pad(features[:, ::2, ::2], (1, 1, 1, 1))
    covered = functional.pad(functional.max_pool2d(hole[None], 2)[0], (1, 1, 1, 1))
    large = functional.pad(features, (1, 1, 1, 1))
    places = [(y, x) for y in range(rows) for x in range(columns)]
    patch = {(y, x): small[:, y : y + 3, x : x + 3].flatten() for y, x in places}
    cosine = {(q, k): float(functional.cosine_similarity(patch[q], patch[k], dim=0)) for q in places for k in places}
    known = [k for k in places if covered[k[0] : k[0] + 3, k[1] : k[1] + 3].max() == 0] or places
    laid, count = torch.zeros(channels, height + 2, width + 2), torch.zeros(height + 2, width + 2)
    for q in places:
        scores = [
            sum(
                cosine.get(((q[0] + dy, q[1] + dx), (k[0] + dy, k[1] + dx)), 0.0)
                for dy in (-1, 0, 1)
                for dx in (-1, 0, 1)
            )
            for k in known
        ]
        weights = (SCALE * torch.tensor(scores)).softmax(0)
        value = sum(
            weight * large[:, 2 * y : 2 * y + 4, 2 * x : 2 * x + 4]
            for weight, (y, x) in zip(weights, known, strict=True)
        )
        laid[:, 2 * q[0] : 2 * q[0] + 4, 2 * q[1] : 2 * q[1] + 4] += value
        count[2 * q[0] : 2 * q[0] + 4, 2 * q[1] : 2 * q[1] + 4] += 1
    return torch.where(hole > 0, (laid / count)[:, 1:-1, 1:-1], features)


@pytest.mark.parametrize("most_scores", [1, 200, 10**9])
@pytest.mark.parametrize(("height", "width"), [(12, 12), (8, 14), (2, 6)])
def test_attention_equals_the_plain_form_however_it_is_cut_up(height, width, most_scores):
    torch.manual_seed(1)
    features = torch.randn(2, 3, height, width)
    hole = torch.zeros(2, 1, height, width)
    hole[0, :, : height // 2 - 1, 3:6] = 1
    hole[1] = 1
    made = contextual_attention(features, hole, most_scores)
    for index in range(2):
        wanted = plain_attention(features[index], hole[index, 0])
        assert torch.allclose(made[index], wanted, atol=1e-4)


def test_attention_copies_texture_that_goes_on():
    """Stripes with a gap: what is laid into it is the stripes again, in step."""
    stripes = torch.tensor([1.0, 1.0, -1.0, -1.0]).repeat(8)
    features = stripes.expand(1, 2, 32, 32).clone()
    hole = torch.zeros(1, 1, 32, 32)
    hole[..., 12:18, 12:20] = 1
    made = contextual_attention(features, hole)
    assert torch.allclose(made, features, atol=0.05)


class LargestMade(TorchDispatchMode):
    """The most numbers in any tensor that is made."""

    numbers = 0

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        made = function(*args, **(kwargs or {}))
        for tensor in made if isinstance(made, tuple | list) else (made,):
            if isinstance(tensor, torch.Tensor):
                self.numbers = max(self.numbers, tensor.numel())
        return made


def test_attention_never_holds_a_map_of_all_pairs():
    """64×64 positions: one map of all pairs would be 16 million numbers."""
    features, hole = torch.randn(1, 4, 128, 128), torch.zeros(1, 1, 128, 128)
    hole[..., 20:108, 20:40] = 1
    with torch.inference_mode(), LargestMade() as largest:
        contextual_attention(features, hole, most_scores=2**18)
    assert 3 * 2**18 >= largest.numbers >= 2**18


def test_gradients_reach_both_stages(network):
    network.train()
    image, mask = torch.rand(2, 3, 32, 32), torch.zeros(2, 1, 32, 32)
    mask[..., 8:24, 8:24] = 1
    network(image, mask).square().mean().backward()
    assert all(parameter.grad is not None for parameter in network.parameters())
    assert all(torch.isfinite(parameter.grad).all() for parameter in network.parameters())


def test_weights_come_back_as_saved_and_only_as_what_they_are(network, tmp_path):
    folder = tmp_path / "w"
    save_network(network.state_dict(), network.config, folder, {"licence": "MIT"})
    found = find_weights(folder)
    assert found.config == network.config == read_config(network.config.to_json())
    assert [file.stage for file in found.files] == list(network.config.stage_names)
    loaded = load_any(found)
    assert type(loaded) is type(network)
    for name, value in network.state_dict().items():
        assert torch.equal(loaded.state_dict()[name].float(), value.half().float())
    with pytest.raises(LacunaError, match=f"holds the weights of another network, {network.config.kind}"):
        load_network(folder)
    card = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps(card | {"config": card["config"] | {"width": 5}}))
    with pytest.raises(LacunaError, match="has the shape"):
        load_any(find_weights(folder))


def test_a_kind_that_there_is_not_is_refused():
    with pytest.raises(LacunaError, match="no network called vae"):
        read_config({"kind": "vae"})
    assert read_config({"width": 8}) == NetworkConfig(width=8)
    with pytest.raises(LacunaError, match="no network has 0 as its grid"):
        ContextEncoderConfig(grid=0)
