"""Tests of reading WordPress export files: detection, invalid files, encodings and repair."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from blogcli.errors import InvalidError
from blogcli.interchange import wordpress
from blogcli.interchange.notes import NoteCode
from blogcli.interchange.sources import Source
from tests.interchange.wordpress.exports import (
    END,
    START,
    codes_of,
    make_author,
    make_export,
    make_item,
    make_meta,
    posts_of,
    read_items,
    write_sources,
)

BOMB = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss>&b;</rss>"""


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_every_version_and_namespace_scheme_is_read(tmp_path: Path, version: str, scheme: str) -> None:
    text = make_export(make_item(content="x")).decode().replace("/1.2/", f"/{version}/")
    (source,) = write_sources(tmp_path, text.replace("http://wordpress", f"{scheme}://wordpress").encode())
    assert wordpress.reader.detect(source)
    (post,) = posts_of(read_items([source]))
    assert (post.title, post.content) == ("A post", "x")


def test_compressed_file_is_read(tmp_path: Path) -> None:
    (source,) = write_sources(tmp_path, gzip.compress(make_export(make_item())))
    assert wordpress.reader.detect(source)
    assert posts_of(read_items([source]))


@pytest.mark.parametrize("data", [b"", b"{}", b"<rss></rss>", b"<html>wordpress.org</html>", b"\x1f\x8b\x00"])
def test_other_files_are_not_detected(tmp_path: Path, data: bytes) -> None:
    (source,) = write_sources(tmp_path, data if data[:1] != b"\x1f" else gzip.compress(b""))
    assert not wordpress.reader.detect(source)


def test_folder_is_not_detected(tmp_path: Path) -> None:
    assert not wordpress.reader.detect(Source("x", tmp_path))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (BOMB, "1.xml: line 1: a document type"),
        (b"<rss><channel/></rss>", "1.xml: not a WordPress export"),
        (b"<html/>", "1.xml: line 1: not WXR"),
        (make_export(make_item(title="a & b")), "1.xml: line 6: not well-formed"),
        (make_export(make_item(title="\b")), "1.xml: line 6: not well-formed"),
        (make_export(make_item(title="\xff")).replace(b"\xc3\xbf", b"\xff"), "1.xml: line 6: not well-formed"),
        (START.encode(), "1.xml: line 6: no element found"),
        (START.encode() + b"<a>" * 100, "1.xml: line 6: nested more than"),
        (b"<?xml version='1.0' encoding='klingon'?><rss/>", "1.xml: line 1: unknown encoding"),
    ],
)
def test_invalid_file_is_rejected_with_line(tmp_path: Path, data: bytes, message: str) -> None:
    with pytest.raises(InvalidError) as caught:
        read_items(write_sources(tmp_path, data))
    assert caught.value.message.startswith(message)
    assert "\n" not in caught.value.message


def test_document_type_is_rejected_by_lenient_import(tmp_path: Path) -> None:
    with pytest.raises(InvalidError, match="document type"):
        read_items(write_sources(tmp_path, BOMB), is_lenient=True)


@pytest.mark.parametrize(
    ("broken", "title"),
    [
        (b"a & b", "a & b"),
        (b"a &nbsp;b&unknown; &#233; &#8;c", "a \xa0b&unknown; \xe9 c"),
        (b"a\x08b\x00c", "abc"),
        (b"caf\xe9 \xf0\x9f", "caf\ufffd \ufffd"),
        (b"<![CDATA[a & b\x0b &nope]]>", "a & b &nope"),
    ],
)
def test_invalid_characters_and_references_are_repaired(tmp_path: Path, broken: bytes, title: str) -> None:
    data = make_export("\n\n", make_item(title="TITLE")).replace(b"TITLE", broken)
    items = read_items(write_sources(tmp_path, data), is_lenient=True)
    assert [post.title for post in posts_of(items)] == [title]
    repairs = [note for item in items for note in item.notes if note.code is NoteCode.XML_REPAIRED]
    assert [note.position for note in repairs] == [8]


@pytest.mark.parametrize("size", [1, 2, 7])
def test_repair_does_not_depend_on_chunk_size(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, size: int) -> None:
    monkeypatch.setattr("blogcli.interchange.wordpress.export_file.xml_reader.CHUNK_SIZE", size)
    data = make_export(make_item(title="\u65e5 &amp; & <![CDATA[&]] &amp;]]> &bull; \u65e5"))
    items = read_items(write_sources(tmp_path, data), is_lenient=True)
    assert [post.title for post in posts_of(items)] == ["\u65e5 & & &]] & \u2022 \u65e5"]
    assert codes_of(items).count(NoteCode.XML_REPAIRED) == 1


