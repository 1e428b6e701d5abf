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

# The name of a user may be an e-mail address, which a feed must not publish.
_ADDRESS = re.compile(r"[^\s@]@[^\s@]")
_FORMATS_WITH_IMAGES = ("ghost", "wordpress")


@dataclass(frozen=True, kw_only=True)
class Article:
    """A published post; its texts contain no characters that XML forbids."""

    uuid: UUID
    title: str
    html: str
    published: datetime
    updated: datetime
    url: str | None
    summary: str | None
    # None if the user has no name that may be published.
    author: str | None
    tags: tuple[str, ...]
    image: str | None

    @property
    def id(self) -> str:
        """The permanent id of the article, which does not change with its URL."""
        return self.uuid.urn


class LatestUpdate:
    """The time of the latest update among articles that are written one after the other."""

    def __init__(self) -> None:
        self.time: datetime | None = None

    def follow(self, articles: Iterable[Article]) -> Iterator[Article]:
        """Yield articles, and remember the latest time of an update."""
        for article in articles:
            self.time = max(self.time or article.updated, article.updated)
            yield article


def articles(records: Iterable[Record], site: Site) -> Iterator[Article]:
    """Yield the posts that are published at the current time of the site, in the order of the records."""
    names: dict[str, str] = {}
    for record in records:
        if isinstance(record, UserRecord):
            names |= _public_name(record)
        elif isinstance(record, PostRecord):
            published = _published(record, site.now)
            if published:
                yield _article(record, published, names, site)


def _public_name(user: UserRecord) -> dict[str, str]:
    name = " ".join(without_unwritable(user.full_name or "").split())
    return {user.email: name} if name and not _ADDRESS.search(name) else {}


def _published(post: PostRecord, now: datetime) -> datetime | None:
    if post.status is not PostStatus.PUBLISHED or post.trashed_at is not None or post.published_at is None:
        return None
    return post.published_at.astimezone(UTC) if post.published_at <= now else None


def _article(post: PostRecord, published: datetime, names: Mapping[str, str], site: Site) -> Article:
    url = site.page(post.slug) if post.slug else None
    return Article(
        uuid=post.uuid,
        title=without_unwritable(post.title),
        html=_html(site.whole(post.content), url or site.home, is_html=is_html(post)),
        published=published,
        # A post that was last edited before its publication is new to readers at its publication.
        updated=max(published, (post.updated_at or published).astimezone(UTC)),
        url=url,
        summary=without_unwritable(post.excerpt or "").strip() or None,
        author=names.get(post.author or ""),
        tags=tuple(filter(None, map(without_unwritable, post.tags))),
        image=_image(post, site),
    )


def _html(content: str, base: str, *, is_html: bool) -> str:
    plain = without_unwritable(content)
    html = plain if is_html else without_unwritable(render_trusted(plain))
    # Relative URLs become absolute, because feed readers show the article outside of the blog. The HTML is sanitized
    # last, because the removal of a character may turn harmless text into a script.
    return sanitize(html, base=base)


def _image(post: PostRecord, site: Site) -> str | None:
    for name in _FORMATS_WITH_IMAGES:
        extra = post.extra.get(name)
        image = extra.get("feature_image") if isinstance(extra, Mapping) else None
        if isinstance(image, str) and image.strip():
            return site.absolute(site.whole(without_unwritable(image).strip()))
    return None
