"""Tests of records that are embedded in files of other formats."""

import json
from uuid import UUID

import pytest

from blogcli.interchange.embedded_record import load_post
from blogcli.interchange.items import ImportedItem
from blogcli.interchange.notes import NoteCode
from blogcli.interchange.sanitize import sanitize_item


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+01:00"])
def test_embedded_instant_outside_the_supported_years_is_noted(text: str) -> None:
    post = load_post(json.dumps({"uuid": str(UUID(int=1)), "title": "T", "created_at": text}))
    assert post
    sanitized = sanitize_item(ImportedItem(source="-", post=post))
    assert sanitized.post
    assert (sanitized.post.created_at, sanitized.post.extra) == (None, {"original_created_at": text})
    assert [note.code for note in sanitized.notes] == [NoteCode.DATE_INFERRED]


@pytest.mark.parametrize("text", ["2024-01-01T00:00:00", "2024-01-01", "soon", "", 7, None])
def test_embedded_record_with_an_invalid_instant_is_not_loaded(text: object) -> None:
    assert load_post(json.dumps({"uuid": str(UUID(int=1)), "title": "T", "created_at": text})) is None
