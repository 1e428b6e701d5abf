"""Tests of files, folders and streams as sources of imports."""

import gzip
import io
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile

import pytest

from blogcli.commands.imports.import_sources import sources_at
from blogcli.errors import InvalidError, UsageError
from blogcli.interchange import sources
from blogcli.interchange.sources import Source

TEXT = b"".join(b"%d: the quick brown fox\n" % (number * 7919) for number in range(20_000))
COMPRESSED = gzip.compress(TEXT, mtime=0)
MIDDLE = len(COMPRESSED) // 2
DAMAGED = {
    "truncated": COMPRESSED[:MIDDLE],
    "without content": COMPRESSED[:2],
    "wrong checksum": COMPRESSED[:-6] + bytes([COMPRESSED[-6] ^ 1]) + COMPRESSED[-5:],
    "wrong content": COMPRESSED[:MIDDLE] + b"\xff" * 64 + COMPRESSED[MIDDLE + 64 :],
    "wrong from the first byte": COMPRESSED[:10] + b"\xff" * 64 + COMPRESSED[74:],
    "trailing data": COMPRESSED + b"junk",
}


def make_source(folder: Path, content: bytes, name: str = "blog") -> Source:
    path = folder / name
    path.write_bytes(content)
    return Source.at(path)


@pytest.mark.parametrize("name", ["blog.txt", "blog.gz", "blog"])
@pytest.mark.parametrize(
    "content",
    [TEXT, COMPRESSED, gzip.compress(TEXT[:9]) + gzip.compress(TEXT[9:])],
    ids=["plain", "compressed", "in parts"],
)
def test_compression_is_detected_from_content_not_name(tmp_path: Path, name: str, content: bytes) -> None:
    source = make_source(tmp_path, content, name)
    with source.open() as file:
        assert source.read(file) == TEXT


@pytest.mark.parametrize("unit", [b"0", b"\n"])
def test_content_that_is_compressed_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unit: bytes
) -> None:
    monkeypatch.setattr(sources, "_MAX_DECOMPRESSED_SIZE", 100_000)
    source = make_source(tmp_path, gzip.compress(unit * 1_000_000))
    for read in (source.read, source.read_line):
        sizes: list[int] = []
        with (
            source.open() as file,
            pytest.raises(InvalidError, match=r"more than 2\d\d,\d{3} bytes"),
        ):
            sizes.extend(map(len, iter(partial(read, file, 1_000), b"")))
        assert 100_000 <= sum(sizes) <= 300_000
    with source.open() as file, pytest.raises(InvalidError, match="decompressed to more than"):
        source.read(file)
    small = make_source(tmp_path, gzip.compress(unit * 100_000))
    with small.open() as file:
        assert small.read(file) == unit * 100_000


def test_endless_pipe_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_PIPE_SIZE", 3_000_000)
    with Path("/dev/zero").open("rb") as stream, TemporaryFile(dir=tmp_path) as copy:
        with pytest.raises(InvalidError, match="zero: more than 3,000,000 bytes"):
            Source.of_stream("zero", stream, copy)
        assert copy.tell() < 5_000_000


def test_source_opened_twice_is_read_from_its_start(tmp_path: Path) -> None:
    source = make_source(tmp_path, COMPRESSED)
    for _ in range(2):
        with source.open() as file:
            assert source.read(file, 10) + source.read(file, 10) == TEXT[:20]


@pytest.mark.parametrize("content", [TEXT, COMPRESSED])
def test_start_is_long_enough_to_detect_a_format(tmp_path: Path, content: bytes) -> None:
    start = make_source(tmp_path, content).read_start()
    assert TEXT.startswith(start)
    assert 10_000 <= len(start) < len(TEXT)


@pytest.mark.parametrize("content", [b"", b"\x1f", b"\xef\xbb", b"{}"])
def test_start_of_short_file_is_its_content(tmp_path: Path, content: bytes) -> None:
    assert make_source(tmp_path, content).read_start() == content


@pytest.mark.parametrize("encode", [bytes, gzip.compress])
def test_start_excludes_byte_order_mark(tmp_path: Path, encode: type[bytes]) -> None:
    assert make_source(tmp_path, encode(b"\xef\xbb\xbf\xef\xbb\xbf{}")).read_start() == b"\xef\xbb\xbf{}"


def test_folder_has_no_start_and_cannot_be_opened(tmp_path: Path) -> None:
    source = Source.at(tmp_path)
    assert source.read_start() == b""
    with pytest.raises(UsageError, match=f"Cannot read {tmp_path}: Is a directory"):
        source.open()


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_reading_damaged_file_raises_error_with_its_name(tmp_path: Path, content: bytes) -> None:
    source = make_source(tmp_path, content, "blog.gz")
    with source.open() as file, pytest.raises(InvalidError, match=r"blog\.gz: \S"):
        source.read(file)
    with source.open() as file, pytest.raises(InvalidError, match=r"blog\.gz: \S"):
        list(iter(partial(source.read_line, file, 1 << 20), b""))


@pytest.mark.parametrize("damage", ["without content", "wrong from the first byte"])
def test_reading_damaged_start_raises_error_with_its_name(tmp_path: Path, damage: str) -> None:
    with pytest.raises(InvalidError, match=r"blog\.gz: \S"):
        make_source(tmp_path, DAMAGED[damage], "blog.gz").read_start()


@pytest.mark.parametrize("name", ["missing", "a" * 5_000, "missing/below", "blog/below"])
def test_missing_path_is_rejected(tmp_path: Path, name: str) -> None:
    make_source(tmp_path, TEXT)
    with pytest.raises(UsageError, match="Cannot read"):
        Source.at(tmp_path / name)


def test_deleted_file_cannot_be_opened(tmp_path: Path) -> None:
    source = make_source(tmp_path, TEXT)
    source.path.unlink()
    with pytest.raises(UsageError, match=f"Cannot read {source.name}: No such file"):
        source.open()


@pytest.mark.parametrize("content", [b"", TEXT, COMPRESSED])
def test_stream_can_be_read_more_than_once(tmp_path: Path, content: bytes) -> None:
    with TemporaryFile(dir=tmp_path) as copy:
        source = Source.of_stream("-", io.BytesIO(content), copy)
        assert (source.name, source.size) == ("-", len(content))
        for _ in range(2):
            with source.open() as file, source.open() as other:
                assert source.read(file) == source.read(other) == (TEXT if content else b"")


def test_copy_of_stream_has_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(TEXT)))
    with ExitStack() as stack:
        (source,) = sources_at([Path("-")], stack)
        with source.open() as file:
            assert source.read(file) == TEXT
        assert list(tmp_path.iterdir()) == []
