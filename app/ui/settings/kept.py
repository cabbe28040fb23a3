"""The options of a run as a session file keeps them: values by the settings' ids."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from app.ui.settings.presets import RUN_SETTINGS
from app.ui.settings.store import Settings


def kept_settings(settings: Settings) -> dict[str, Any]:
    """What the picture depends on, as JSON knows it."""
    return {each.key: json.loads(each.encoded(settings.get(each))) for each in RUN_SETTINGS}


def take_settings(settings: Settings, values: Mapping[str, Any]) -> bool:
    """Make those of `values` that can be the values of `settings`; the others are passed over. Whether any changed."""
    before = kept_settings(settings)
    for setting in RUN_SETTINGS:
        if setting.key in values:
            try:
                value = setting.checked(json.dumps(values[setting.key]))
            except (ValueError, OverflowError):
                continue
            settings.set(setting, value)
    return kept_settings(settings) != before
