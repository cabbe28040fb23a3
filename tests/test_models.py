"""The networks: shapes, the attention against its published form, stages as a generator."""

import pytest
import torch

from app.errors import LacunaError
from app.models.attention import NeighbourhoodAttention
from app.models.config import PAPER, SMALL, NetworkConfig
from app.models.discriminator import PatchDiscriminator
from app.models.lgnet import LGNet
from app.models.published import rename_table
from tests.networks import TINY
from tests.published_networks import naive_attention, published_networks


@pytest.mark.parametrize("size", [(8, 8), (7, 13), (1, 5), (16, 9)])
def test_attention_equals_the_published_form(size):
    torch.manual_seed(0)
    features = torch.randn(2, 6, *size) * 2
    difference = (NeighbourhoodAttention.attend(features) - naive_attention(features)).abs().max()
    assert difference < 1e-5


def test_attention_never_holds_a_map_of_all_pairs():
    """96×96 positions: one map of all pairs would be 324 MiB."""
    features = torch.randn(1, 4, 96, 96)
    with torch.inference_mode(), torch.profiler.profile(profile_memory=True) as profile:
        NeighbourhoodAttention.attend(features)
    assert max(abs(event.cpu_memory_usage) for event in profile.events()) < 32 * 2**20


def count(config: NetworkConfig) -> int:
    with torch.device("meta"):
        return sum(parameter.numel() for parameter in LGNet(config).parameters())


def test_parameter_counts():
    assert round(count(PAPER) / 1e6, 1) == 115.0
    assert count(SMALL) * 2 <= 30e6, "the shipped network stays under 30 MB as fp16"


def test_small_works_at_both_working_sizes():
    assert 256 % SMALL.size_multiple == 0
    assert 512 % SMALL.size_multiple == 0
    assert PAPER.size_multiple == 256


def test_stages_compute_one_at_a_time_and_keep_the_known_pixels():
    network = LGNet(TINY).eval()
    ran = []
    for name, part in network.stage_networks().items():
        part.register_forward_hook(lambda *_, name=name: ran.append(name))
    image, mask = torch.rand(1, 3, 64, 96) * 2 - 1, torch.zeros(1, 1, 64, 96)
    mask[..., 20:40, 30:50] = 1
    stages = network.stages(image, mask)
    assert next(stages).name == "coarse"
    assert ran == ["coarse"], "coarse is there before local has started"
    outputs = list(stages)
    assert [output.name for output in outputs] == ["local", "global"]
    for output in outputs:
        assert output.raw.shape == image.shape
        assert output.raw.abs().max() <= 1
        assert torch.equal(output.composite * (1 - mask), image * (1 - mask))


def test_refinement_runs_on_a_foreign_coarse_result():
    network = LGNet(TINY).eval()
    image, mask = torch.rand(1, 3, 32, 32), torch.ones(1, 1, 32, 32)
    foreign = torch.full_like(image, 0.25)
    first = next(network.stages(image, mask, foreign))
    assert torch.equal(first.composite, foreign)


def test_what_lies_in_the_hole_does_not_matter():
    network = LGNet(TINY).eval()
    image, mask = torch.rand(1, 3, 32, 32), torch.zeros(1, 1, 32, 32)
    mask[..., 8:20, 8:20] = 1
    other = torch.where(mask.bool(), torch.full_like(image, -0.7), image)
    with torch.inference_mode():
        assert torch.allclose(network(image, mask), network(other, mask), atol=1e-6)


def test_discriminator_scores_patches():
    assert PatchDiscriminator(8)(torch.randn(2, 3, 64, 64)).shape == (2, 1, 4, 4)


def test_configuration_from_json_says_what_is_wrong():
    assert NetworkConfig.from_json(SMALL.to_json()) == SMALL
    with pytest.raises(LacunaError, match="not a network configuration"):
        NetworkConfig.from_json({"depth": 3})
    with pytest.raises(LacunaError, match="no network has"):
        NetworkConfig.from_json({"levels": 2})


def test_our_networks_compute_what_the_published_ones_do():
    """The published arithmetic under its own tensor names, renamed into ours: the same pictures to float accuracy."""
    torch.manual_seed(5)
    ours = LGNet(NetworkConfig(width=8)).eval()
    image, mask = torch.rand(1, 3, 256, 256) * 2 - 1, torch.zeros(1, 1, 256, 256)
    mask[..., 60:150, 80:190] = 1
    composite = image * (1 - mask) + mask
    theirs = []
    for stage, network in published_networks(8).items():
        for module in network.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.running_mean.normal_(0, 0.1)
                module.running_var.uniform_(0.5, 1.5)
        state, table = network.state_dict(), rename_table(stage)
        ours.stage_networks()[stage].load_state_dict({table[name]: value for name, value in state.items()})
        with torch.inference_mode():
            composite = image * (1 - mask) + network(torch.cat([composite, mask], 1)) * mask
        theirs.append(composite)
    with torch.inference_mode():
        for output, published in zip(ours.stages(image, mask), theirs, strict=True):
            assert (output.composite - published).abs().max() < 1e-4, output.name
