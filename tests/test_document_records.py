"""An edit that went through a record changes exactly what the edit did."""

from __future__ import annotations

import zlib

import numpy as np
import pytest

from app.document.document import Document
from app.document.edits import Edit, ImageEdit, MaskEdit, ResultEdit
from app.document.packing import packed, unpacked
from app.document.records import EditKind, EditRecord, edit_of, record_of
from app.errors import LacunaError
from app.imaging.geometry import Extent, Rect
from app.imaging.patches import Patch, difference
from app.imaging.photo import Metadata, Photo
from app.inference.request import RegionPatch


def _document() -> Document:
    pixels = np.random.default_rng(3).integers(0, 256, (300, 400, 3), np.uint8)
    return Document(Photo(pixels, None, Metadata("PNG")))


def _mask_edit(document: Document) -> Edit | None:
    after = document.mask.copy()
    after[40:90, 50:300] = 255
    return MaskEdit.between("Brush", document.mask, after)


def _image_edit(document: Document) -> Edit:
    after = document.image.copy()
    after[10:60, 30:90] += 7
    return ImageEdit("Restore", difference(Rect(0, 0, 400, 300), document.image, after))


def _result_edit(document: Document) -> Edit:
    rect = Rect(20, 30, 64, 48)
    return ResultEdit("Fill", [RegionPatch(rect, np.full((48, 64, 3), 90, np.uint8))])


@pytest.mark.parametrize("make", [_mask_edit, _image_edit, _result_edit])
def test_a_recorded_edit_does_and_takes_back_what_the_edit_did(make):
    first, second = _document(), _document()
    edit = make(first)
    first.apply(edit)
    again = edit_of(record_of(edit))
    second.apply(again)
    assert np.array_equal(first.image, second.image)
    assert np.array_equal(first.mask, second.mask)
    assert (again.name, again.rect, again.nbytes) == (edit.name, edit.rect, edit.nbytes)
    second.undo()
    assert np.array_equal(second.image, second.photo.pixels)
    assert not second.mask.any()


def test_a_record_of_what_is_in_effect_is_not_done_twice():
    document = _document()
    edit = _image_edit(document)
    document.apply(edit)
    shown = document.image.copy()
    document.apply(edit_of(record_of(edit), in_effect=True))
    assert np.array_equal(document.image, shown)


@pytest.mark.parametrize("make", [_mask_edit, _image_edit, _result_edit])
def test_packed_edits_come_back(make):
    document = _document()
    edit = make(document)
    document.apply(edit)
    record = record_of(edit)
    assert unpacked(packed(record), document.extent, 1) == record


@pytest.mark.parametrize("cut", [0, 3, 4, 20, -1])
def test_what_is_cut_short_is_told(cut):
    document = _document()
    document.apply(edit := _image_edit(document))
    with pytest.raises(LacunaError, match="damaged"):
        unpacked(packed(record_of(edit))[:cut], document.extent, 1)


def test_a_patch_outside_the_image_is_told():
    document = _document()
    document.apply(edit := _image_edit(document))
    with pytest.raises(LacunaError, match="not within the image"):
        unpacked(packed(record_of(edit)), Extent(40, 30), 1)


def test_a_patch_that_would_unpack_to_more_than_it_covers_is_told():
    patch = Patch(Rect(0, 0, 10, 10), zlib.compress(bytes(10_000_000)), compressed=True)
    with pytest.raises(LacunaError, match="damaged"):
        unpacked(packed(EditRecord(EditKind.MASK, "x", mask=(patch,))), Extent(40, 30), 1)
