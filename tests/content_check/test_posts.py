"""Tests of the rules about slugs and dates."""

from datetime import UTC, datetime, timedelta

import pytest

from blogcli.content_check.posts import check_due_dates, check_slug
from blogcli.content_check.records import CheckedPost

NOW = datetime(2024, 5, 31, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    "character", ["\u200b", "\u200d", "\ufeff", "\u00ad", "\u3164", "\u115f", "\u00a0", "\u202e", "\ufe0f", "\x01"]
)
def test_invisible_character_in_slug_is_reported(character: str) -> None:
    issue = check_slug(f"hel{character}lo")
    assert issue
    assert issue.repair == "Change the slug to hello"
    assert f"U+{ord(character):04X}" in issue.text


@pytest.mark.parametrize("slug", ["hello", "hello-world_2.0~x", "写真", "हिन्दी", "ภาษาไทย", "café", "שלום", "привет"])
def test_visible_slug_is_not_reported(slug: str) -> None:
    assert check_slug(slug) is None


@pytest.mark.parametrize(
    ("status", "published_at", "expires_at", "is_reported"),
    [
        ("scheduled", NOW - HOUR, None, True),
        ("scheduled", NOW, None, True),
        ("scheduled", NOW + HOUR, None, False),
        ("published", NOW - HOUR, NOW - HOUR, True),
        ("published", NOW - HOUR, NOW + HOUR, False),
        ("published", NOW - HOUR, None, False),
        ("draft", NOW - HOUR, NOW - HOUR, False),
        ("trashed", NOW - HOUR, NOW - HOUR, False),
    ],
)
def test_due_dates_depend_on_status(
    status: str, published_at: datetime, expires_at: datetime | None, is_reported: bool
) -> None:
    post = CheckedPost(
        id=1, slug="a", title="A", content="", status=status, published_at=published_at, expires_at=expires_at
    )
    issue = check_due_dates(post, NOW)
    assert (issue is not None) is is_reported
    assert issue is None or issue.repair == "Run `blogcli post publish-due`"
