"""The status and the date of a post, set together."""

from datetime import datetime
from typing import TYPE_CHECKING

from ...enums import PostStatus
from ...errors import InvalidError
from ...models import Post

if TYPE_CHECKING:
    from ...schemas.inputs.posts import PostUpdate


def set_status(post: Post, status: PostStatus, when: datetime | None, now: datetime) -> None:
    """Give a post a status and a date; a published post with a date to come is scheduled for it.

    Raises InvalidError for a scheduled post without a date.
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
    """Change the status and the date as far as the update sets them; False when nothing differed.

    Raises InvalidError for a scheduled or published post without a date.
    """
    before = (post.status, post.published_at)
    is_dated = "published_at" in update.model_fields_set
    status, when = update.status or PostStatus(post.status), update.published_at if is_dated else post.published_at
    if before == (status, when):
        return False
    if when is None and status == post.status == PostStatus.PUBLISHED:
        raise InvalidError("A published post has a date", hint="Give it one, or make it a draft.")
    if update.status is None and when is not None:
        post.reschedule(when, now)
        return True
    if status is PostStatus.DRAFT and not is_dated:
        # A date that only planned the publication goes with the plan.
        return post.unpublish()
    set_status(post, status, when, now)
    return before != (post.status, post.published_at)
