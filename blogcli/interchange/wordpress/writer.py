"""Records -> WXR 1.2, as WordPress imports it."""

from collections.abc import Iterable, Iterator, Mapping
from email.utils import format_datetime
from html import escape
from itertools import count

from ..items import WriteOptions
from ..records import PostRecord, Record, TagRecord, UserRecord
from ..xml_text import cdata, element, lines
from .embedding import element_of_person, element_of_tag
from .items import ItemWriter
from .namespaces import DECLARATIONS
from .taxonomies import nicename


def write(records: Iterable[Record], options: WriteOptions) -> Iterator[str]:
    """The people, tags and posts as an export of WordPress, from which they are read again just as they are."""
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"{DECLARATIONS}>\n<channel>\n'
    yield lines(_of_site(options), indent=1)
    numbers, items = count(1), ItemWriter(options)
    for record in records:
        match record:
            case PostRecord():
                yield from items.write(record)
            case UserRecord():
                yield f" {_author(record, str(next(numbers)))}\n"
            case TagRecord():
                yield f" {_tag(record, str(next(numbers)))}\n"
    yield "</channel>\n</rss>\n"


def _of_site(options: WriteOptions) -> list[str]:
    return [
        cdata("title", options.title),
        element("link", options.url),
        element("pubDate", format_datetime(options.now, usegmt=True)),
        element("wp:wxr_version", "1.2"),
        element("wp:base_site_url", options.url),
        element("wp:base_blog_url", options.url),
        element("generator", "blogcli"),
    ]


def _author(person: UserRecord, number: str) -> str:
    texts = {
        "wp:author_id": number,
        "wp:author_login": person.email,
        "wp:author_email": person.email,
        "wp:author_display_name": escape(person.full_name or person.email, quote=False),
    }
    return _nested("wp:author", texts, element_of_person(person))


def _tag(tag: TagRecord, number: str) -> str:
    # WordPress keeps names with their references.
    texts = {"wp:term_id": number, "wp:tag_slug": nicename(tag.name), "wp:tag_name": escape(tag.name, quote=False)}
    return _nested("wp:tag", texts, element_of_tag(tag))


def _nested(name: str, texts: Mapping[str, str], own: str) -> str:
    return f"<{name}>{''.join(cdata(each, text) for each, text in texts.items())}{own}</{name}>"