def test_well_formed_file_is_not_repaired(tmp_path: Path) -> None:
    data = make_export(make_author(), make_item(title="a &amp; b &#x1F600; <![CDATA[ & ]]>", content="&nbsp; & x"))
    items = read_items(write_sources(tmp_path, data), is_lenient=True, keep_html=True)
    assert items == read_items(write_sources(tmp_path, data), keep_html=True)


def test_text_after_end_is_ignored_by_lenient_import(tmp_path: Path) -> None:
    data = make_export(make_item()) + b"\nWarning: something in PHP"
    with pytest.raises(InvalidError):
        read_items(write_sources(tmp_path, data))
    assert posts_of(read_items(write_sources(tmp_path, data), is_lenient=True))


def test_leading_blank_line_is_repaired(tmp_path: Path) -> None:
    assert posts_of(read_items(write_sources(tmp_path, b"\n" + make_export(make_item())), is_lenient=True))


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "utf-16"])
@pytest.mark.parametrize("is_lenient", [False, True])
def test_other_encodings_are_read(tmp_path: Path, encoding: str, is_lenient: bool) -> None:
    text = make_export(make_item(title="caf\xe9")).decode().replace("UTF-8", encoding)
    (post,) = posts_of(read_items(write_sources(tmp_path, text.encode(encoding)), is_lenient=is_lenient))
    assert post.title == "caf\xe9"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("is_lenient", [False, True])
def test_utf_16_without_byte_order_mark_is_read(tmp_path: Path, encoding: str, is_lenient: bool) -> None:
    text = make_export(make_item(title="caf\xe9")).decode().replace("UTF-8", "utf-16")
    items = read_items(write_sources(tmp_path, text.encode(encoding)), is_lenient=is_lenient)
    assert [post.title for post in posts_of(items)] == ["caf\xe9"]
    assert NoteCode.XML_REPAIRED not in codes_of(items)


@pytest.mark.parametrize(
    ("data", "is_repairable"),
    [
        (make_export(make_item(title="a & b")), True),
        (make_export(make_item(title="&nbsp;")), True),
        (make_export(make_item(title="&#8;")), True),
        (b"\n" + make_export(make_item()), True),
        (make_export(make_item()) + b"Warning", True),
        (make_export(make_item(title="<b>")), False),
        (make_export(make_item(title="<b a='' a=''/>")), False),
        (make_export(make_item(title="<x:b/>")), False),
    ],
)
def test_hint_names_lenient_option_only_if_repairable(tmp_path: Path, data: bytes, is_repairable: bool) -> None:
    with pytest.raises(InvalidError) as caught:
        read_items(write_sources(tmp_path, data))
    assert ("--lenient" in (caught.value.hint or "")) is is_repairable
    if is_repairable:
        assert posts_of(read_items(write_sources(tmp_path, data), is_lenient=True))


def test_several_files_are_read_as_one_site(tmp_path: Path) -> None:
    image = make_item(
        post_id="7", post_type="attachment", attachment_url="https://blog.example/a.jpg", status="inherit"
    )
    post = make_item("<dc:creator>ann</dc:creator>", make_meta("_thumbnail_id", "7"))
    items = read_items(
        write_sources(tmp_path, make_export(post), make_export(make_author(email="ann@blog.example"), image))
    )
    assert [person.email for person in items[0].people] == ["ann@blog.example"]
    (imported_post,) = posts_of(items)
    assert imported_post.author == "ann@blog.example"
    assert imported_post.extra["wordpress"]["feature_image"] == "https://blog.example/a.jpg"  # type: ignore[index,call-overload]  # the JSON values are known to be objects


def test_too_long_item_does_not_affect_other_items(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("blogcli.interchange.wordpress.export_file.xml_reader.MAX_ELEMENT_SIZE", 10_000)
    data = make_export(make_item(content="x" * 20_000), make_item(title="short"))
    with pytest.raises(InvalidError, match="The item 'A post' is too long"):
        read_items(write_sources(tmp_path, data))
    data = data.replace(b"<item>", b"<item><wp:post_id>7</wp:post_id>")
    with pytest.raises(InvalidError, match="The item 'A post', number '7' is too long"):
        read_items(write_sources(tmp_path, data))


def test_unterminated_markup_is_rejected(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("blogcli.interchange.wordpress.export_file.xml_reader.MAX_ELEMENT_SIZE", 100_000)
    data = f'{START}<item a="{"x" * 300_000}"/>{END}'.encode()
    with pytest.raises(InvalidError, match="unterminated markup"):
        read_items(write_sources(tmp_path, data))


@pytest.mark.parametrize("cut", [lambda data: data[:-20], lambda data: data[: len(data) // 2]])
def test_truncated_file_is_rejected(tmp_path: Path, cut: Callable[[bytes], bytes]) -> None:
    with pytest.raises(InvalidError) as caught:
        read_items(write_sources(tmp_path, cut(make_export(make_item()))), is_lenient=True)
    assert caught.value.hint is not None
