"""Tests that sources made to exhaust memory or time are refused, and that reading takes time linear in their size."""

import gzip
import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from blogcli.interchange import pipeline, sources
from blogcli.interchange.items import ReadOptions
from blogcli.interchange.sources import Source
from tests.command_line import Cli, environment
from tests.databases import Templates

pytestmark = pytest.mark.untraced

FAILED, INVALID = 1, 7
LAUGHS = "a0: &a0 [x, x]\n" + "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9))
ENTITIES = '<!ENTITY a "x"><!ENTITY b "&a;&a;">'
WXR = '<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"><channel><wp:wxr_version>1.2</wp:wxr_version>'
ITEM = "<item><title>{0}</title><wp:post_id>1</wp:post_id><wp:post_type>post</wp:post_type>{1}</item></channel></rss>"
HEADER = '{"type": "blogcli", "version": 1}\n'
POST = '{"type": "post", "uuid": "00000000-0000-4000-8000-000000000001", "title": "t", '
TAGS = json.dumps([f"t{number}" for number in range(10_001)])

# Maps a name to the format and the content of a source, the exit code, and a text of the error.
BOMBS: dict[str, tuple[str, str, int, str]] = {
    "nested aliases in YAML": ("markdown", f"---\n{LAUGHS}\n---\n", FAILED, "aliases expand to too much data"),
    "recursive alias in YAML": ("markdown", "---\na: &a [*a]\n---\n", FAILED, "the alias *a has no anchor above it"),
    "nested lists in YAML": ("markdown", f"---\na: {'[' * 50_000}\n---\n", FAILED, "maximum nesting depth"),
    "nested items in YAML": ("markdown", f"---\na:\n  {'- ' * 20_000}x\n---\n", FAILED, "nested more than 110 levels"),
    "object in YAML": ("markdown", "---\na: !!python/name:os.system x\n---\n", FAILED, "is not allowed"),
    "nested lists in TOML": ("markdown", f"+++\na = {'[' * 50_000}\n+++\n", FAILED, "nested more than 110 levels"),
    "dotted key in TOML": ("markdown", f"+++\n{'a.' * 20_000}a = 1\n+++\n", FAILED, "nested more than 110 levels"),
    "long number in TOML": ("markdown", f"+++\na = {'9' * 100_000}\n+++\n", FAILED, "a number has too many digits"),
    "nested lists in JSON": ("markdown", f'{{"a": {"[" * 50_000}{"]" * 50_000}}}\n', FAILED, "nested more than 110"),
    "many tags": ("markdown", f"---\ntitle: t\ntags: {TAGS}\n---\n", FAILED, "more than 10,000 tags"),
    "entities": ("wordpress", f"<!DOCTYPE rss [{ENTITIES}]>{WXR}", INVALID, "a document type (rss) is not allowed"),
    "external document type": ("wordpress", f'<!DOCTYPE rss SYSTEM "file:///etc/passwd">{WXR}', INVALID, "not allowed"),
    "external entity": ("wordpress", f'<!DOCTYPE r [<!ENTITY a SYSTEM "/etc/passwd">]>{WXR}', INVALID, "not allowed"),
    "nested elements": ("wordpress", f"{WXR}<item>{'<a>' * 10_000}", INVALID, "nested more than 50 levels deep"),
    "large item": (
        "wordpress",
        WXR + ITEM.format("t", "<a/>" * 50_000),
        FAILED,
        "The item 't', number '1' is too long",
    ),
    "nested rows": ("ghost", f'{{"db": [{{"data": {{"posts": [{"[" * 100_000}', INVALID, "nested"),
    "nested wrappers": ("ghost", '{"db": ' * 100_000, INVALID, ""),
    "nested values": ("jsonl", f'{HEADER}{POST}"extra": {"[" * 100_000}{"]" * 100_000}}}\n', FAILED, "Not JSON"),
    "many tags in JSON Lines": ("jsonl", f'{HEADER}{POST}"tags": {TAGS}}}\n', FAILED, "more than 10,000 tags"),
}
ENDINGS = {"markdown": "md", "wordpress": "xml", "ghost": "json", "jsonl": "jsonl"}


@pytest.fixture
def file_cli(templates: Templates, tmp_path: Path) -> Cli:
    """Return a `Cli` for a SQLite file, because the readers refuse a source before they use a database."""
    return Cli(environment(templates.new_sqlite(tmp_path), tmp_path))


@pytest.mark.parametrize("name", BOMBS)
def test_bomb_is_refused(file_cli: Cli, tmp_path: Path, name: str) -> None:
    format_, text, code, expected = BOMBS[name]
    source = tmp_path / f"bomb.{ENDINGS[format_]}"
    source.write_text(text)
    options = ("--lenient",) if format_ == "wordpress" else ()
    result = file_cli("import", format_, str(source), *options)
    assert result.exit_code == code, result.stderr
    assert expected in result.stderr
    assert str(source) in result.stderr
    assert file_cli.ok("post", "list", "--format", "count").stdout == "0\n"
    assert file_cli.ok("tag", "list", "--format", "count").stdout == "0\n"


