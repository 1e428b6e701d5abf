"""Files and folders that are read, compressed or not."""

import gzip
import io
from functools import partial
from pathlib import Path

import pytest

from blogcli.errors import InvalidError, UsageError
from blogcli.interchange.sources import Source

TEXT = b"".join(b"%d: the quick brown fox\n" % (number * 7919) for number in range(20_000))
PACKED = gzip.compress(TEXT, mtime=0)
MIDDLE = len(PACKED) // 2
DAMAGED = {
    "cut": PACKED[:MIDDLE],
    "no content": PACKED[:2],
    "wrong checksum": PACKED[:-6] + bytes([PACKED[-6] ^ 1]) + PACKED[-5:],
    "wrong content": PACKED[:MIDDLE] + b"\xff" * 64 + PACKED[MIDDLE + 64 :],
    "wrong from the first byte": PACKED[:10] + b"\xff" * 64 + PACKED[74:],
    "something behind it": PACKED + b"junk",
}


def source(folder: Path, content: bytes, name: str = "blog") -> Source:
    path = folder / name
    path.write_bytes(content)
    return Source.at(path)


@pytest.mark.parametrize("name", ["blog.txt", "blog.gz", "blog"])
@pytest.mark.parametrize(
    "content", [TEXT, PACKED, gzip.compress(TEXT[:9]) + gzip.compress(TEXT[9:])], ids=["plain", "packed", "in parts"]
)
def test_the_content_says_whether_it_is_compressed_not_the_name(tmp_path: Path, name: str, content: bytes) -> None:
    found = source(tmp_path, content, name)
    with found.open() as file:
        assert found.read(file) == TEXT


def test_a_source_is_read_as_far_as_asked_and_again_from_its_start(tmp_path: Path) -> None:
    found = source(tmp_path, PACKED)
    for _ in range(2):
        with found.open() as file:
            assert found.read(file, 10) + found.read(file, 10) == TEXT[:20]


@pytest.mark.parametrize("content", [TEXT, PACKED])
def test_a_source_starts_with_so_much_that_a_format_can_be_told(tmp_path: Path, content: bytes) -> None:
    start = source(tmp_path, content).read_start()
    assert TEXT.startswith(start)
    assert 10_000 <= len(start) < len(TEXT)


@pytest.mark.parametrize("content", [b"", b"\x1f", b"\xef\xbb", b"{}"])
def test_a_short_source_starts_with_all_of_it(tmp_path: Path, content: bytes) -> None:
    assert source(tmp_path, content).read_start() == content


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_source_starts_behind_its_byte_order_mark(tmp_path: Path, pack: type[bytes]) -> None:
    assert source(tmp_path, pack(b"\xef\xbb\xbf\xef\xbb\xbf{}")).read_start() == b"\xef\xbb\xbf{}"


def test_a_folder_starts_with_nothing_and_cannot_be_opened(tmp_path: Path) -> None:
    found = Source.at(tmp_path)
    assert found.read_start() == b""
    with pytest.raises(UsageError, match=f"Cannot read {tmp_path}: Is a directory"):
        found.open()


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_source_is_named(tmp_path: Path, content: bytes) -> None:
    found = source(tmp_path, content, "blog.gz")
    with found.open() as file, pytest.raises(InvalidError, match=r"blog\.gz: \S"):
        found.read(file)
    with found.open() as file, pytest.raises(InvalidError, match=r"blog\.gz: \S"):
        list(iter(partial(found.read_line, file, 1 << 20), b""))


@pytest.mark.parametrize("damage", ["no content", "wrong from the first byte"])
def test_a_source_that_is_damaged_at_its_start_is_named_too(tmp_path: Path, damage: str) -> None:
    with pytest.raises(InvalidError, match=r"blog\.gz: \S"):
        source(tmp_path, DAMAGED[damage], "blog.gz").read_start()


@pytest.mark.parametrize("name", ["missing", "a" * 5_000, "missing/below", "blog/below"])
def test_there_is_no_source_where_there_is_nothing(tmp_path: Path, name: str) -> None:
    source(tmp_path, TEXT)
    with pytest.raises(UsageError, match="Cannot read"):
        Source.at(tmp_path / name)


def test_a_source_that_went_away_cannot_be_read(tmp_path: Path) -> None:
    found = source(tmp_path, TEXT)
    found.path.unlink()
    with pytest.raises(UsageError, match=f"Cannot read {found.name}: No such file"):
        found.open()


@pytest.mark.parametrize("content", [b"", TEXT, PACKED])
def test_a_stream_is_kept_to_be_read_more_than_once(tmp_path: Path, content: bytes) -> None:
    found = Source.of_stream("-", io.BytesIO(content), tmp_path)
    assert found.name == "-"
    for _ in range(2):
        with found.open() as file:
            assert found.read(file) == (TEXT if content else b"")
