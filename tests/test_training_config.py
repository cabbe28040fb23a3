"""Training configurations: what the named ones hold, and what a JSON file may change."""

import json
from dataclasses import replace

import pytest

from app.errors import LacunaError
from app.inference.request import Stage
from app.models.config import ContextualAttentionConfig
from app.training.config import FeatureForm, Optimiser, Phase, PixelLoss, Schedule, TrainConfig
from app.training.configs import CONFIGS, PAPER_TRAINING, SEED_TRAINING, SMALL_TRAINING, load_config


def written(tmp_path, content):
    path = tmp_path / "mine.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return str(path)


def test_paper_is_the_published_recipe():
    loss = PAPER_TRAINING.loss
    assert (loss.pixel, loss.valid, loss.hole) == (PixelLoss.L1, 1, 6)
    assert (loss.form, loss.feature, loss.style, loss.total_variation) == (FeatureForm.PUBLISHED, 0.05, 120, 0.1)
    assert (loss.feature_stages, loss.on_raw) == ((Stage.LOCAL, Stage.GLOBAL), True)
    assert (loss.adversarial, loss.discriminator_width) == (0.1, 64)
    assert (PAPER_TRAINING.optimiser, PAPER_TRAINING.learning_rate) == (Optimiser.ADAM, 2e-4)
    assert (PAPER_TRAINING.betas, PAPER_TRAINING.schedule) == ((0.5, 0.999), Schedule.LINEAR)
    assert [phase.size for phase in PAPER_TRAINING.phases] == [256]
    assert (PAPER_TRAINING.network.width, PAPER_TRAINING.network.levels) == (64, 8)


def test_seed_is_pixel_l2_and_perceptual():
    loss = SEED_TRAINING.loss
    assert (loss.pixel, loss.form) == (PixelLoss.L2, FeatureForm.PUBLISHED)
    assert loss.feature > 0
    assert (loss.style, loss.total_variation, loss.adversarial) == (0, 0, 0)
    assert replace(SEED_TRAINING, optimiser=Optimiser.SGD).optimiser is Optimiser.SGD


@pytest.mark.parametrize("name", CONFIGS)
def test_a_saved_configuration_is_read_back(tmp_path, name):
    config = CONFIGS[name]
    assert load_config(name) is config
    assert load_config(written(tmp_path, config.to_json())) == config
    assert TrainConfig.from_json(config.to_json(), SMALL_TRAINING) == config


