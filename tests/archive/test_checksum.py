"""Tests that a change of any byte of a backup file is noticed."""

import gzip
import hashlib
import random
from dataclasses import replace
from pathlib import Path

import pytest

from blogcli.archive.checksum import checksum_line, checksum_member
from blogcli.archive.reader import ArchiveReader, read_header
from blogcli.archive.records import Header
from blogcli.archive.writer import ArchiveWriter
from blogcli.errors import InvalidError

HEADER = Header(
    revision="0006",
    blog="00000000-0000-0000-0000-000000000001",
    created_at="2024-05-31T16:00:00Z",
    program="blogcli 1.0",
    counts={"tags": 2, "post_tags": 0},
    last_ids={"tags": 7},
)
ROWS = [[1, "Python", None], [7, "ру́сский\0", 0.5]]


def write(path: Path, *, is_compressed: bool) -> Path:
    with path.open("wb") as file:
        writer = ArchiveWriter(file, is_compressed=is_compressed)
        writer.write_header(HEADER)
        writer.start_table("tags", ["id", "name", "key"])
        writer.write_rows(ROWS)
        writer.start_table("post_tags", ["post_id", "tag_id"])
        writer.finish()
    return path


def read(path: Path) -> dict[str, list[object]]:
    archive = ArchiveReader(path)
    return {heading.table: [row for rows in batches for row in rows] for heading, batches in archive.tables()}


@pytest.mark.parametrize("is_compressed", [False, True])
def test_rows_are_read_as_they_were_written(tmp_path: Path, is_compressed: bool) -> None:
    path = write(tmp_path / "blog", is_compressed=is_compressed)
    assert read(path) == {"tags": ROWS, "post_tags": []}
    assert ArchiveReader(path).header == HEADER


@pytest.mark.parametrize("is_compressed", [False, True])
def test_flipped_bit_anywhere_is_noticed(tmp_path: Path, is_compressed: bool) -> None:
    data = write(tmp_path / "blog", is_compressed=is_compressed).read_bytes()
    damaged = tmp_path / "damaged"
    for position in range(len(data)):
        for bit in range(8):
            changed = bytearray(data)
            changed[position] ^= 1 << bit
            damaged.write_bytes(changed)
            with pytest.raises(InvalidError):
                read(damaged)


@pytest.mark.parametrize("is_compressed", [False, True])
def test_truncated_or_extended_file_is_refused(tmp_path: Path, is_compressed: bool) -> None:
    data = write(tmp_path / "blog", is_compressed=is_compressed).read_bytes()
    damaged = tmp_path / "damaged"
    for content in (*(data[:length] for length in range(len(data))), data + b"\n", data + data):
        damaged.write_bytes(content)
        with pytest.raises(InvalidError):
            read(damaged)


def test_compressed_file_is_a_standard_gzip_file(tmp_path: Path) -> None:
    plain = write(tmp_path / "plain", is_compressed=False).read_bytes()
    compressed = gzip.decompress(write(tmp_path / "compressed", is_compressed=True).read_bytes())
    assert compressed.splitlines()[:-1] == plain.splitlines()[:-1]


def test_newer_format_is_refused_with_hint(tmp_path: Path) -> None:
    path = tmp_path / "blog"
    path.write_bytes(HEADER.to_line().replace(b'"blogcli_backup":1', b'"blogcli_backup":2'))
    with pytest.raises(InvalidError, match="format 2") as error:
        ArchiveReader(path)
    assert error.value.hint == "Install a newer blogcli."


