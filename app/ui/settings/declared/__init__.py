"""All settings, by their names. A new one needs its line in one of these modules, and where the user meets it a row."""

from __future__ import annotations

from app.ui.settings.declared.batch import *  # noqa: F403
from app.ui.settings.declared.files import *  # noqa: F403
from app.ui.settings.declared.fill import *  # noqa: F403
from app.ui.settings.declared.mask import *  # noqa: F403
from app.ui.settings.declared.talk import *  # noqa: F403
from app.ui.settings.declared.tools import *  # noqa: F403
from app.ui.settings.declared.view import *  # noqa: F403
from app.ui.settings.declared.window import *  # noqa: F403
from app.ui.settings.setting import Setting


def all_settings() -> tuple[Setting[object], ...]:
    """Every declaration, in the modules' order."""
    return tuple(each for each in globals().values() if isinstance(each, Setting))
