"""The style sheet: the little that Qt's palette alone can't say.

Widgets opt in by object name or by the property ``role``, set before they are shown:

- `QLabel`: ``title``, ``heading`` (of a section), ``muted`` (beside something), ``hint`` (small, explains), ``note`` (a
  thing to mind), ``key`` (a key cap).
- `QPushButton`: ``primary`` (what Enter stands for), ``flat`` (no frame until pointed at).
- `QToolButton`: ``section`` (the header of a part that folds; give it an arrow type), ``link``, ``dot`` (marks a row
  that differs from its default), ``menu`` (drops a menu down), ``variant`` (one of several results).
- `QFrame`: ``bubble`` (a hint over the window), ``message`` with the property ``severity``: ``info``, ``warning``,
  ``error``.
- Names: toolbars ``top``, ``options``, ``tools``; ``filmstrip`` (a frame that holds a list view), ``prompt``,
  ``notice`` (a frame with a sentence, in a dialog), ``empty``, ``dropzone``.
"""

from __future__ import annotations

from app.ui.look.palette import Palette
from app.ui.look.sheets.bars import bars
from app.ui.look.sheets.buttons import buttons
from app.ui.look.sheets.fields import fields
from app.ui.look.sheets.lists import lists
from app.ui.look.sheets.panels import panels


def style_sheet(colours: Palette, text: int) -> str:
    """The whole sheet; `text` is the height of plain text in pixels."""
    return "".join((bars(colours), panels(colours, text), buttons(colours, text), fields(colours), lists(colours)))