@pytest.mark.parametrize("format_", ["jsonl", "wordpress"])
def test_file_that_is_decompressed_to_much_more_is_refused(
    file_cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format_: str
) -> None:
    monkeypatch.setattr(sources, "_MAX_DECOMPRESSED_SIZE", 1 << 20)
    source = tmp_path / "bomb.gz"
    start = HEADER if format_ == "jsonl" else WXR
    with gzip.open(source, "wb", 6) as file:
        file.write(start.encode() + b'{"type": "post", "title": "')
        for _ in range(3):
            file.write(b" " * (1 << 20))
    result = file_cli("import", format_, str(source))
    assert result.exit_code == INVALID
    assert "decompressed to more than 1,048,576 bytes, 200 times the size of the file" in result.stderr


def test_folder_with_links_and_pipes_is_read_once(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "loop").symlink_to(".")
    (folder / "root").symlink_to("/")
    (folder / "zero.md").symlink_to("/dev/zero")
    (folder / "itself.md").symlink_to("itself.md")
    os.mkfifo(folder / "pipe.md")
    (folder / "post.md").write_text("---\ntitle: Post\nauthor: ann@example.org\n---\nText")
    result = cli("import", "markdown", str(folder))
    assert (result.exit_code, result.stderr.splitlines()[0]) == (0, "Imported 1 post and 1 user.")
    assert cli.ok("post", "list", "--format", "count").stdout == "1\n"


def markdown(size: int) -> str:
    lines = "\n".join(f"k{number}: &a{number} [{number}, 'x']" for number in range(size))
    tags = json.dumps([f"t{number}" for number in range(size)])
    return f"---\ntitle: t\n{lines}\ntags: {tags}\n---\n{'[a](b) <b> ' * size}"


def toml(size: int) -> str:
    lines = "\n".join(f"[a.b{number}]\nc.d = [1, {{e = 2}}]" for number in range(size))
    return f"+++\ntitle = 't'\n{lines}\n+++\nText"


def wordpress(size: int) -> str:
    meta = "<wp:postmeta><wp:meta_key>k</wp:meta_key><wp:meta_value>a:1:{i:0;i:1;}</wp:meta_value></wp:postmeta>"
    html = "<!-- wp:group --><p>[caption]<b>x</b></p><ul><li>x<!-- /wp:group -->" * size
    content = f'<c:encoded xmlns:c="http://purl.org/rss/1.0/modules/content/"><![CDATA[{html}]]></c:encoded>'
    return WXR + ITEM.format("t", meta * size + content)


def ghost(size: int) -> str:
    paragraph = {"type": "paragraph", "children": [{"type": "text", "text": "x", "format": 1}]}
    lexical = json.dumps({"root": {"type": "root", "children": [paragraph] * size}})
    posts = [{"id": str(n), "title": "t", "slug": f"t{n}", "status": "draft", "lexical": lexical} for n in range(2)]
    tags = [{"id": str(number), "name": f"t{number}", "slug": f"t{number}"} for number in range(size)]
    links = [{"id": str(number), "post_id": "1", "tag_id": str(number)} for number in range(size)]
    data = {"posts": posts, "tags": tags, "posts_tags": links, "users": []}
    return json.dumps({"db": [{"meta": {"version": "5.0.0", "exported_on": 1}, "data": data}]})


def jsonl(size: int) -> str:
    extra = {f"k{number}": [number, {"a": None}] for number in range(size)}
    tags = [f"t{number}" for number in range(size)]
    return f'{HEADER}{POST}"extra": {json.dumps(extra)}, "tags": {json.dumps(tags)}}}\n'


def count_steps(folder: Path, format_: str, text: str) -> int:
    """Return how many functions are called while a source is read."""
    path = folder / f"source.{ENDINGS[format_]}"
    path.write_text(text)
    steps = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal steps
        steps += event in ("call", "c_call")

    options = ReadOptions(zone=UTC, now=datetime(2024, 6, 1, tzinfo=UTC))
    contents = pipeline.scan(format_, [Source.at(path)], options)
    sys.setprofile(count)
    try:
        batches = list(pipeline.read_batches(format_, contents, options))
    finally:
        sys.setprofile(None)
    assert any(item.post for batch in batches for item in batch)
    return steps


@pytest.mark.parametrize("make", [markdown, toml, wordpress, ghost, jsonl], ids=lambda make: make.__name__)
def test_steps_of_reader_grow_linearly_with_size(tmp_path: Path, make: Callable[[int], str]) -> None:
    format_ = "markdown" if make is toml else make.__name__
    small, large = (count_steps(tmp_path, format_, make(size)) for size in (300, 900))
    assert large < 3.5 * small
