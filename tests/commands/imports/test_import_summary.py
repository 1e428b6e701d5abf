"""Tests of the summary of an import, which counts posts, skipped records and notes."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from blogcli.commands.imports.import_summary import PHRASES, NoteCounts, summarize
from blogcli.interchange.notes import Note, NoteCode
from blogcli.schemas import ImportResult
from tests.command_line import Cli

NOTHING = ImportResult(created=0, updated=0, unchanged=0, skipped=0, failed=0, users=0, tags=0)


def note(code: NoteCode, kind: str = "", count: int = 1) -> Note:
    return Note("blog.xml", 1, code, "message", kind, count)


def lines_of(*notes: Note) -> list[str]:
    counts = NoteCounts()
    for note_ in notes:
        counts.add(note_)
    return list(counts.lines())


@pytest.mark.parametrize(
    ("counts", "lines"),
    [
        ({}, ["Imported 0 posts."]),
        ({"created": 1}, ["Imported 1 post."]),
        ({"created": 120, "users": 3, "tags": 14}, ["Imported 120 posts, 3 users and 14 tags."]),
        ({"created": 1_200, "tags": 1}, ["Imported 1,200 posts and 1 tag."]),
        ({"unchanged": 7}, ["Imported posts: 0 created, 0 updated, 7 unchanged."]),
        (
            {"created": 1, "updated": 2, "skipped": 3, "users": 1},
            ["Imported posts: 1 created, 2 updated, 0 unchanged, 3 skipped.", "Created 1 user."],
        ),
        ({"created": 5, "failed": 2}, ["Imported 5 posts.", "Unreadable: 2 records."]),
    ],
)
def test_summary_counts_posts_users_and_tags(counts: dict[str, int], lines: list[str]) -> None:
    result = replace(NOTHING, **counts)
    assert list(summarize(result, NoteCounts(), dry_run=False)) == lines


def test_summary_of_dry_run_uses_conditional() -> None:
    result = replace(NOTHING, created=1, updated=1, tags=2)
    lines = list(summarize(result, NoteCounts(), dry_run=True))
    assert lines == ["Would import posts: 1 created, 1 updated, 0 unchanged.", "Would create 2 tags."]


def test_summary_lists_skipped_records_most_frequent_kind_first() -> None:
    pages = [note(NoteCode.NOT_IMPORTED, "page")] * 2
    assert lines_of(*pages, note(NoteCode.NOT_IMPORTED, "setting", 34), note(NoteCode.NOT_IMPORTED, "menu item")) == [
        "Skipped: 34 settings, 2 pages, 1 menu item."
    ]


def test_summary_of_many_skipped_kinds_combines_rare_kinds() -> None:
    notes = [note(NoteCode.NOT_IMPORTED, f"kind {number} item", 10 - number) for number in range(10)]
    (line,) = lines_of(*notes)
    assert line.endswith("3 kind 7 items, 3 other records.")


@pytest.mark.parametrize(
    ("code", "one", "several"),
    [
        (NoteCode.DATE_INFERRED, "1 inferred date", "2 inferred dates"),
        (NoteCode.STATUS_INFERRED, "1 inferred status", "2 inferred statuses"),
        (NoteCode.CONTENT_CONVERTED, "1 text converted to Markdown", "2 texts converted to Markdown"),
        (NoteCode.CONFLICT, "1 post also edited in blogcli", "2 posts also edited in blogcli"),
    ],
)
def test_summary_of_notes_counts_in_words(code: NoteCode, one: str, several: str) -> None:
    assert lines_of(note(code)) == [f"Notes: {one}."]
    assert lines_of(note(code), note(code)) == [f"Notes: {several}."]


def test_phrases_cover_every_note_code() -> None:
    # Unreadable records need no phrase, because the summary takes their number from the result of the import.
    assert PHRASES.keys() == set(NoteCode) - {NoteCode.UNREADABLE}


def test_summary_ends_with_place_of_details(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "post.md").write_text("---\ntitle: One\ndate: 2024-01-01\n---\nText")
    report = tmp_path / "report.jsonl"
    for options, details in (((), "Use --report FILE for details."), (("--report", str(report)), f"Details: {report}")):
        result = cli.ok("import", "markdown", str(tmp_path / "post.md"), "--dry-run", *options)
        assert result.stderr.splitlines()[-1] == details
    codes = [json.loads(line)["code"] for line in report.read_text().splitlines()]
    assert codes
    assert not any(code in result.stderr for code in codes)


def test_summary_of_wordpress_uses_readable_kinds(cli: Cli) -> None:
    folder = Path(__file__).parents[2] / "data" / "interchange" / "wordpress"
    result = cli.ok("import", "wordpress", str(folder / "blocks.xml"))
    skipped = next(line for line in result.stderr.splitlines() if line.startswith("Skipped: "))
    assert "attachment" in skipped
    assert "_" not in skipped
