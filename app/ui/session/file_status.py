"""A photo's `FileRecord` as a journal keeps it, and the other way round."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from app.document.document import Document
from app.document.recovery.records import NO_STATE, FileStatus
from app.imaging.save_options import AS_SOURCE, Chroma, Keep, SaveOptions, TiffCompression
from app.ui.session.file_record import FileRecord, Stamp


def status_of(record: FileRecord, document: Document) -> FileStatus:
    """What is known of the file of `document`."""
    history = document.history
    saved = NO_STATE if history.saved_index is None else history.states[history.saved_index]
    options = {} if record.options == AS_SOURCE else asdict(record.options)
    own = tuple(sorted(record.own))
    stamp = stamp_of(record)
    return FileStatus(record.path, record.source, record.name, own, stamp, record.is_sample, options, saved)


def stamp_of(record: FileRecord) -> tuple[int, int] | None:
    """Its stamp as plain numbers."""
    return None if record.stamp is None else (record.stamp.modified, record.stamp.size)


def record_again(status: FileStatus) -> FileRecord:
    """The record that `status` was made of."""
    stamp = None if status.stamp is None else Stamp(*status.stamp)
    return FileRecord(
        status.path, status.source, status.name, set(status.own), stamp, _options(status.options), status.is_sample
    )


def _options(said: dict[str, Any]) -> SaveOptions:
    """As the source where they can't be read."""
    try:
        chosen = {**asdict(AS_SOURCE), **said}
        kinds = {"chroma": Chroma, "tiff": TiffCompression, "keep": Keep}
        return SaveOptions(**{**chosen, **{name: kind(chosen[name]) for name, kind in kinds.items()}})
    except (ValueError, TypeError):
        return AS_SOURCE
