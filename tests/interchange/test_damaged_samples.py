"""Tests that files of each format are read or rejected after they have been damaged at random.

Reading a damaged file must not crash, hang or use too much memory.
"""

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
from tests.stress import IS_FULL
from tests.subprocesses import TIMEOUT

ROUNDS = 100_000 if IS_FULL else 200
DATA = Path(__file__).parents[1] / "data" / "interchange"
PATTERNS = {"markdown": "markdown/**/*.m*d*", "wordpress": "wordpress/*.xml", "ghost": "ghost/*.json"}
NOW = datetime(2024, 5, 31, tzinfo=UTC)
MAX_MEGABYTES = 150
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

pytestmark = pytest.mark.stress


def read_samples(name: str) -> list[bytes]:
    if name == "jsonl":
        items = [item for path in DATA.glob(PATTERNS["ghost"]) for item in read_items("ghost", path, Random())]  # noqa: S311 - the test needs no cryptographic randomness
        records = [record for item in items for record in (*item.people, *item.tags, item.post) if record]
        return ["".join(registry.get_file_writer("jsonl").write(records, WriteOptions(now=NOW))).encode()]
    return [path.read_bytes() for path in sorted(DATA.glob(PATTERNS[name])) if path.is_file()]


def read_items(name: str, path: Path, random: Random) -> list[ImportedItem]:
    options = ReadOptions(
        zone=ZoneInfo(random.choice(["UTC", "Europe/Berlin"])),
        now=NOW,
        keep_html=random.random() < 0.2,
        is_lenient=random.random() < 0.5,
    )
    scan = pipeline.scan(name, [Source.at(path)], options)
    return [item for batch in pipeline.read_batches(name, scan, options) for item in batch]


def damage(content: bytes, other_content: bytes, random: Random) -> bytes:
    """Return `content` after one to six random changes. A change may insert a part of `other_content`."""
    for _ in range(random.randint(1, 6)):
        position = random.randrange(len(content) + 1)
        length = int(random.expovariate(1 / 40))
        before = content[:position]
        match random.randrange(5):
            case 0:
                content = before + random.choice(PIECES) + content[position:]
            case 1:
                content = before + content[position + length :]
            case 2:
                repetitions = content[position : position + length] * random.randint(2, 50)
                content = before + repetitions + content[position + length :]
            case 3:
                start = random.randrange(len(other_content) + 1)
                content = before + other_content[start : start + length * 20] + content[position:]
            case 4:
                content = before + random.randbytes(1) + content[position + 1 :]
    return content if random.random() < 0.9 else content[: random.randrange(len(content) + 1)]


@contextmanager
def time_limit() -> Iterator[None]:
    def fail(*_: object) -> None:
        raise AssertionError(f"Reading takes more than {TIMEOUT} seconds")

    previous_handler = signal.signal(signal.SIGALRM, fail)
    signal.alarm(TIMEOUT)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous_handler)


def count_posts(name: str, path: Path, random: Random) -> tuple[int, list[str]]:
    """Return the number of posts in a file, and the messages of all notes, or of the error if the file is rejected."""
    with time_limit():
        try:
            items = read_items(name, path, random)
        except InvalidError as error:
            return 0, [error.message]
    return sum(item.post is not None for item in items), [note.message for item in items for note in item.notes]


@pytest.mark.parametrize("name", ["jsonl", "ghost", "wordpress", "markdown"])
def test_damaged_sample_is_read_or_rejected(name: str, tmp_path: Path) -> None:
    random = Random(7)  # noqa: S311 - the test must be repeatable
    path = tmp_path / "2024-05-31-post.md"
    samples = read_samples(name)
    memory_before = getrusage(RUSAGE_SELF).ru_maxrss
    rejected = 0
    accepted = 0
    for _ in range(ROUNDS):
        path.write_bytes(damage(random.choice(samples), random.choice(samples), random))
        post_count, messages = count_posts(name, path, random)
        assert all(messages)
        if post_count:
            accepted += 1
        else:
            rejected += 1
    assert accepted > ROUNDS / 50
    assert rejected > ROUNDS / 500
    assert getrusage(RUSAGE_SELF).ru_maxrss - memory_before < MAX_MEGABYTES * 1024
