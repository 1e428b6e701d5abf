"""Tests of the detection of the format of sources."""

from pathlib import Path

import pytest

from blogcli.errors import InvalidError, UsageError
from blogcli.interchange import format_detection, registry
from blogcli.interchange.sources import Source

SAMPLES = {
    "jsonl": '{"type": "blogcli", "version": 1}\n',
    "ghost": '{"db": [{"meta": {"version": "5.0.0", "exported_on": 1}, "data": {"posts": []}}]}',
    "wordpress": '<?xml version="1.0"?>\n<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/">'
    "<channel><wp:wxr_version>1.2</wp:wxr_version></channel></rss>",
    "markdown": "---\ntitle: A title\n---\nA text.\n",
}
EXTENSIONS = {"jsonl": "jsonl", "ghost": "json", "wordpress": "xml", "markdown": "md"}


def write_sample(folder: Path, format_name: str) -> Source:
    path = folder / f"blog.{EXTENSIONS[format_name]}"
    path.write_text(SAMPLES[format_name], "utf-8")
    return Source.at(path)


@pytest.mark.parametrize("name", SAMPLES)
def test_source_is_detected_by_one_format(tmp_path: Path, name: str) -> None:
    source = write_sample(tmp_path, name)
    assert format_detection.detect_format([source]) == name
    assert [other for other in SAMPLES if registry.get_reader(other).detect(source)] == [name]


def test_folder_of_markdown_files_is_markdown(tmp_path: Path) -> None:
    write_sample(tmp_path, "markdown")
    assert format_detection.detect_format([Source.at(tmp_path), Source.at(tmp_path / "blog.md")]) == "markdown"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"p { color: red }"])
def test_source_in_unknown_format_is_rejected(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "blog.bin"
    path.write_bytes(content)
    with pytest.raises(InvalidError, match=r"blog\.bin: unknown format") as error:
        format_detection.detect_format([Source.at(path)])
    hint = "Use `blogcli import FORMAT` if it is in one of these formats: jsonl, ghost, wordpress, markdown."
    assert error.value.hint == hint


def test_sources_in_different_formats_are_rejected(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="in different formats"):
        format_detection.detect_format([write_sample(tmp_path, "jsonl"), write_sample(tmp_path, "ghost")])
