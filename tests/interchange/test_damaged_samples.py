"""Samples that were damaged at random: what is left of them is read or refused; nothing crashes, hangs or fills memory.

CI runs the short form; `BLOGCLI_ORDEAL=full python -m pytest -n 0 -m ordeal` the long one.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from resource import RUSAGE_SELF, getrusage
from zoneinfo import ZoneInfo

import pytest

from blogcli.errors import InvalidError
from blogcli.interchange import pipeline, registry
from blogcli.interchange.items import ImportedItem, ReadOptions, WriteOptions
from blogcli.interchange.sources import Source
from tests.subprocesses import PATIENCE

ROUNDS = 100_000 if os.environ.get("BLOGCLI_ORDEAL") == "full" else 500
DATA = Path(__file__).parents[1] / "data" / "interchange"
PATTERNS = {"markdown": "markdown/**/*.m*d*", "wordpress": "wordpress/*.xml", "ghost": "ghost/*.json"}
NOW = datetime(2024, 5, 31, tzinfo=UTC)
MEGABYTES = 150
PIECES = [
    *(
        b"\0",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\r",
        b"\n---\n",
        b"+++\n",
        b"&",
        b"&#0;",
        b"]]>",
        b"<![CDATA[",
        b"<!--",
        b"</item>",
    ),
    *(b'"', b"\\ud800", b"[" * 2_000, b"<div>" * 2_000, b"> " * 500, b"*a ", b"9" * 5_000, b"1e999", b"0000-00-00"),
    *(
        b"date: 9999-12-31T23:59:59-12:00\n",
        b"tags: {a: b}\n",
        b"<wp:post_date_gmt>",
        b'{"type": 1}',
        "\u202e".encode(),
    ),
]

pytestmark = pytest.mark.ordeal


def samples(name: str) -> list[bytes]:
    if name == "jsonl":
        read = [entry for path in DATA.glob(PATTERNS["ghost"]) for entry in entries("ghost", path, Random())]  # noqa: S311
        records = [record for entry in read for record in (*entry.people, *entry.tags, entry.post) if record]
        return ["".join(registry.get_file_writer("jsonl").write(records, WriteOptions(now=NOW))).encode()]
    return [path.read_bytes() for path in sorted(DATA.glob(PATTERNS[name])) if path.is_file()]


def entries(name: str, path: Path, random: Random) -> list[ImportedItem]:
    zone = ZoneInfo(random.choice(["UTC", "Europe/Berlin"]))
    html, lenient = random.random() < 0.2, random.random() < 0.5
    options = ReadOptions(zone=zone, now=NOW, keep_html=html, is_lenient=lenient)
    found = pipeline.scan(name, [Source.at(path)], options)
    return [entry for batch in pipeline.read_batches(name, found, options) for entry in batch]


def damaged(text: bytes, other: bytes, random: Random) -> bytes:
    for _ in range(random.randint(1, 6)):
        at = random.randrange(len(text) + 1)
        length = int(random.expovariate(1 / 40))
        match random.randrange(5):
            case 0:
                text = text[:at] + random.choice(PIECES) + text[at:]
            case 1:
                text = text[:at] + text[at + length :]
            case 2:
                text = text[:at] + text[at : at + length] * random.randint(2, 50) + text[at + length :]
            case 3:
                start = random.randrange(len(other) + 1)
                text = text[:at] + other[start : start + length * 20] + text[at:]
            case 4:
                text = text[:at] + random.randbytes(1) + text[at + 1 :]
    return text if random.random() < 0.9 else text[: random.randrange(len(text) + 1)]


@contextmanager
def within_patience() -> Iterator[None]:
    def give_up(*_: object) -> None:
        raise AssertionError(f"It takes more than {PATIENCE} seconds")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def texts_of(name: str, path: Path, random: Random) -> tuple[int, list[str]]:
    """How many posts were read, and what was said of them and of all others."""
    with within_patience():
        try:
            read = entries(name, path, random)
        except InvalidError as error:
            return 0, [error.message]
    return sum(entry.post is not None for entry in read), [note.message for entry in read for note in entry.notes]


@pytest.mark.parametrize("name", ["jsonl", "ghost", "wordpress", "markdown"])
def test_damaged_samples_are_read_or_refused(name: str, tmp_path: Path) -> None:
    random, path, whole = Random(7), tmp_path / "2024-05-31-post.md", samples(name)  # noqa: S311 - which, is all the same
    before, refused, accepted = getrusage(RUSAGE_SELF).ru_maxrss, 0, 0
    for _ in range(ROUNDS):
        path.write_bytes(damaged(random.choice(whole), random.choice(whole), random))
        count, texts = texts_of(name, path, random)
        assert all(texts)
        accepted += bool(count)
        refused += not count
    assert accepted > ROUNDS / 50
    assert refused > ROUNDS / 500
    assert getrusage(RUSAGE_SELF).ru_maxrss - before < MEGABYTES * 1024
