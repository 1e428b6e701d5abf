"""What makes two spellings one tag."""

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
def test_spellings_of_one_tag_share_a_key(one: str, other: str) -> None:
    assert tag_key(one) == tag_key(other)


def test_signs_tell_tags_apart() -> None:
    assert len({tag_key(name) for name in ("C", "C++", "C#", "Ç")}) == 4


def test_a_renamed_tag_has_the_new_key() -> None:
    tag = Tag.named("Old")
    tag.rename("New")
    assert (tag.name, tag.key) == ("New", "new")


def test_the_longest_name_fits_its_key() -> None:
    # The ligature that NFKC lengthens most.
    assert len(tag_key("\ufdfa" * 50)) <= Tag.__table__.c.key.type.length  # type: ignore[attr-defined]
