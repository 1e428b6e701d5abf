"""Tests of detecting, scanning and reading Ghost exports."""

import gzip
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blogcli.errors import InvalidError
from blogcli.interchange import ghost
from blogcli.interchange.ghost.export_file.surrogates import replace_lone_surrogates
from blogcli.interchange.sources import Source
from tests.interchange.ghost.exports import OPTIONS, list_posts, read_bytes, read_post

LONE_SURROGATE = re.compile("[\ud800-\udfff]")
TABLES = b'{"posts": [{"id": 1, "title": "A"}], "tags": []}'
SHAPES = [
    b'{"db": [{"meta": {"exported_on": 1}, "data": %b}]}' % TABLES,
    b'{"db": [{"data": %b}]}' % TABLES,
    b'{"meta": {"exported_on": 1, "version": "003"}, "data": %b}' % TABLES,
    b'{"data": %b}' % TABLES,
    TABLES,
    b"\xef\xbb\xbf" + TABLES,
    gzip.compress(TABLES, mtime=0),
]
OTHER_FILES = [b"", b"{", b"[]", b"text", b'{"type": "blogcli", "version": 1}\n', b"<rss/>", b'{"data": {"a": [1]}}']
OTHER_FILES += [
    b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"posts": []}]}',
    b"\x1f\x8b",
    b"---\ntitle: a\n---",
    b'{"users": [',
    rb"99\ud800",
]


def is_detected(tmp_path: Path, content: bytes) -> bool:
    path = tmp_path / "blog.json"
    path.write_bytes(content)
    return ghost.reader.detect(Source.at(path))


@pytest.mark.parametrize("content", SHAPES)
def test_every_shape_is_detected_and_read(tmp_path: Path, content: bytes) -> None:
    assert is_detected(tmp_path, content)
    assert [post.title for post in list_posts(read_bytes(content))] == ["A"]


@pytest.mark.parametrize("content", OTHER_FILES)
def test_other_files_are_neither_detected_nor_read(tmp_path: Path, content: bytes) -> None:
    assert not is_detected(tmp_path, content)
    with pytest.raises(InvalidError):
        read_bytes(content)


def test_folder_is_rejected(tmp_path: Path) -> None:
    assert not ghost.reader.detect(Source.at(tmp_path))
    with pytest.raises(InvalidError, match="a folder"):
        ghost.reader.scan([Source.at(tmp_path)], OPTIONS)


def test_truncated_file_is_rejected() -> None:
    for end in range(1, len(SHAPES[0])):
        with pytest.raises(InvalidError, match=r"blog\.json: unexpected end of JSON") as raised:
            read_bytes(SHAPES[0][:end])
        assert raised.value.hint


def test_error_message_contains_position() -> None:
    rows = b",\n".join([b'{"id": 1, "title": "A"}'] * 10_000)
    with pytest.raises(InvalidError, match=r"blog\.json: line 5,0\d\d, near byte \d+,\d+: not JSON: ") as raised:
        read_bytes(b'{"posts": [%b]}' % rows.replace(b'"A"', b'"A" oops', 5_050).replace(b'"A" oops', b'"A"', 5_049))
    assert "\n" not in raised.value.message


def test_too_long_number_is_rejected() -> None:
    with pytest.raises(InvalidError, match=r"line 1, near byte .*: not JSON: Exceeds the limit"):
        read_bytes(b'{"posts": [{"id": 1, "x": %b}]}' % (b"9" * 5_000))


@pytest.mark.parametrize("fault", [b"NaN", b'"\xff"', b'"a\nb"', b"{} {}", b"[" * 300 + b"]" * 300])
def test_error_in_row_rejects_file(fault: bytes) -> None:
    with pytest.raises(InvalidError, match=r"^\S*blog\.json: "):
        read_bytes(b'{"posts": [{"id": 1, "x": %b}]}' % fault)


@pytest.mark.parametrize(
    ("json_number", "value"),
    [
        *((b"1e999", "1E+999"), (b"-1e999", "-1E+999"), (b"1e-999", 0.0), (b"1e" + b"9" * 30, "NaN")),
        *((b"9" * 30, int("9" * 30)), (b"1.50", 1.5), (b"18446744073709551616", 2**64), (b"7", 7)),
    ],
)
def test_numbers_of_any_size_are_read(json_number: bytes, value: object) -> None:
    (post,) = list_posts(
        read_bytes(
            b'{"settings": [{"a": %b}], "posts": [{"id": 1, "title": "A", "x": %b}]}' % (json_number, json_number)
        )
    )
    assert post.extra == {"ghost": {"x": value}}


def test_too_long_row_is_rejected() -> None:
    with pytest.raises(InvalidError, match="a row of more than 1,000,000 values"):
        read_bytes(b'{"posts": [{"x": [%b0]}]}' % (b"{}," * 600_000))


def test_reading_is_repeatable() -> None:
    content = (Path(__file__).parents[2] / "data/interchange/ghost/markdown.json").read_bytes()
    assert list_posts(read_bytes(content)) == list_posts(read_bytes(content))


def test_ids_of_different_sources_are_separate(tmp_path: Path) -> None:
    for name in ("a", "b"):
        tables = {"posts": [{"id": 1}], "tags": [{"id": 1, "name": name}], "posts_tags": [{"post_id": 1, "tag_id": 1}]}
        (tmp_path / name).write_text(json.dumps(tables), encoding="utf-8")
    scan = ghost.reader.scan([Source.at(tmp_path / "a"), Source.at(tmp_path / "b")], OPTIONS)
    assert [post.tags for post in list_posts([ghost.reader.read(item, OPTIONS) for item in scan.items])] == [
        ("a",),
        ("b",),
    ]


def test_lone_surrogate_is_replaced() -> None:
    post, _ = read_post(title="cut \ud83d", custom_excerpt="\ude00!", og_title="whole \U0001f600 \\ud83d")
    assert (post.title, post.excerpt) == ("cut \0", "\0!")
    assert post.extra == {"ghost": {"og_title": "whole \U0001f600 \\ud83d"}}


@given(st.text(st.characters(exclude_categories=()), max_size=12), st.integers(1, 9))
def test_replacement_does_not_depend_on_chunk_size(text: str, size: int) -> None:
    escaped = json.dumps(text + "\\").encode()
    chunks = list(replace_lone_surrogates(escaped[start : start + size] for start in range(0, len(escaped), size)))
    assert all(chunks)
    replaced = b"".join(chunks)
    assert json.loads(replaced) == LONE_SURROGATE.sub("\0", json.loads(escaped))
    assert len(replaced) == len(escaped)
