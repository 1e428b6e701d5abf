"""Records -> the articles that a feed shows, the same for feeds of all kinds."""

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

# Who has not said what they are called may have been given their address as a name.
_ADDRESS = re.compile(r"[^\s@]@[^\s@]")
_FORMATS_WITH_IMAGES = ("ghost", "wordpress")


@dataclass(frozen=True, kw_only=True)
class Article:
    """A published post; its texts hold no character that a feed cannot carry."""

    uuid: UUID
    title: str
    html: str
    published: datetime
    updated: datetime
    url: str | None
    summary: str | None
    # None where nothing but an address is known.
    author: str | None
    tags: tuple[str, ...]
    image: str | None

    @property
    def id(self) -> str:
        """What readers of feeds know it by, wherever it moves."""
        return self.uuid.urn


class Latest:
    """When the latest of the articles that have passed was updated: so none is kept or read twice."""

    def __init__(self) -> None:
        self.moment: datetime | None = None

    def noted(self, articles: Iterable[Article]) -> Iterator[Article]:
        """The articles, each noted as it passes."""
        for article in articles:
            self.moment = max(self.moment or article.updated, article.updated)
            yield article


def articles(records: Iterable[Record], site: Site) -> Iterator[Article]:
    """The posts that are published by the site's now, one at a time, in the order in which they come."""
    names: dict[str, str] = {}
    for record in records:
        if isinstance(record, UserRecord):
            names |= _public_name(record)
        elif isinstance(record, PostRecord):
            published = _published(record, site.now)
            if published:
                yield _article(record, published, names, site)


def _public_name(person: UserRecord) -> dict[str, str]:
    name = " ".join(without_unwritable(person.full_name or "").split())
    return {person.email: name} if name and not _ADDRESS.search(name) else {}


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
        # What was written before it was published is new to readers all the same.
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
    # Readers of feeds show it far from the blog, where a relative address leads nowhere. Cleaned last, since what was
    # harmless with a character more may be a script without it.
    return sanitize(html, base=base)


def _image(post: PostRecord, site: Site) -> str | None:
    for name in _FORMATS_WITH_IMAGES:
        extra = post.extra.get(name)
        image = extra.get("feature_image") if isinstance(extra, Mapping) else None
        if isinstance(image, str) and image.strip():
            return site.absolute(site.whole(without_unwritable(image).strip()))
    return None
