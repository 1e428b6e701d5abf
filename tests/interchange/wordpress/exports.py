"""Functions that create small WordPress exports, and functions that read exports."""

from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from blogcli.interchange import wordpress
from blogcli.interchange.items import ImportedItem, ReadOptions
from blogcli.interchange.notes import NoteCode
from blogcli.interchange.records import PostRecord
from blogcli.interchange.sources import Source

NOW = datetime(2024, 5, 31, 12, tzinfo=UTC)
START = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel><wp:wxr_version>1.2</wp:wxr_version>
<wp:base_blog_url>https://blog.example</wp:base_blog_url>
"""
END = "</channel></rss>"


def make_author(login: str = "ann", **fields: str) -> str:
    """Return the XML of a <wp:author> element."""
    names = "".join(f"<wp:author_{name}>{text}</wp:author_{name}>" for name, text in fields.items())
    return f"<wp:author><wp:author_login>{login}</wp:author_login>{names}</wp:author>"


def make_item(*children: str, title: str = "A post", content: str = "", **fields: str) -> str:
    """Return the XML of an <item> that is a published post by default.

    `fields` are written as elements in the namespace wp. `children` are the XML of further elements.
    """
    values = {"post_id": "1", "status": "publish", "post_type": "post", "post_date_gmt": "2020-01-02 03:04:05"} | fields
    elements = "".join(f"<wp:{name}>{text}</wp:{name}>" for name, text in values.items())
    body = f"<content:encoded><![CDATA[{content}]]></content:encoded>"
    return f"<item><title>{title}</title>{body}{elements}{''.join(children)}</item>"


def make_meta(key: str, value: str) -> str:
    """Return the XML of a <wp:postmeta> element."""
    return f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value>{value}</wp:meta_value></wp:postmeta>"


def make_export(*elements: str) -> bytes:
    """Return a complete export that contains the given elements."""
    return f"{START}{''.join(elements)}{END}".encode()


def write_sources(folder: Path, *exports: bytes) -> list[Source]:
    """Write each export to a file in a folder, and return the files as sources."""
    paths = [folder / f"{number}.xml" for number in range(1, len(exports) + 1)]
    for path, data in zip(paths, exports, strict=True):
        path.write_bytes(data)
    return [Source(path.name, path) for path in paths]


def read_items(
    sources: Iterable[Source], *, zone: tzinfo = UTC, keep_html: bool = False, is_lenient: bool = False
) -> list[ImportedItem]:
    """Read all items of the sources, and check that the scan counted the items correctly."""
    options = ReadOptions(zone=zone, now=NOW, keep_html=keep_html, is_lenient=is_lenient)
    result = wordpress.reader.scan(list(sources), options)
    items = [wordpress.reader.read(raw_item, options) for raw_item in result.items]
    assert len(items) == result.total
    return items


def posts_of(items: Iterable[ImportedItem]) -> list[PostRecord]:
    """Return the posts of the items."""
    return [item.post for item in items if item.post is not None]


def codes_of(items: Iterable[ImportedItem]) -> list[NoteCode]:
    """Return the codes of all notes about the items."""
    return [note.code for item in items for note in item.notes]
