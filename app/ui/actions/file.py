"""The File menu."""

from __future__ import annotations

from collections.abc import Iterator

from app.ui.actions.spec import ActionSpec, Bar, Key, Menu, has_document
from app.ui.language import mark


def file_actions() -> Iterator[ActionSpec]:
    yield ActionSpec(
        "open",
        mark("&Open…"),
        lambda c: c.file.open_photo(),
        Menu.FILE,
        ("Ctrl+O",),
        standard=Key.Open,
        icon="folder-open-outline",
        bar=Bar.TOP,
    )
    yield ActionSpec(
        "sample", mark("Open the sa&mple"), lambda c: c.file.open_sample(), Menu.FILE, icon="image-outline"
    )
    yield ActionSpec(
        "recover",
        mark("Reco&ver work…"),
        lambda c: c.recover.recover(),
        Menu.FILE,
        icon="backup-restore",
        tip=mark("Shows the photos whose changes a crash left, to be restored or discarded."),
    )
    yield ActionSpec(
        "save",
        mark("&Save"),
        lambda c: c.file.save(),
        Menu.FILE,
        ("Ctrl+S",),
        standard=Key.Save,
        icon="content-save-outline",
        tip=mark("Writes the photo with its metadata. The original is only replaced after asking."),
        enabled=lambda c: c.file.can_save(),
        bar=Bar.TOP,
        starts_group=True,
    )
    yield ActionSpec(
        "save_as",
        mark("Save &as…"),
        lambda c: c.file.save_as(),
        Menu.FILE,
        ("Ctrl+Shift+S",),
        standard=Key.SaveAs,
        enabled=lambda c: c.file.can_save(),
    )
    yield ActionSpec(
        "save_session",
        mark("Save sess&ion"),
        lambda c: c.file.sessions.save(),
        Menu.FILE,
        ("Ctrl+Alt+S",),
        icon="archive-outline",
        tip=mark(
            "Keeps all of the work in one file: the mask, the history, results and options. Opened again, everything is"
            " as it was."
        ),
        enabled=lambda c: c.file.can_save(),
        starts_group=True,
    )
    yield ActionSpec(
        "save_session_as",
        mark("Sav&e session as…"),
        lambda c: c.file.sessions.save_as(),
        Menu.FILE,
        enabled=lambda c: c.file.can_save(),
    )
    yield ActionSpec(
        "export",
        mark("Expor&t a copy…"),
        lambda c: c.share.export(),
        Menu.FILE,
        ("Ctrl+Shift+E",),
        icon="image-size-select-large",
        starts_group=True,
        tip=mark("Writes a copy at a size and in a format of your choice; the photo itself stays as it is."),
        enabled=has_document,
    )
    yield ActionSpec(
        "reveal",
        mark("Show in the file mana&ger"),
        lambda c: c.share.reveal(),
        Menu.FILE,
        enabled=lambda c: c.share.place() is not None,
    )
    yield from _batch_actions()
    yield ActionSpec(
        "next_photo",
        mark("&Next photo"),
        lambda c: c.file.photos.step(1),
        Menu.FILE,
        ("Ctrl+Tab", "Ctrl+PgDown"),
        enabled=lambda c: c.file.has_several(),
        starts_group=True,
    )
    yield ActionSpec(
        "previous_photo",
        mark("&Previous photo"),
        lambda c: c.file.photos.step(-1),
        Menu.FILE,
        ("Ctrl+Shift+Tab", "Ctrl+PgUp"),
        aliases=("Ctrl+Shift+Backtab",),
        enabled=lambda c: c.file.has_several(),
    )
    yield ActionSpec(
        "close",
        mark("&Close"),
        lambda c: c.file.close_photo(),
        Menu.FILE,
        ("Ctrl+W",),
        standard=Key.Close,
        enabled=has_document,
        starts_group=True,
    )
    yield ActionSpec(
        "close_all",
        mark("C&lose all"),
        lambda c: c.file.close_all(),
        Menu.FILE,
        ("Ctrl+Shift+W",),
        enabled=lambda c: c.file.has_several(),
    )
    yield ActionSpec("quit", mark("&Quit"), lambda c: c.view.window.close(), Menu.FILE, ("Ctrl+Q",), standard=Key.Quit)


def _batch_actions() -> Iterator[ActionSpec]:
    yield ActionSpec(
        "batch",
        mark("&Batch…"),
        lambda c: c.batch.show(),
        Menu.FILE,
        ("Ctrl+Shift+B",),
        icon="image-multiple-outline",
        tip=mark("Fills all photos of a folder, each with its mask, while the work here goes on."),
        starts_group=True,
    )
    yield ActionSpec(
        "batch_put_back",
        mark("Put back into the batch &with this mask"),
        lambda c: c.batch.put_back_here(),
        Menu.FILE,
        ("Ctrl+Alt+B",),
        icon="playlist-check",
        tip=mark("The batch fills this photo again, with the mask that is painted here."),
        enabled=lambda c: c.batch.can_return(),
    )
    yield ActionSpec(
        "batch_use",
        mark("&Use this result in the batch"),
        lambda c: c.batch.use_here(),
        Menu.FILE,
        icon="image-check-outline",
        tip=mark("Writes the photo as it is here as its result in the batch."),
        enabled=lambda c: c.batch.can_return(),
    )
