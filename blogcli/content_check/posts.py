"""Rules about the slug and the dates of a post."""

import unicodedata
from datetime import datetime

from ..enums import CheckRule, PostStatus
from .records import CheckedPost, Issue

# Letters and marks that have no visible form, although Unicode does not assign them to the category of formats.
_INVISIBLE_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17d5\u180b\u180c\u180d\u180f\u3164\uffa0")


def check_slug(slug: str) -> Issue | None:
    """Return an issue if a slug contains a character that cannot be seen, and otherwise None."""
    if slug.isascii() and slug.isprintable() and " " not in slug:
        return None
    invisible = [character for character in slug if _is_invisible(character)]
    if not invisible:
        return None
    names = ", ".join(dict.fromkeys(f"U+{ord(character):04X}" for character in invisible))
    visible = "".join(character for character in slug if not _is_invisible(character))
    return Issue(
        rule=CheckRule.INVISIBLE_SLUG_CHARACTER,
        text=f"The slug contains invisible characters: {names}",
        repair=f"Change the slug to {visible}" if visible else "Change the slug",
    )


def check_due_dates(post: CheckedPost, now: datetime) -> Issue | None:
    """Return an issue if a post should have been published or unpublished before `now`, and otherwise None."""
    if post.status == PostStatus.SCHEDULED and post.published_at is not None and post.published_at <= now:
        text = f"The post was scheduled for {_minutes(post.published_at)}, but is not published"
    elif post.status == PostStatus.PUBLISHED and post.expires_at is not None and post.expires_at <= now:
        text = f"The post expired at {_minutes(post.expires_at)}, but is still published"
    else:
        return None
    return Issue(rule=CheckRule.OVERDUE_POST, text=text, repair="Run `blogcli post publish-due`")


def _is_invisible(character: str) -> bool:
    category = unicodedata.category(character)
    is_selector = "\ufe00" <= character <= "\ufe0f" or "\U000e0000" <= character <= "\U000e0fff"
    return category in ("Cc", "Cf", "Zs", "Zl", "Zp") or is_selector or character in _INVISIBLE_LETTERS


def _minutes(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M} UTC"
