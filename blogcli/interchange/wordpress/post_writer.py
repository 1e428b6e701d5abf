"""Write a post as an item of WXR.

The fields of `extra["wordpress"]` are written to the elements from which they were read. The following imported data is
not written:
- the numbers of posts and attachments, because all items are numbered again;
- the meta fields about the trash, because their values are derived from the post;
- the original form of a title, slug or excerpt that was edited after the import;
- categories whose tag was removed after the import;
- repetitions of elements that an item should contain only once.
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
from .embedding import format_guid, make_post_metas
from .export_file.xml_reader import parse_element
from .extra_names import ExtraFields, get_maps, get_text
from .statuses import format_status, format_untrashed_status
from .taxonomies import format_categories
from .texts import format_content, format_excerpt, format_post_name, format_title
from .unknown_elements import format_unknown_elements

_NO_DATE: Final = "0000-00-00 00:00:00"
_TRASH_METAS: Final = ("_wp_trash_meta_status", "_wp_trash_meta_time", "_wp_desired_post_slug")
_FIELD_NAME: Final = re.compile("[A-Za-z][A-Za-z_]*")


class PostWriter:
    """Writes posts as items, and numbers the items.

    The featured image of a post is written as a separate item: an attachment with its own number.
    """

    def __init__(self, options: WriteOptions) -> None:
        self._options = options
        # Posts from different blogs may have had the same number before the import, so all posts get new numbers.
        self._numbers = count(1)

    def write(self, post: PostRecord) -> Iterator[str]:
        """Yield the item of the featured image, if the post has one, and then the item of the post."""
        fields = extra_names.get_extra_fields(post)
        number = str(next(self._numbers))
        image = self._insert_url(_find_image(post))
        metas = _list_metas(fields)
        if image:
            attachment_number = str(next(self._numbers))
            metas.append((extra_names.THUMBNAIL_META, attachment_number))
            yield _format_item(_list_image_elements(image, attachment_number, number))
        yield _format_item(self._list_post_elements(post, fields, number, metas))

    def _list_post_elements(
        self, post: PostRecord, fields: ExtraFields, number: str, metas: list[tuple[str, str]]
    ) -> list[str | None]:
        now = self._options.now
        link = get_text(fields, "link") or f"{self._options.url}/{quote(post.slug or '')}/"
        flags = {name: get_text(fields, name) or default for name, default in extra_names.DEFAULTS.items()}
        elements = [
            cdata("title", format_title(post, fields)),
            element("link", link),
            element("pubDate", get_text(fields, "pubDate") or _format_rfc_822(post.published_at)),
            cdata("dc:creator", post.author or ""),
            element("guid", format_guid(post), isPermaLink=get_text(fields, "guid_is_permalink") or "false"),
            element("description", get_text(fields, "description")),
            cdata("content:encoded", self._insert_url(format_content(post))),
            cdata("excerpt:encoded", format_excerpt(post, fields)),
            element("wp:post_id", number),
            *(cdata(f"wp:{name}", text) for name, text in (_format_dates(post, fields) | flags).items()),
            cdata("wp:post_name", format_post_name(post, fields)),
            cdata("wp:status", format_status(post, fields, now)),
            cdata("wp:post_password", get_text(fields, "post_password")),
            cdata("wp:post_type", "post"),
            *(cdata("category", text, **attributes) for attributes, text in format_categories(post, fields)),
            *(_format_meta("wp:postmeta", *meta) for meta in [*_list_trash_metas(post, fields, now), *metas]),
            *_format_comments(fields),
            *format_unknown_elements(fields),
        ]
        own_metas = make_post_metas(post, parse_element(_format_item(elements)))
        return [*elements, *(_format_meta("wp:postmeta", *meta) for meta in own_metas.items())]

    def _insert_url(self, text: str) -> str:
        """Replace Ghost's placeholder for the URL of the blog, because WordPress does not know the placeholder."""
        return text.replace(GHOST_URL, self._options.url)


def _format_item(elements: Sequence[str | None]) -> str:
    return f"<item>\n{lines(elements, indent=1)}</item>\n"


def _format_dates(post: PostRecord, fields: ExtraFields) -> dict[str, str]:
    post_date = post.published_at or post.created_at
    published = _format_date(post_date)
    modified = _format_date(post.updated_at or post_date)
    return {
        "post_date": get_text(fields, "post_date") or published,
        "post_date_gmt": published,
        "post_modified": get_text(fields, "post_modified") or modified,
        "post_modified_gmt": modified,
    }


def _format_date(date: datetime | None) -> str:
    return date.replace(tzinfo=None).isoformat(" ", "seconds") if date else _NO_DATE


def _format_rfc_822(date: datetime | None) -> str:
    return format_datetime(date, usegmt=True) if date else ""


def _list_metas(fields: ExtraFields) -> list[tuple[str, str]]:
    # The meta fields with these keys are written with new values: attachments get new numbers, and the meta fields
    # about the trash are derived from the post.
    skipped_keys = {extra_names.THUMBNAIL_META, *_TRASH_METAS}
    metas = [(get_text(meta, "key"), get_text(meta, "value")) for meta in get_maps(fields, "postmeta")]
    return [(key, value) for key, value in metas if key not in skipped_keys]


def _list_trash_metas(post: PostRecord, fields: ExtraFields, now: datetime) -> list[tuple[str, str]]:
    if post.trashed_at is None:
        return []
    values = (
        format_untrashed_status(post, fields, now),
        str(int(post.trashed_at.timestamp())),
        quote(post.slug or "", safe="").lower(),
    )
    return list(zip(_TRASH_METAS, values, strict=True))


def _format_meta(name: str, key: str, value: str) -> str:
    return f"<{name}>{cdata('wp:meta_key', key)}{cdata('wp:meta_value', value)}</{name}>"


def _format_comments(fields: ExtraFields) -> Iterator[str]:
    for comment in get_maps(fields, "comments"):
        texts = {name: text for name, text in comment.items() if isinstance(text, str) and _FIELD_NAME.fullmatch(name)}
        elements = [cdata(f"wp:{name}", text) for name, text in texts.items()]
        elements += [
            _format_meta("wp:commentmeta", get_text(meta, "key"), get_text(meta, "value"))
            for meta in get_maps(comment, "commentmeta")
        ]
        yield f"<wp:comment>{''.join(elements)}</wp:comment>"


def _find_image(post: PostRecord) -> str:
    for fields in (post.extra.get(extra_names.EXTRA_KEY), post.extra.get("ghost")):
        image = get_text(fields, "feature_image") if isinstance(fields, Mapping) else ""
        if image:
            return image
    return ""


def _list_image_elements(address: str, number: str, post_number: str) -> list[str | None]:
    return [
        cdata("title", address.rpartition("/")[2]),
        element("guid", address, isPermaLink="false"),
        element("wp:post_id", number),
        element("wp:post_parent", post_number),
        cdata("wp:status", "inherit"),
        cdata("wp:post_type", "attachment"),
        cdata("wp:attachment_url", address),
    ]
