"""The rules of a post."""

from datetime import UTC, datetime, timedelta

import pytest

from blogcli.enums import PostStatus
from blogcli.models import Post
from tests.factories import make_post, make_tag, make_user

NOW = datetime(2024, 5, 31, 12, tzinfo=UTC)
PAST, FUTURE = NOW - timedelta(days=9), NOW + timedelta(days=9)
DRAFT, SCHEDULED, PUBLISHED = PostStatus.DRAFT, PostStatus.SCHEDULED, PostStatus.PUBLISHED


def post_of(status: PostStatus = DRAFT, published_at: datetime | None = None) -> Post:
    return make_post(author=make_user(), status=status, published_at=published_at)


@pytest.mark.parametrize(
    ("status", "date", "expected"),
    [(DRAFT, None, NOW), (DRAFT, PAST, PAST), (DRAFT, FUTURE, NOW), (SCHEDULED, FUTURE, NOW), (SCHEDULED, PAST, PAST)],
)
def test_publishing_dates_a_post(status: PostStatus, date: datetime | None, expected: datetime) -> None:
    post = post_of(status, date)
    assert post.publish(NOW)
    assert (post.status, post.published_at) == (PUBLISHED, expected)


def test_publishing_twice_keeps_the_first_date() -> None:
    post = post_of(PUBLISHED, PAST)
    assert not post.publish(NOW)
    assert post.published_at == PAST


@pytest.mark.parametrize(("status", "date", "kept"), [(PUBLISHED, PAST, PAST), (SCHEDULED, FUTURE, None)])
def test_unpublishing_forgets_a_plan_only(status: PostStatus, date: datetime, kept: datetime | None) -> None:
    post = post_of(status, date)
    assert post.unpublish()
    assert (post.status, post.published_at) == (DRAFT, kept)


def test_unpublishing_a_draft_changes_nothing() -> None:
    post = post_of(DRAFT, FUTURE)
    assert not post.unpublish()
    assert post.published_at == FUTURE


@pytest.mark.parametrize("status", [DRAFT, SCHEDULED, PUBLISHED])
def test_scheduling_plans_a_post(status: PostStatus) -> None:
    post = post_of(status, PAST)
    assert post.schedule(FUTURE, NOW)
    assert (post.status, post.published_at) == (SCHEDULED, FUTURE)
    assert not post.schedule(FUTURE, NOW)


@pytest.mark.parametrize("status", [DRAFT, PUBLISHED])
def test_publishing_a_post_that_was_scheduled_anew_restores_its_date(status: PostStatus) -> None:
    post = post_of(status, PAST)
    post.schedule(FUTURE, NOW)
    post.schedule(FUTURE + timedelta(days=1), NOW)
    assert post.publish(NOW)
    assert (post.published_at, post.first_published_at) == (PAST, None)


def test_unpublishing_a_post_that_was_scheduled_anew_restores_its_date() -> None:
    post = post_of(PUBLISHED, PAST)
    post.reschedule(FUTURE, NOW)
    assert post.unpublish()
    assert (post.status, post.published_at, post.first_published_at) == (DRAFT, PAST, None)


def test_a_post_that_was_scheduled_anew_keeps_the_new_date_when_it_is_due() -> None:
    post = post_of(PUBLISHED, PAST)
    post.reschedule(FUTURE, NOW)
    assert post.publish(FUTURE)
    assert (post.published_at, post.first_published_at) == (FUTURE, None)


def test_a_scheduled_post_that_is_overdue_was_never_published() -> None:
    post = post_of(SCHEDULED, PAST)
    post.schedule(FUTURE, NOW)
    assert post.publish(NOW)
    assert post.published_at == NOW


def test_a_post_expires() -> None:
    post = post_of(PUBLISHED, PAST)
    assert post.expire(NOW)
    assert not post.expire(NOW)
    assert (post.has_expired(PAST), post.has_expired(NOW)) == (False, True)
    assert post.withdraw()
    assert (post.status, post.published_at, post.expires_at) == (DRAFT, PAST, None)


def test_publishing_removes_an_expiry_date_that_has_passed() -> None:
    post = post_of(DRAFT)
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
def test_redating_makes_a_published_post_wait_for_its_date(
    status: PostStatus, when: datetime, expected: PostStatus
) -> None:
    post = post_of(status, NOW)
    post.reschedule(when, NOW)
    assert (post.status, post.published_at) == (expected, when)


def test_the_trash_hides_the_status_and_gives_it_back() -> None:
    post = post_of(PUBLISHED, PAST)
    assert post.trash(NOW)
    assert not post.trash(FUTURE)
    assert (post.display_status, post.status, post.trashed_at) == (PostStatus.TRASHED, PUBLISHED, NOW)
    assert post.restore()
    assert not post.restore()
    assert (post.display_status, post.trashed_at) == (PUBLISHED, None)


def test_retagging_marks_the_post_only_when_the_tags_differ() -> None:
    red, blue = make_tag("red"), make_tag("blue")
    red.id, blue.id = 1, 2
    post = make_post(author=make_user(), tags=[red, blue])
    assert not post.set_tags([blue, red], NOW)
    assert post.updated_at is None
    assert post.set_tags([blue], NOW)
    assert (post.tags, post.updated_at) == ([blue], NOW)


def test_tag_names_are_in_the_order_of_their_keys() -> None:
    post = make_post(author=make_user(), tags=[make_tag("b"), make_tag("C"), make_tag("A")])
    assert post.tag_names == ["A", "b", "C"]


def test_writing_counts_the_words() -> None:
    post = post_of()
    post.write("three short words")
    assert (post.content, post.words) == ("three short words", 3)
