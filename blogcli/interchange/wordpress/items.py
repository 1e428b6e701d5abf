"""A post as an item of WXR.

What `extra["wordpress"]` holds stands in the elements it came from. Not so the numbers of posts and images, the metas
of the trash, texts that the post says otherwise, categories that are no tags of it, and elements that came twice.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from itertools import count
from typing import Final
from urllib.parse import quote

from ..content_format import GHOST_URL
from ..items import WriteOptions
from ..records import PostRecord
from ..xml_text import cdata, element, lines
from . import extra_names
from .embedding import guid_of, metas_to_restore
from .extra_names import Kept, maps_in, text_in
from .statuses import status_before_trash, status_to_write
from .taxonomies import categories_to_write
from .texts import content_to_write, excerpt_to_write, name_to_write, title_to_write
from .unknown_elements import elements_to_write
from .xml_reader import element_of

_NO_DATE: Final = "0000-00-00 00:00:00"
_TRASH_METAS: Final = ("_wp_trash_meta_status", "_wp_trash_meta_time", "_wp_desired_post_slug")
_NAME: Final = re.compile("[A-Za-z][A-Za-z_]*")


class ItemWriter:
    """Writes posts, and an attachment for the image of each that has one; numbers both."""

    def __init__(self, options: WriteOptions) -> None:
        self._options = options
        # Not the numbers that they may have had: of two blogs they are the same ones.
        self._numbers = count(1)

    def write(self, post: PostRecord) -> Iterator[str]:
        """The items of a post."""
        kept = extra_names.kept_of(post)
        number = str(next(self._numbers))
        image = self._whole(_image(post))
        metas = _metas(kept)
        if image:
            attachment = str(next(self._numbers))
            metas.append((extra_names.THUMBNAIL, attachment))
            yield _item(_of_image(image, attachment, number))
        yield _item(self._of_post(post, kept, number, metas))

    def _of_post(self, post: PostRecord, kept: Kept, number: str, metas: list[tuple[str, str]]) -> list[str | None]:
        now = self._options.now
        page = f"{self._options.url}/{quote(post.slug or '')}/"
        elements = [
            cdata("title", title_to_write(post, kept)),
            element("link", text_in(kept, "link") or page),
            element("pubDate", text_in(kept, "pubDate") or _rfc_822(post.published_at)),
            cdata("dc:creator", post.author or ""),
            element("guid", guid_of(post), isPermaLink=text_in(kept, "guid_is_permalink") or "false"),
            element("description", text_in(kept, "description")),
            cdata("content:encoded", self._whole(content_to_write(post))),
            cdata("excerpt:encoded", excerpt_to_write(post, kept)),
            element("wp:post_id", number),
            *(cdata(f"wp:{name}", text) for name, text in _dates(post, kept).items()),
            *(cdata(f"wp:{name}", text_in(kept, name) or default) for name, default in extra_names.DEFAULTS.items()),
            cdata("wp:post_name", name_to_write(post, kept)),
            cdata("wp:status", status_to_write(post, kept, now)),
            cdata("wp:post_password", text_in(kept, "post_password")),
            cdata("wp:post_type", "post"),
            *(cdata("category", text, **attributes) for attributes, text in categories_to_write(post, kept)),
            *(_meta("wp:postmeta", key, value) for key, value in [*_trash(post, kept, now), *metas]),
            *_comments(kept),
            *elements_to_write(kept),
        ]
        own = metas_to_restore(post, element_of(_item(elements)))
        return [*elements, *(_meta("wp:postmeta", key, value) for key, value in own.items())]

    def _whole(self, text: str) -> str:
        """A text in which nothing stands for the address of the blog but itself."""
        return text.replace(GHOST_URL, self._options.url)


def _item(elements: Sequence[str | None]) -> str:
    return f"<item>\n{lines(elements, indent=1)}</item>\n"


def _date(post: PostRecord) -> datetime | None:
    return post.published_at or post.created_at


def _dates(post: PostRecord, kept: Kept) -> dict[str, str]:
    published, modified = _wordpress_date(_date(post)), _wordpress_date(post.updated_at or _date(post))
    return {
        "post_date": text_in(kept, "post_date") or published,
        "post_date_gmt": published,
        "post_modified": text_in(kept, "post_modified") or modified,
        "post_modified_gmt": modified,
    }


def _wordpress_date(instant: datetime | None) -> str:
    return instant.replace(tzinfo=None).isoformat(" ", "seconds") if instant else _NO_DATE


def _rfc_822(instant: datetime | None) -> str:
    return format_datetime(instant, usegmt=True) if instant else ""


def _metas(kept: Kept) -> list[tuple[str, str]]:
    # Numbers of attachments mean others there, and the trash is told anew.
    left_out = {extra_names.THUMBNAIL, *_TRASH_METAS}
    return [
        (text_in(each, "key"), text_in(each, "value"))
        for each in maps_in(kept, "postmeta")
        if text_in(each, "key") not in left_out
    ]


def _trash(post: PostRecord, kept: Kept, now: datetime) -> list[tuple[str, str]]:
    if post.trashed_at is None:
        return []
    values = (
        status_before_trash(post, kept, now),
        str(int(post.trashed_at.timestamp())),
        quote(post.slug or "", safe="").lower(),
    )
    return list(zip(_TRASH_METAS, values, strict=True))


def _meta(name: str, key: str, value: str) -> str:
    return f"<{name}>{cdata('wp:meta_key', key)}{cdata('wp:meta_value', value)}</{name}>"


def _comments(kept: Kept) -> Iterator[str]:
    for comment in maps_in(kept, "comments"):
        named = {name: text for name, text in comment.items() if isinstance(text, str) and _NAME.fullmatch(name)}
        texts = [cdata(f"wp:{name}", text) for name, text in named.items()]
        metas = maps_in(comment, "commentmeta")
        texts += [_meta("wp:commentmeta", text_in(each, "key"), text_in(each, "value")) for each in metas]
        yield f"<wp:comment>{''.join(texts)}</wp:comment>"


def _image(post: PostRecord) -> str:
    for kept in (post.extra.get(extra_names.NAME), post.extra.get("ghost")):
        image = text_in(kept, "feature_image") if isinstance(kept, Mapping) else ""
        if image:
            return image
    return ""


def _of_image(address: str, number: str, post: str) -> list[str | None]:
    return [
        cdata("title", address.rpartition("/")[2]),
        element("guid", address, isPermaLink="false"),
        element("wp:post_id", number),
        element("wp:post_parent", post),
        cdata("wp:status", "inherit"),
        cdata("wp:post_type", "attachment"),
        cdata("wp:attachment_url", address),
    ]
