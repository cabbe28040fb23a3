"""A line that gives way: cut with dots, whole in the tip."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.ui.panels.elided_label import ElidedLabel


@pytest.fixture
def label(qtbot: QtBot) -> ElidedLabel:
    result = ElidedLabel()
    qtbot.addWidget(result)
    result.setText("A sentence that is much too long for a narrow bar")
    result.set_tip("More about it.")
    result.show()
    return result


def test_what_is_cut_stands_in_the_tip(label: ElidedLabel) -> None:
    label.resize(40, 20)
    assert label.is_cut
    assert label.toolTip() == "A sentence that is much too long for a narrow bar\nMore about it."
    label.resize(4000, 20)
    assert not label.is_cut
    assert label.toolTip() == "More about it."