def test_a_file_overrides_any_field(tmp_path):
    content = {
        "base": "paper",
        "minutes": 3,
        "optimiser": "sgd",
        "betas": [0.4, 0.9],
        "phases": [{"start": 0, "size": 256, "batch": 2}, {"start": 0.5, "size": 512, "batch": 1}],
        "loss": {"style": 1.5, "feature_stages": ["global"], "pixel": "l2"},
        "network": {"width": 8},
    }
    mine = load_config(written(tmp_path, content))
    assert (mine.minutes, mine.optimiser, mine.betas) == (3.0, Optimiser.SGD, (0.4, 0.9))
    assert mine.phases == (Phase(0.0, 256, 2), Phase(0.5, 512, 1))
    assert (mine.loss.style, mine.loss.feature_stages, mine.loss.pixel) == (1.5, (Stage.GLOBAL,), PixelLoss.L2)
    assert (mine.network.width, mine.network.levels) == (8, 8)
    assert mine.loss.hole == PAPER_TRAINING.loss.hole
    assert mine.phase_at(0.49).size == 256
    assert mine.phase_at(0.5).size == 512
    assert load_config(written(tmp_path, {})) == SMALL_TRAINING


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({"speed": 3}, r"mine\.json: speed: no such field; there are network, "),
        ({"loss": {"stile": 3}}, r"loss\.stile: no such field"),
        ({"learning_rate": "fast"}, r'learning_rate: must be a number, not "fast"'),
        ({"learning_rate": -1}, r"learning_rate: must be above 0, not -1"),
        ({"learning_rate": True}, r"learning_rate: must be a number, not true"),
        ('{"learning_rate": NaN}', r"learning_rate: must be a number, not NaN"),
        ({"steps": 2.5}, r"steps: must be a whole number, not 2\.5"),
        ({"bf16": 1}, r"bf16: must be true or false, not 1"),
        ({"optimiser": "rmsprop"}, r'optimiser: must be one of adam, sgd, not "rmsprop"'),
        ({"ema": 1.0}, r"ema: must be at least 0 and at most 0\.999999, not 1"),
        ({"betas": [0.5]}, r"betas: must be a list of 2, not of 1"),
        ({"betas": [0.5, 2]}, r"betas\[1\]: must be at least 0"),
        ({"loss": 3}, r"loss: must be an object with named fields, not 3"),
        ({"loss": {"feature_stages": "global"}}, r"loss\.feature_stages: must be a list"),
        ({"loss": {"feature_stages": ["last"]}}, r"loss\.feature_stages\[0\]: must be one of coarse, local, global"),
        ({"phases": []}, r"phases: the first must start at 0"),
        ({"phases": [{"start": 0, "size": 128}]}, r"phases\[0\]\.batch: is missing"),
        ({"phases": [{"start": 0, "size": 128, "batch": 0}]}, r"phases\[0\]\.batch: must be at least 1, not 0"),
        ({"phases": [{"start": 0, "size": 100, "batch": 4}]}, r"phases\[0\]\.size: must be a multiple of 128"),
        (
            {"base": "contextual-attention", "phases": [{"start": 0, "size": 200, "batch": 8}]},
            r"phases\[0\]\.size: must be a multiple of 16 for the grid term \(loss\.grid\), not 200",
        ),
        ({"validation_size": 200}, r"validation_size: must be a multiple of 128"),
        ({"network": {"width": 0}}, r"no network has 0 as its width"),
        ({"network": {"depth": 3}}, r"network\.depth: no such field"),
        (
            {"network": {"kind": "vae"}},
            r"network\.kind: must be one of lgnet, context-encoder, ",
        ),
        ({"network": {"kind": "context-encoder", "residual_blocks": 2}}, r"network\.residual_blocks: no such field"),
        ({"network": 3}, r"network: must be an object with named fields, not 3"),
        ({"base": "context-encoder", "train_stages": ["global"]}, r"train_stages: must name at least one of coarse"),
        ({"base": "large"}, r"base: must be one of small, paper, seed, .*, not large"),
        ([1], r"mine\.json: the configuration: must be an object"),
        ("{", r"mine\.json: neither a configuration \(small, paper, seed, .*\) nor a JSON file"),
    ],
)
def test_a_bad_field_is_named_in_one_sentence(tmp_path, content, sentence):
    with pytest.raises(LacunaError, match=sentence) as caught:
        load_config(written(tmp_path, content))
    assert "\n" not in str(caught.value)


def test_a_file_chooses_another_kind_of_network(tmp_path):
    base = load_config("context-encoder")
    assert load_config(written(tmp_path, {"base": "context-encoder", "network": {"width": 8}})) == replace(
        base, network=replace(base.network, width=8)
    )
    other = load_config(written(tmp_path, {"network": {"kind": "contextual-attention", "width": 8}}))
    assert other.network == ContextualAttentionConfig(width=8)
    assert other.learning_stages == ("coarse", "global")


def test_without_the_grid_term_the_network_alone_limits_the_sizes(tmp_path):
    phases = [{"start": 0, "size": 200, "batch": 8}]
    plain = {"base": "contextual-attention", "phases": phases, "loss": {"grid": 0}, "validation_size": 200}
    assert load_config(written(tmp_path, plain)).phases == (Phase(0.0, 200, 8),)


def test_fields_are_checked_where_code_sets_them():
    with pytest.raises(LacunaError, match="minutes: must be above 0"):
        replace(SMALL_TRAINING, minutes=-1.0)
    with pytest.raises(LacunaError, match="large"):
        load_config("large")
