"""The first steps: small bubbles beside real things, each shown until it has been done once."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolBar, QToolButton, QVBoxLayout, QWidget

from app.ui.language import tr
from app.ui.look.icons import icon
from app.ui.look.sign import Sign
from app.ui.look.theme import GRID, Palette
from app.ui.panels.pieces import label
from app.ui.session.runs import RunPhase
from app.ui.session.session import Session
from app.ui.settings import declared
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings

_WIDTH = 34 * GRID


class Hint(StrEnum):
    """The steps in their order."""

    PAINT = "paint"
    FILL = "fill"
    ACCEPT = "accept"

    @property
    def words(self) -> tuple[str, str]:
        """What to do, and what comes of it."""
        return {
            Hint.PAINT: (
                tr("Paint over what should go"),
                tr("Drag on the photo. The keys [ and ] change the brush's size, E erases."),
            ),
            Hint.FILL: (tr("Press Enter"), tr("What is painted is filled in stages, each building on the one before.")),
            Hint.ACCEPT: (
                tr("Compare, then press Enter"),
                tr("The keys 1 to 5 show each result large, \\ shows the photo as it was. Enter takes the result."),
            ),
        }[self]

    def is_due(self, session: Session) -> bool:
        """This is the next thing to do."""
        phase, painted = session.runs.phase, session.hole_pixels > 0
        match self:
            case Hint.PAINT:
                return phase is RunPhase.IDLE and not painted
            case Hint.FILL:
                return phase is RunPhase.IDLE and painted
            case Hint.ACCEPT:
                return phase is RunPhase.READY

    def is_done(self, session: Session) -> bool:
        """What the bubble asks for has happened, given that it was shown."""
        match self:
            case Hint.PAINT:
                return session.hole_pixels > 0
            case Hint.FILL:
                return session.runs.phase is not RunPhase.IDLE
            case Hint.ACCEPT:
                return session.runs.phase is not RunPhase.READY


ALL_HINTS: tuple[str, ...] = tuple(hint.value for hint in Hint)


class Hints(QObject):
    """Shows the bubble that is due over `host`, at the thing its step is about. Remembers what was done or closed."""

    def __init__(self, host: QWidget, session: Session, settings: Settings, brush: QAction, prompt: QWidget) -> None:
        """One paints with `brush`, which stands in a toolbar of `host`, and fills and accepts in `prompt`."""
        super().__init__(host)
        self._host, self._session, self._settings = host, session, settings
        self._brush, self._prompt = brush, prompt
        self._shown: Hint | None = None
        self.bubble = Bubble(host)
        self.bubble.closed.connect(self._close)
        self.bubble.no_more.connect(self.stop)
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._place)
        host.installEventFilter(self)
        settings.changed.connect(self._setting_changed)

    @property
    def shown(self) -> Hint | None:
        """The step whose bubble is there."""
        return self._shown

    def refresh(self) -> None:
        """The document or the run changed: what was done is not shown again, what is due is shown."""
        if self._session.document is None:
            self._show(None)
            return
        if self._shown is not None and self._shown.is_done(self._session):
            self._remember(self._shown)
        seen = self._settings.get(declared.HINTS_SEEN)
        self._show(next((hint for hint in Hint if hint not in seen and hint.is_due(self._session)), None))

    def stop(self) -> None:
        """Show none any more."""
        self._settings.set(declared.HINTS_SEEN, ALL_HINTS)

    def recolour(self, palette: Palette) -> None:
        """Another look."""
        self.bubble.recolour(palette)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window got another size or layout: the bubble moves with its anchor."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest, QEvent.Type.Show):
            self._later.start()
        return False

    def _close(self) -> None:
        if self._shown is not None:
            self._remember(self._shown)

    def _remember(self, hint: Hint) -> None:
        seen = self._settings.get(declared.HINTS_SEEN)
        if hint not in seen:
            self._settings.set(declared.HINTS_SEEN, (*seen, hint.value))

    def _setting_changed(self, setting: Setting[object]) -> None:
        if setting is declared.HINTS_SEEN:
            self.refresh()

    def _show(self, hint: Hint | None) -> None:
        if hint is not self._shown:
            self._shown = hint
            if hint is not None:
                self.bubble.say(*hint.words, number=list(Hint).index(hint) + 1, count=len(Hint))
                self._place()
            self.bubble.setVisible(hint is not None)
        if hint is not None:
            self._later.start()

    def _place(self) -> None:
        if self._shown is not None:
            anchor = button_of(self._brush) if self._shown is Hint.PAINT else self._prompt
            if anchor is None or not anchor.isVisible():
                anchor = self._prompt
            corner = anchor.mapTo(self._host, QPoint(0, 0))
            self.bubble.fit()
            self.bubble.move(place(QRect(corner, anchor.size()), self.bubble.size(), self._host.size()))
            self.bubble.raise_()


class Bubble(QFrame):
    """A step's words, *no more hints* and a cross. It never takes the keyboard by itself."""

    closed = Signal()
    no_more = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "bubble")
        self._sign, self._close = Sign("lightbulb-on-outline"), QToolButton()
        self._title, self._text = label(role="heading", wraps=True), label(wraps=True)
        self._count, self._no_more = label(role="hint"), QPushButton(tr("No more hints"))
        self._close.setToolTip(tr("Close this hint"))
        self._close.setAccessibleName(tr("Close this hint"))
        self._no_more.setToolTip(tr("Show no first steps any more; the Help menu brings them back."))
        self._no_more.setProperty("role", "flat")
        for button in (self._close, self._no_more):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._close.clicked.connect(self.closed)
        self._no_more.clicked.connect(self.no_more)
        self._lay_out()
        self.hide()

    def _lay_out(self) -> None:
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self._sign)
        head.addWidget(self._title, 1)
        head.addWidget(self._close)
        foot.addWidget(self._count)
        foot.addStretch(1)
        foot.addWidget(self._no_more)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(GRID + GRID // 2, GRID, GRID, GRID)
        rows.setSpacing(GRID // 2)
        rows.addLayout(head)
        rows.addWidget(self._text)
        rows.addLayout(foot)

    def fit(self) -> None:
        """As wide as bubbles are, or as the words at its foot need."""
        self.setFixedWidth(max(_WIDTH, self.minimumSizeHint().width()))
        self.adjustSize()

    @property
    def close_button(self) -> QToolButton:
        """The cross."""
        return self._close

    @property
    def no_more_button(self) -> QPushButton:
        """Ends all first steps."""
        return self._no_more

    def say(self, title: str, text: str, *, number: int, count: int) -> None:
        """Show a step, `number` of `count`."""
        self._title.setText(title)
        self._text.setText(text)
        self._count.setText(tr("{} of {}").format(number, count))
        self.setAccessibleName(f"{title}. {text}")

    def recolour(self, palette: Palette) -> None:
        """Another look."""
        self._sign.recolour(palette, palette.accent_icon)
        self._close.setIcon(icon("close", palette))


def button_of(action: QAction) -> QWidget | None:
    """The button of `action` in a toolbar, where it has one."""
    bars = [each for each in action.associatedObjects() if isinstance(each, QToolBar)]
    return bars[0].widgetForAction(action) if bars else None


def place(anchor: QRect, bubble: QSize, host: QSize) -> QPoint:
    """Where a bubble stands beside `anchor`, in the coordinates of `host`: never over the middle of the window.

    Above what is at the foot, flush with its end; else on that side of it where there is more room.
    """
    gap = GRID + GRID // 2
    if anchor.top() > host.height() * 3 // 4:
        corner = QPoint(anchor.right() - bubble.width() - GRID, anchor.top() - bubble.height() - gap)
    elif anchor.center().x() < host.width() // 2:
        corner = QPoint(anchor.right() + gap, anchor.top())
    else:
        corner = QPoint(anchor.left() - bubble.width() - gap, anchor.top())
    right, bottom = host.width() - bubble.width() - GRID, host.height() - bubble.height() - GRID
    return QPoint(max(min(corner.x(), right), GRID), max(min(corner.y(), bottom), GRID))
