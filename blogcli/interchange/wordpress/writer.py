"""Write records as a WordPress export file (WXR 1.2)."""

from collections.abc import Iterable, Iterator, Mapping
from email.utils import format_datetime
from html import escape
from itertools import count

from ..items import WriteOptions
from ..records import PostRecord, Record, TagRecord, UserRecord
from ..xml_text import cdata, element, lines
from .embedding import format_tag_element, format_user_element
from .namespaces import DECLARATIONS
from .post_writer import PostWriter
from .taxonomies import make_nicename


def write(records: Iterable[Record], options: WriteOptions) -> Iterator[str]:
    """Yield the text of a WXR file in parts. The file contains the given users, tags and posts.

    An import of the file restores the records exactly.
    """
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"{DECLARATIONS}>\n<channel>\n'
    yield lines(_format_site(options), indent=1)
    numbers = count(1)
    posts = PostWriter(options)
    for record in records:
        match record:
            case PostRecord():
                yield from posts.write(record)
            case UserRecord():
                yield f" {_format_author(record, str(next(numbers)))}\n"
            case TagRecord():
                yield f" {_format_tag(record, str(next(numbers)))}\n"
    yield "</channel>\n</rss>\n"


def _format_site(options: WriteOptions) -> list[str]:
    return [
        cdata("title", options.title),
        element("link", options.url),
        element("pubDate", format_datetime(options.now, usegmt=True)),
        element("wp:wxr_version", "1.2"),
        element("wp:base_site_url", options.url),
        element("wp:base_blog_url", options.url),
        element("generator", "blogcli"),
    ]


def _format_author(user: UserRecord, number: str) -> str:
    texts = {
        "wp:author_id": number,
        "wp:author_login": user.email,
        "wp:author_email": user.email,
        "wp:author_display_name": escape(user.full_name or user.email, quote=False),
    }
    return _format_parent("wp:author", texts, format_user_element(user))


def _format_tag(tag: TagRecord, number: str) -> str:
    texts = {
        "wp:term_id": number,
        "wp:tag_slug": make_nicename(tag.name),
        # WordPress stores the names of tags as HTML, so &, < and > are written as character references.
        "wp:tag_name": escape(tag.name, quote=False),
    }
    return _format_parent("wp:tag", texts, format_tag_element(tag))


def _format_parent(name: str, texts: Mapping[str, str], record_element: str) -> str:
    children = (cdata(child_name, text) for child_name, text in texts.items())
    return f"<{name}>{''.join(children)}{record_element}</{name}>"
