"""What networks take, told from their layers: against what really runs, gradients and formulas."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import torch
from torch import nn

from app.imaging.geometry import Extent, Rect
from app.inference import costs
from app.inference.costs import run_costs
from app.inference.device import PeakMeter
from app.inference.engine import Engine
from app.inference.networks import StageNetworks
from app.inference.request import DeviceChoice, InpaintOptions, InpaintRequest, Region, RunReport, Stage
from app.models.attention import NeighbourhoodAttention
from app.models.config import PAPER, SMALL, NetworkConfig
from app.models.costs import network_cost, stage_costs
from app.models.lgnet import ATTENDED_LEVELS, LGNet
from app.models.local_refine import LocalRefinement
from app.models.reach import receptive_field
from app.models.unet import UNet
from tests.networks import TINY, write_tiny_weights

CPU = torch.device("cpu")
BF16 = partial(torch.autocast, "cpu", torch.bfloat16)


# multiply-adds and parameters


def test_a_convolution_by_hand():
    layer, inputs = nn.Conv2d(4, 6, 3, padding=1, bias=False), torch.zeros(1, 4, 10, 12)
    cost = network_cost(layer, inputs)
    assert cost.parameters == 4 * 6 * 9
    assert cost.multiply_adds == 10 * 12 * 6 * 4 * 9
    assert cost.memory == 6 * 10 * 12 * 4
    up = network_cost(nn.ConvTranspose2d(4, 6, 4, stride=2, padding=1), inputs)
    assert up.multiply_adds == 10 * 12 * 4 * 6 * 16, "each input pixel is laid down once"


@pytest.mark.parametrize("precision", [torch.no_grad, BF16], ids=["float32", "bfloat16"])
def test_attention_counts_both_products_of_all_pairs(precision):
    channels, side = 8, 12
    cost = network_cost(NeighbourhoodAttention(channels), torch.zeros(1, channels, side, side), precision)
    pairs, combiner = (side * side) ** 2, side * side * 2 * channels * channels
    assert cost.multiply_adds == 2 * pairs * channels + combiner


def test_attention_makes_the_difference_between_the_two_u_nets():
    counted = stage_costs(TINY, 64, 96)
    places = {level: (64 >> level) * (96 >> level) for level in ATTENDED_LEVELS}
    attention = sum(2 * places[level] ** 2 * TINY.channels(level) for level in ATTENDED_LEVELS)
    combiners = sum(places[level] * 2 * TINY.channels(level) ** 2 for level in ATTENDED_LEVELS)
    assert counted["global"].multiply_adds == counted["coarse"].multiply_adds + attention + combiners


@pytest.mark.parametrize("config", [TINY, NetworkConfig(width=6, channel_cap=5, levels=6, residual_blocks=1)])
def test_counted_without_data_is_what_runs_with_data(config):
    network = LGNet(config).eval().requires_grad_(False)
    inputs = torch.zeros(1, 4, 64, 64).contiguous(memory_format=torch.channels_last)
    for name, cost in stage_costs(config, 64, 64, BF16).items():
        assert cost == network_cost(network.stage_networks()[name], inputs, BF16)


def test_the_published_networks_are_counted_without_their_weights():
    counted = stage_costs(PAPER, 256, 256)
    assert sum(cost.parameters for cost in counted.values()) == pytest.approx(115e6, rel=0.01)
    assert counted["coarse"].multiply_adds > 6e9


def test_a_counted_network_is_as_it_was():
    network = LocalRefinement(TINY)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    network_cost(network.eval(), torch.ones(1, 4, 32, 32))
    assert all(torch.equal(before[name], value) for name, value in network.state_dict().items())
    assert not any(part._forward_hooks for part in network.modules())


# memory


def test_memory_is_that_of_what_is_alive_together():
    class Steps(nn.Module):
        def forward(self, x):
            x = x + 1  # one alive
            y = x * 2  # two
            z = x + y  # three
            del x, y
            return z + 1  # two

    assert network_cost(Steps(), torch.zeros(1, 1, 10, 10)).memory == 3 * 400


def test_half_precision_takes_less():
    full, half = (stage_costs(TINY, 64, 64, precision)["coarse"].memory for precision in (torch.no_grad, BF16))
    assert half < full


def test_without_a_graphics_card_nothing_is_measured():
    for device in (None, CPU):
        meter = PeakMeter(device)
        with meter.measured(Stage.COARSE):
            pass
        assert meter.peaks == {}


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a graphics card")
def test_on_a_graphics_card_the_peak_is_measured():
    meter = PeakMeter(torch.device("cuda"))
    for count in (1_000_000, 3_000_000, 2_000_000):
        with meter.measured(Stage.LOCAL):
            torch.zeros(count, device="cuda")
    assert 12_000_000 <= meter.peaks["local"] < 16_000_000


# the receptive field


def seen_by_gradient(network: nn.Module, height: int, width: int) -> int:
    """The widest stretch of a row on which a pixel of the output depends, in a network without chance zeros."""
    widest = 0
    for offset in range(4 if isinstance(network, LocalRefinement) else 32):
        inputs = torch.rand(1, 4, height, width, dtype=torch.float64, requires_grad=True)
        network(inputs)[0, 0, height // 2, width // 2 + offset].backward()
        columns = torch.nonzero(inputs.grad.abs().sum(dim=(0, 1, 2))).flatten()
        widest = max(widest, int(columns[-1] - columns[0]) + 1)
    return widest


def positive(network: nn.Module) -> nn.Module:
    """All weights positive and ReLUs open, so that nothing cancels out or is cut off."""
    with torch.no_grad():
        for name, value in network.named_parameters():
            is_norm = value.ndim == 1 and not name.endswith("bias")
            nn.init.constant_(value, 1.0 if is_norm else 0.0 if value.ndim == 1 else 1 / value[0].numel())
    return network.double().eval()


@pytest.mark.parametrize("blocks", [0, 2, 4])
def test_the_local_network_sees_what_gradients_reach(blocks):
    config = NetworkConfig(width=2, channel_cap=4, levels=5, residual_blocks=blocks)
    told = stage_costs(config, 64, 256)["local"].receptive_field
    assert told is not None
    assert told == seen_by_gradient(positive(LocalRefinement(config)), 64, 256)


def test_the_coarse_network_sees_what_gradients_reach():
    config = NetworkConfig(width=1, channel_cap=4, levels=5)
    told = stage_costs(config, 32, 512)["coarse"].receptive_field
    assert told == 158
    assert told == seen_by_gradient(positive(UNet(config)), 32, 512)


def test_attention_sees_the_whole_picture():
    config = NetworkConfig(width=1, channel_cap=4, levels=5)
    assert stage_costs(config, 32, 512)["global"].receptive_field is None
    assert seen_by_gradient(positive(UNet(config, ATTENDED_LEVELS)), 32, 512) == 512


def test_the_field_of_single_layers():
    assert receptive_field([]) == 1
    assert receptive_field([nn.Conv2d(1, 1, 7), nn.ReLU(), nn.Conv2d(1, 1, 3, dilation=2)]) == 11
    assert receptive_field([nn.Conv2d(1, 1, 4, stride=2, padding=1), nn.ConvTranspose2d(1, 1, 4, 2, 1)]) == 6
    assert receptive_field([nn.Flatten(), nn.Linear(4, 4)]) is None
    assert stage_costs(SMALL, 128, 128)["local"].receptive_field == 89


# of a run


def report(*seen: Extent, model: str = "tiny") -> RunReport:
    region = Region(Rect(0, 0, 10, 10), 1.0)
    return RunReport(model, "cpu", {}, (region,) * len(seen), 1, (), seen)


def test_regions_are_summed_and_the_largest_takes_the_memory(tmp_path):
    weights = write_tiny_weights(tmp_path)
    small, large = Extent(32, 64), Extent(96, 64)
    one, other, both = (
        run_costs(report(*seen), weights=weights) for seen in ((small,), (large,), (small, large, small))
    )
    for stage in (Stage.COARSE, Stage.LOCAL, Stage.GLOBAL):
        assert both[stage].multiply_adds == 2 * one[stage].multiply_adds + other[stage].multiply_adds
        assert both[stage].memory == other[stage].memory > one[stage].memory
        assert both[stage].parameters == one[stage].parameters


def test_each_size_is_counted_once(tmp_path, monkeypatch):
    counted: list[tuple[int, int]] = []
    monkeypatch.setattr(
        "app.models.costs.stage_costs", lambda config, *size: (counted.append(size[:2]), stage_costs(config, *size))[1]
    )
    costs._of_one.cache_clear()
    weights = write_tiny_weights(tmp_path)
    for _ in range(2):
        run_costs(report(*[Extent(64, 32)] * 5), weights=weights)
    assert counted == [(32, 64)]


def test_other_weights_and_no_networks_have_no_cost(tmp_path):
    weights = write_tiny_weights(tmp_path)
    assert run_costs(report(Extent(32, 32), model="telea + another"), weights=weights) == {}
    assert run_costs(report(), weights=weights) == {}
    assert run_costs(report(Extent(32, 32), model="telea + tiny"), weights=weights)


@pytest.mark.parametrize("exact", [False, True])
def test_the_report_tells_what_the_networks_saw(tmp_path, monkeypatch, exact):
    image, mask = np.full((160, 320, 3), 99, np.uint8), np.zeros((160, 320), np.uint8)
    mask[70:80, 20:30] = mask[40:120, 180:290] = 255
    seen: list[Extent] = []
    stages = StageNetworks.stages

    def noted(self, image, *more, **options):
        padded = self._padded(image)
        seen.append(Extent(padded.shape[3], padded.shape[2]))
        return stages(self, image, *more, **options)

    monkeypatch.setattr(StageNetworks, "stages", noted)
    options = InpaintOptions(coarse="lgnet", working_size=96, device=DeviceChoice.CPU, detail=False, exact=exact)
    *_, last = Engine(write_tiny_weights(tmp_path)).run(InpaintRequest(image, mask, options))
    assert isinstance(last, RunReport)
    assert last.seen == tuple(seen)
    assert len(last.seen) == (1 if exact else 2)
    assert last.peaks == {}


def test_without_networks_there_is_nothing_that_they_saw(tmp_path):
    image, mask = np.full((80, 90, 3), 99, np.uint8), np.zeros((80, 90), np.uint8)
    mask[30:40, 30:40] = 255
    options = InpaintOptions(coarse="telea", last_stage=Stage.COARSE, device=DeviceChoice.CPU, detail=False)
    *_, last = Engine(write_tiny_weights(tmp_path)).run(InpaintRequest(image, mask, options))
    assert isinstance(last, RunReport)
    assert last.seen == ()
