"""Select the posts that a feed contains, and convert them to articles."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from ...enums import PostStatus
from ..content_format import is_html
from ..html import render_trusted, sanitize
from ..records import PostRecord, Record, UserRecord
from ..xml_text import without_unwritable
from .site import Site

# Matches an e-mail address in the name of a user. A name that contains an e-mail address is not published.
_ADDRESS = re.compile(r"[^\s@]@[^\s@]")
_FORMATS_WITH_IMAGES = ("ghost", "wordpress")


@dataclass(frozen=True, kw_only=True)
class Article:
    """A published post in a feed. Its texts contain no characters that XML forbids."""

    uuid: UUID
    title: str
    html: str
    published: datetime
    updated: datetime
    url: str | None
    summary: str | None
    # The name of the author, or None if the author has no name that may be published.
    author: str | None
    tags: tuple[str, ...]
    image: str | None

    @property
    def id(self) -> str:
        """The permanent id of the article. The id stays the same when the URL of the article changes."""
        return self.uuid.urn


class LatestUpdate:
    """The time of the latest update of any article in a series.

    `time` is final only after `track` has yielded the last article. `time` is None if the series is empty.
    """

    def __init__(self) -> None:
        self.time: datetime | None = None

    def track(self, articles: Iterable[Article]) -> Iterator[Article]:
        """Yield the articles unchanged, and store the time of the latest update so far in `time`."""
        for article in articles:
            self.time = max(self.time or article.updated, article.updated)
            yield article


def select_articles(records: Iterable[Record], site: Site) -> Iterator[Article]:
    """Yield an article for each post that is published at the time `site.now`, in the order of the records."""
    names: dict[str, str] = {}
    for record in records:
        if isinstance(record, UserRecord):
            name = _get_public_name(record)
            if name:
                names[record.email] = name
        elif isinstance(record, PostRecord):
            published_at = _get_publication_time(record, site.now)
            if published_at:
                yield _make_article(record, published_at, names, site)


def _get_public_name(user: UserRecord) -> str | None:
    name = " ".join(without_unwritable(user.full_name or "").split())
    return name if name and not _ADDRESS.search(name) else None


def _get_publication_time(post: PostRecord, now: datetime) -> datetime | None:
    """Return the publication time of a post in UTC, or None if the post is not published at the time `now`."""
    if post.status is not PostStatus.PUBLISHED or post.trashed_at is not None or post.published_at is None:
        return None
    return post.published_at.astimezone(UTC) if post.published_at <= now else None


def _make_article(post: PostRecord, published_at: datetime, names: Mapping[str, str], site: Site) -> Article:
    url = site.page(post.slug) if post.slug else None
    return Article(
        uuid=post.uuid,
        title=without_unwritable(post.title),
        html=_render(site.replace_placeholder(post.content), url or site.home, is_html=is_html(post)),
        published=published_at,
        # Readers first see a post at the time of its publication. The update time must not be earlier than this time,
        # even if the post was last edited before its publication.
        updated=max(published_at, (post.updated_at or published_at).astimezone(UTC)),
        url=url,
        summary=without_unwritable(post.excerpt or "").strip() or None,
        author=names.get(post.author or ""),
        tags=tuple(filter(None, map(without_unwritable, post.tags))),
        image=_find_image(post, site),
    )


def _render(content: str, base: str, *, is_html: bool) -> str:
    text = without_unwritable(content)
    html = text if is_html else without_unwritable(render_trusted(text))
    # Relative URLs are made absolute, because feed readers show the article outside of the blog. The HTML is sanitized
    # after unwritable characters have been removed, because the removal can turn harmless text into a script.
    return sanitize(html, base=base)


def _find_image(post: PostRecord, site: Site) -> str | None:
    for name in _FORMATS_WITH_IMAGES:
        extra = post.extra.get(name)
        image = extra.get("feature_image") if isinstance(extra, Mapping) else None
        if isinstance(image, str) and image.strip():
            return site.absolute(site.replace_placeholder(without_unwritable(image).strip()))
    return None
