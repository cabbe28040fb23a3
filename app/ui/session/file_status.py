"""A photo's `FileRecord` as a journal keeps it, and the other way round."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from app.document.document import Document
from app.document.recovery.records import NO_STATE, FileStatus, Opened
from app.imaging.save_options import AS_SOURCE, Chroma, Keep, SaveOptions, TiffCompression
from app.ui.session.file_record import FileRecord, Stamp


def status_of(record: FileRecord, document: Document) -> FileStatus:
    """What is known of the file of `document`."""
    history = document.history
    saved = NO_STATE if history.saved_index is None else history.states[history.saved_index]
    options = {} if record.options == AS_SOURCE else asdict(record.options)
    return FileStatus(
        record.path,
        record.source,
        record.name,
        tuple(sorted(record.own)),
        plain(record.stamp),
        record.is_sample,
        options,
        saved,
        record.session,
        record.embeds,
    )


def plain(stamp: Stamp | None) -> tuple[int, int] | None:
    """`stamp` as numbers."""
    return None if stamp is None else (stamp.modified, stamp.size)


def record_again(status: FileStatus, opened: Opened) -> FileRecord:
    """The record that `status` was made of, of a photo whose journal begins with `opened`."""
    return FileRecord(
        status.path,
        status.source,
        status.name or opened.name,
        set(status.own),
        _stamp(status.stamp),
        _stamp(opened.stamp),
        _options(status.options),
        status.is_sample,
        session=status.session,
        embeds=status.embeds,
    )


def _stamp(numbers: tuple[int, int] | None) -> Stamp | None:
    return None if numbers is None else Stamp(*numbers)


def _options(said: dict[str, Any]) -> SaveOptions:
    """As the source where they can't be read."""
    try:
        chosen = {**asdict(AS_SOURCE), **said}
        kinds = {"chroma": Chroma, "tiff": TiffCompression, "keep": Keep}
        return SaveOptions(**{**chosen, **{name: kind(chosen[name]) for name, kind in kinds.items()}})
    except (ValueError, TypeError):
        return AS_SOURCE