def test_bytes_and_invalid_text_are_read_as_they_were_written(tmp_path: Path) -> None:
    rows = [[1, b"\xff\0", "caf\udce9"]]
    path = tmp_path / "blog"
    with path.open("wb") as file:
        writer = ArchiveWriter(file, is_compressed=False)
        writer.write_header(replace(HEADER, counts={"tags": 1}))
        writer.start_table("tags", ["id", "name", "key"])
        writer.write_rows(rows)
        writer.finish()
    assert rb'[1,{"base64":"/wA="},"caf\udce9"]' in path.read_bytes().splitlines()
    assert read(path) == {"tags": rows}


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 50_000,
        b'{"blogcli_backup":' * 5_000,
        HEADER.to_line().replace(b'"2024-05-31T16:00:00Z"', b'"yesterday"'),
        HEADER.to_line().replace(b'"2024-05-31T16:00:00Z"', b'"2024-05-31T16:00:00"'),
        HEADER.to_line().replace(b'"2024-05-31T16:00:00Z"', b'"0001-01-01T00:00:00+23:59"'),
        HEADER.to_line().replace(b'"2024-05-31T16:00:00Z"', b'"9999-12-31T23:59:59Z"'),
        HEADER.to_line().replace(b'"2024-05-31T16:00:00Z"', b"1"),
        HEADER.to_line().replace(b'"blogcli 1.0"', rb'"\u001b[31m"'),
        HEADER.to_line().replace(b'"blogcli 1.0"', rb'"\ud800"'),
        HEADER.to_line().replace(b'"tags":2', b'"tags":9223372036854775808'),
        HEADER.to_line().replace(b'"00000000-0000-0000-0000-000000000001"', b'"1"'),
        HEADER.to_line().replace(b'"0006"', b"6"),
        HEADER.to_line().replace(b'"tags":2', b'"tags":[2]'),
        HEADER.to_line().replace(b'{"tags":7}', b"[7]"),
    ],
)
def test_file_with_invalid_header_is_no_backup(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "blog"
    path.write_bytes(line)
    with pytest.raises(InvalidError, match="is not a backup of blogcli"):
        read_header(path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b'[1,"Python",null]', b'[1,"Python"]', "A row in the backup is invalid"),
        (b'[1,"Python",null]', b'[1,"Python",{"a":1}]', "A row in the backup is invalid"),
        (b'[1,"Python",null]', b'[1,"Python",{"base64":"\xff"}]', "A row in the backup is invalid"),
        (b'[1,"Python",null]', b'[1,"Python",%b]' % (b"[" * 5_000 + b"]" * 5_000), "A row in the backup is invalid"),
        (b'[1,"Python",null]', b'[1,"Python",', "A row in the backup is invalid"),
        (b'["post_id","tag_id"]', b"3", "heading"),
        (b'["post_id","tag_id"]', b'["post_id",3]', "heading"),
        (b'{"table":"post_tags"', b'{"table":3', "heading"),
        (b'"columns":["post_id"', b'"names":["post_id"', "heading"),
        (b'"end"', b'"END"', "the digests of its tables are wrong"),
    ],
)
def test_invalid_line_is_refused_even_if_checksum_is_right(
    tmp_path: Path, old: bytes, new: bytes, message: str
) -> None:
    *lines, _ = write(tmp_path / "blog", is_compressed=False).read_bytes().splitlines(keepends=True)
    content = b"".join(lines)
    assert old in content
    changed = content.replace(old, new)
    path = tmp_path / "changed"
    path.write_bytes(changed + checksum_line(hashlib.sha256(changed).hexdigest()))
    with pytest.raises(InvalidError, match=message):
        read(path)


@pytest.mark.parametrize("damage", ["truncated", "wrong bytes"])
def test_damaged_compression_is_refused_even_if_checksum_is_right(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "blog"
    rows = [[number, random.Random(number).randbytes(40).hex(), None] for number in range(5_000)]  # noqa: S311 - any text
    with path.open("wb") as file:
        writer = ArchiveWriter(file, is_compressed=True)
        writer.write_header(replace(HEADER, counts={"tags": len(rows)}))
        writer.start_table("tags", ["id", "name", "key"])
        writer.write_rows(rows)
        writer.finish()
    data = path.read_bytes()[: -len(checksum_member("0" * 64))]
    half = len(data) // 2
    changed = data[:half] if damage == "truncated" else data[:half] + b"\xff" * 100 + data[half + 100 :]
    path.write_bytes(changed + checksum_member(hashlib.sha256(changed).hexdigest()))
    with pytest.raises(InvalidError, match=r"damaged|A row in the backup is invalid"):
        read(path)
