"""Set the status and the publication date of a post. The status and the date depend on each other."""

from datetime import datetime
from typing import TYPE_CHECKING

from ...enums import PostStatus
from ...errors import InvalidError
from ...models import Post

if TYPE_CHECKING:
    from ...schemas.inputs.posts import PostUpdate


def set_status(post: Post, status: PostStatus, when: datetime | None, now: datetime) -> None:
    """Set the status and the date of a post. If `status` is PUBLISHED and the date is in the future, schedule the post.

    Raises InvalidError if `status` is SCHEDULED and there is no date.
    """
    if status is PostStatus.SCHEDULED and when is None:
        raise InvalidError("A scheduled post needs a date", hint="Give --published-at, or a date in the front matter.")
    if status is PostStatus.PUBLISHED:
        when = when or now
        status = PostStatus.SCHEDULED if when > now else status
    if status is PostStatus.SCHEDULED and when is not None:
        post.schedule(when, now)
    else:
        post.status, post.published_at, post.first_published_at = status, when, None


def update_status(post: Post, update: "PostUpdate", now: datetime) -> bool:
    """Set the status and the date of a post to the values of an update, and return whether either of them changed.

    Raises InvalidError if the post would be scheduled or published without a date.
    """
    previous = (post.status, post.published_at)
    sets_date = "published_at" in update.model_fields_set
    status = update.status or PostStatus(post.status)
    when = update.published_at if sets_date else post.published_at
    if previous == (status, when):
        return False
    if when is None and status == post.status == PostStatus.PUBLISHED:
        raise InvalidError("A published post needs a date", hint="Give a date, or make the post a draft.")
    if update.status is None and when is not None:
        post.reschedule(when, now)
        return True
    if status is PostStatus.DRAFT and not sets_date:
        # If a scheduled post becomes a draft, the date for which the post was scheduled is removed.
        return post.unpublish()
    set_status(post, status, when, now)
    return previous != (post.status, post.published_at)
