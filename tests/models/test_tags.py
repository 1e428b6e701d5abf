"""Tests of the keys by which tags are compared."""

import pytest

from blogcli.models import Tag
from blogcli.text.casefold import tag_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Python", "PYTHON"),
        ("Straße", "STRASSE"),
        ("ｗｉｄｅ", "wide"),
        ("Σίσυφος", "ΣΊΣΥΦΟΣ"),
        ("cafe\u0301", "CAFÉ"),
        ("ﬁ", "FI"),
    ],
)
def test_spellings_of_tag_have_equal_keys(one: str, other: str) -> None:
    assert tag_key(one) == tag_key(other)


def test_signs_make_keys_different() -> None:
    assert len({tag_key(name) for name in ("C", "C++", "C#", "Ç")}) == 4


def test_rename_sets_key() -> None:
    tag = Tag.named("Old")
    tag.rename("New")
    assert (tag.name, tag.key) == ("New", "new")


def test_key_of_longest_name_fits_column() -> None:
    # This ligature is the character that NFKC normalization lengthens most.
    assert len(tag_key("\ufdfa" * 50)) <= Tag.__table__.c.key.type.length  # type: ignore[attr-defined]  # mypy does not know that the type is String
