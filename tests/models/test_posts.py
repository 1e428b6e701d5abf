"""Tests of the methods of the model `Post`."""

from datetime import UTC, datetime, timedelta

import pytest

from blogcli.enums import PostStatus
from blogcli.models import Post
from tests.factories import make_post, make_tag, make_user

NOW = datetime(2024, 5, 31, 12, tzinfo=UTC)
PAST, FUTURE = NOW - timedelta(days=9), NOW + timedelta(days=9)
DRAFT, SCHEDULED, PUBLISHED = PostStatus.DRAFT, PostStatus.SCHEDULED, PostStatus.PUBLISHED


def post_with(status: PostStatus = DRAFT, published_at: datetime | None = None) -> Post:
    return make_post(author=make_user(), status=status, published_at=published_at)


@pytest.mark.parametrize(
    ("status", "date", "expected"),
    [(DRAFT, None, NOW), (DRAFT, PAST, PAST), (DRAFT, FUTURE, NOW), (SCHEDULED, FUTURE, NOW), (SCHEDULED, PAST, PAST)],
)
def test_publish_sets_published_at(status: PostStatus, date: datetime | None, expected: datetime) -> None:
    post = post_with(status, date)
    assert post.publish(NOW)
    assert (post.status, post.published_at) == (PUBLISHED, expected)


def test_publish_published_post_changes_nothing() -> None:
    post = post_with(PUBLISHED, PAST)
    assert not post.publish(NOW)
    assert post.published_at == PAST


@pytest.mark.parametrize(("status", "date", "expected"), [(PUBLISHED, PAST, PAST), (SCHEDULED, FUTURE, None)])
def test_unpublish_removes_only_future_date(status: PostStatus, date: datetime, expected: datetime | None) -> None:
    post = post_with(status, date)
    assert post.unpublish()
    assert (post.status, post.published_at) == (DRAFT, expected)


def test_unpublish_draft_changes_nothing() -> None:
    post = post_with(DRAFT, FUTURE)
    assert not post.unpublish()
    assert post.published_at == FUTURE


@pytest.mark.parametrize("status", [DRAFT, SCHEDULED, PUBLISHED])
def test_schedule_sets_status_and_date(status: PostStatus) -> None:
    post = post_with(status, PAST)
    assert post.schedule(FUTURE, NOW)
    assert (post.status, post.published_at) == (SCHEDULED, FUTURE)
    assert not post.schedule(FUTURE, NOW)


@pytest.mark.parametrize("status", [DRAFT, PUBLISHED])
def test_publish_rescheduled_post_restores_first_date(status: PostStatus) -> None:
    post = post_with(status, PAST)
    post.schedule(FUTURE, NOW)
    post.schedule(FUTURE + timedelta(days=1), NOW)
    assert post.publish(NOW)
    assert (post.published_at, post.first_published_at) == (PAST, None)


def test_unpublish_rescheduled_post_restores_first_date() -> None:
    post = post_with(PUBLISHED, PAST)
    post.reschedule(FUTURE, NOW)
    assert post.unpublish()
    assert (post.status, post.published_at, post.first_published_at) == (DRAFT, PAST, None)


def test_publish_due_rescheduled_post_keeps_new_date() -> None:
    post = post_with(PUBLISHED, PAST)
    post.reschedule(FUTURE, NOW)
    assert post.publish(FUTURE)
    assert (post.published_at, post.first_published_at) == (FUTURE, None)


def test_publish_rescheduled_post_without_first_date_uses_current_time() -> None:
    post = post_with(SCHEDULED, PAST)
    post.schedule(FUTURE, NOW)
    assert post.publish(NOW)
    assert post.published_at == NOW


def test_withdraw_expired_post_makes_it_draft() -> None:
    post = post_with(PUBLISHED, PAST)
    assert post.expire(NOW)
    assert not post.expire(NOW)
    assert (post.has_expired(PAST), post.has_expired(NOW)) == (False, True)
    assert post.withdraw()
    assert (post.status, post.published_at, post.expires_at) == (DRAFT, PAST, None)


def test_publish_removes_passed_expiry_date() -> None:
    post = post_with(DRAFT)
    post.expire(PAST)
    assert post.publish(NOW)
    assert post.expires_at is None


@pytest.mark.parametrize(
    ("status", "when", "expected"),
    [
        (PUBLISHED, PAST, PUBLISHED),
        (PUBLISHED, FUTURE, SCHEDULED),
        (SCHEDULED, PAST, SCHEDULED),
        (DRAFT, FUTURE, DRAFT),
    ],
)
def test_reschedule_published_post_to_future_schedules_it(
    status: PostStatus, when: datetime, expected: PostStatus
) -> None:
    post = post_with(status, NOW)
    post.reschedule(when, NOW)
    assert (post.status, post.published_at) == (expected, when)


def test_trash_and_restore_keep_status() -> None:
    post = post_with(PUBLISHED, PAST)
    assert post.trash(NOW)
    assert not post.trash(FUTURE)
    assert (post.display_status, post.status, post.trashed_at) == (PostStatus.TRASHED, PUBLISHED, NOW)
    assert post.restore()
    assert not post.restore()
    assert (post.display_status, post.trashed_at) == (PUBLISHED, None)


def test_set_tags_marks_post_only_if_tags_differ() -> None:
    red, blue = make_tag("red"), make_tag("blue")
    red.id, blue.id = 1, 2
    post = make_post(author=make_user(), tags=[red, blue])
    assert not post.set_tags([blue, red], NOW)
    assert post.updated_at is None
    assert post.set_tags([blue], NOW)
    assert (post.tags, post.updated_at) == ([blue], NOW)


def test_tag_names_are_sorted_by_key() -> None:
    post = make_post(author=make_user(), tags=[make_tag("b"), make_tag("C"), make_tag("A")])
    assert post.tag_names == ["A", "b", "C"]


def test_write_counts_words() -> None:
    post = post_with()
    post.write("three short words")
    assert (post.content, post.words) == ("three short words", 3)
