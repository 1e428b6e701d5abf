"""Select the articles of a feed from records."""

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

# A user name that contains an e-mail address is not published.
_ADDRESS = re.compile(r"[^\s@]@[^\s@]")
_FORMATS_WITH_IMAGES = ("ghost", "wordpress")


@dataclass(frozen=True, kw_only=True)
class Article:
    """A published post, whose texts contain no characters that XML forbids."""

    uuid: UUID
    title: str
    html: str
    published: datetime
    updated: datetime
    url: str | None
    summary: str | None
    # The author is None if the user has no name that may be published.
    author: str | None
    tags: tuple[str, ...]
    image: str | None

    @property
    def id(self) -> str:
        """The permanent id of the article, which does not change with its URL."""
        return self.uuid.urn


class LatestUpdate:
    """The time of the latest update in a series of articles, which is known after the last article."""

    def __init__(self) -> None:
        self.time: datetime | None = None

    def track(self, articles: Iterable[Article]) -> Iterator[Article]:
        """Yield the articles unchanged, and store the latest time of an update in `time`."""
        for article in articles:
            self.time = max(self.time or article.updated, article.updated)
            yield article


def select_articles(records: Iterable[Record], site: Site) -> Iterator[Article]:
    """Yield the posts that are published at the time `site.now`, in the order of the records."""
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
    """Return the time of publication in UTC, or None if the post is not published."""
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
        # For readers, a post that was last edited before its publication is new at its publication.
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
    # Relative URLs become absolute, because feed readers show the article outside of the blog. The HTML is sanitized
    # last, because the removal of a character can turn harmless text into a script.
    return sanitize(html, base=base)


def _find_image(post: PostRecord, site: Site) -> str | None:
    for name in _FORMATS_WITH_IMAGES:
        extra = post.extra.get(name)
        image = extra.get("feature_image") if isinstance(extra, Mapping) else None
        if isinstance(image, str) and image.strip():
            return site.absolute(site.replace_placeholder(without_unwritable(image).strip()))
    return None
