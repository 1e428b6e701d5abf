"""Small exports of WordPress, and what the reader makes of them."""

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


def an_author(login: str = "ann", **fields: str) -> str:
    """An <wp:author>."""
    told = "".join(f"<wp:author_{name}>{text}</wp:author_{name}>" for name, text in fields.items())
    return f"<wp:author><wp:author_login>{login}</wp:author_login>{told}</wp:author>"


def an_item(*further: str, title: str = "A post", content: str = "", **fields: str) -> str:
    """A published <item>, with other elements of the namespace wp, and any further ones."""
    told = {"post_id": "1", "status": "publish", "post_type": "post", "post_date_gmt": "2020-01-02 03:04:05"} | fields
    elements = "".join(f"<wp:{name}>{text}</wp:{name}>" for name, text in told.items())
    body = f"<content:encoded><![CDATA[{content}]]></content:encoded>"
    return f"<item><title>{title}</title>{body}{elements}{''.join(further)}</item>"


def a_meta(key: str, value: str) -> str:
    """A <wp:postmeta>."""
    return f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value>{value}</wp:meta_value></wp:postmeta>"


def an_export(*elements: str) -> bytes:
    """A whole export."""
    return f"{START}{''.join(elements)}{END}".encode()


def written(folder: Path, *exports: bytes) -> list[Source]:
    """The exports as files."""
    paths = [folder / f"{number}.xml" for number in range(1, len(exports) + 1)]
    for path, data in zip(paths, exports, strict=True):
        path.write_bytes(data)
    return [Source(path.name, path) for path in paths]


def entries_of(
    sources: Iterable[Source], *, zone: tzinfo = UTC, keep_html: bool = False, is_lenient: bool = False
) -> list[ImportedItem]:
    """All that the sources say, of which there is as much as the survey tells."""
    options = ReadOptions(zone=zone, now=NOW, keep_html=keep_html, is_lenient=is_lenient)
    survey = wordpress.reader.scan(list(sources), options)
    entries = [wordpress.reader.read(item, options) for item in survey.items]
    assert len(entries) == survey.total
    return entries


def posts_of(entries: Iterable[ImportedItem]) -> list[PostRecord]:
    """The posts among the entries."""
    return [entry.post for entry in entries if entry.post is not None]


def codes_of(entries: Iterable[ImportedItem]) -> list[NoteCode]:
    """The codes of all notes."""
    return [note.code for entry in entries for note in entry.notes]
