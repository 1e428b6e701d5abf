"""Tests of import reports. A report may replace an earlier report, but no other file."""

import json
import os
import threading
from pathlib import Path

import pytest

from tests.command_line import Cli
from tests.databases import Templates
from tests.subprocesses import Program

HEADER = '{"type": "blogcli", "version": 1}\n'
UNREADABLE = f"{HEADER}{{\n"
# A post that begins like a report, because its front matter is JSON.
POST = '{"source": "elsewhere", "title": "T"}\ntext\n'
EARLIER_REPORT = '{"source": "-", "position": 1, "code": "conflict", "message": "earlier import"}\n'


def positions(text: str) -> list[int]:
    return [json.loads(line)["position"] for line in text.splitlines()]


@pytest.mark.parametrize("target", ["blog/post.md", "blog/report.md", "blog/deep/new.MDX", "link/report.html"])
@pytest.mark.parametrize("source", ["blog", "link"])
def test_report_of_file_to_import_is_refused(cli: Cli, tmp_path: Path, source: str, target: str) -> None:
    (tmp_path / "blog" / "deep").mkdir(parents=True)
    (tmp_path / "blog" / "post.md").write_text(POST)
    (tmp_path / "link").symlink_to("blog")
    refused = cli("import", "markdown", str(tmp_path / source), "--report", str(tmp_path / target))
    assert refused.exit_code == 2
    assert "it is one of the files to import" in refused.stderr
    assert [path.read_text() for path in (tmp_path / "blog").rglob("*") if path.is_file()] == [POST]
    assert cli.ok("post", "list", "--format", "count").stdout == "0\n"


def test_report_of_source_that_begins_like_report_is_refused(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "post.md").write_text(POST)
    (tmp_path / "link.md").symlink_to("post.md")
    for name in ("post.md", "link.md"):
        refused = cli("import", "markdown", str(tmp_path / "post.md"), "--report", str(tmp_path / name))
        assert refused.exit_code == 2
    assert (tmp_path / "post.md").read_text() == POST


def test_report_in_folder_of_posts_is_written(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "post.md").write_text(POST)
    report = tmp_path / "report.jsonl"
    for _ in range(2):
        cli.ok("import", "markdown", str(tmp_path), "--report", str(report))
        assert report.is_file()
    assert cli.ok("post", "list", "--format", "count").stdout == "1\n"


def test_report_without_database_keeps_earlier_report(cli: Cli, tmp_path: Path) -> None:
    report = tmp_path / "report.jsonl"
    report.write_text(EARLIER_REPORT)
    missing = str(tmp_path / "missing.db")
    for url in (missing, "postgresql://nobody@127.0.0.1:1/none"):
        failed = cli("--database-url", url, "import", "jsonl", "-", "--report", str(report), stdin=UNREADABLE)
        assert failed.exit_code in (69, 78)
        assert report.read_text() == EARLIER_REPORT
    assert [path.name for path in tmp_path.iterdir() if "report" in path.name] == [report.name]


@pytest.mark.parametrize("options", [(), ("--strict",)])
def test_report_contains_unreadable_records(cli: Cli, tmp_path: Path, options: tuple[str, ...]) -> None:
    report = tmp_path / "report.jsonl"
    report.write_text(EARLIER_REPORT)
    assert cli("import", "jsonl", "-", "--report", str(report), *options, stdin=UNREADABLE).exit_code == (
        7 if options else 1
    )
    assert positions(report.read_text()) == [2]
    assert cli("import", "jsonl", "-", "--report", str(report), stdin=HEADER).exit_code == 0
    assert report.read_text() == ""


def test_report_to_redirected_stdout_is_refused(templates: Templates, tmp_path: Path) -> None:
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "BLOGCLI_DATABASE_URL": templates.new_sqlite(tmp_path),
    }
    (tmp_path / "blog.jsonl").write_text(UNREADABLE)
    line = f"blogcli import jsonl {tmp_path}/blog.jsonl --report /dev/stdout"
    program = Program(environ)
    assert program.shell(f"{line} > {tmp_path}/ids").returncode == 2
    piped = program.shell(f"{line} | cat")
    assert (piped.returncode, positions(piped.stdout)) == (1, [2])


def test_report_to_named_pipe_is_written(cli: Cli, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    texts: list[str] = []
    reader = threading.Thread(target=lambda: texts.append((tmp_path / "pipe").read_text()))
    reader.start()
    assert cli("import", "jsonl", "-", "--report", str(tmp_path / "pipe"), stdin=UNREADABLE).exit_code == 1
    reader.join()
    assert positions(texts[0]) == [2]


@pytest.mark.parametrize("name", ["missing/report.jsonl", "a" * 300, ""])
def test_report_that_cannot_be_written_is_usage_error(cli: Cli, tmp_path: Path, name: str) -> None:
    refused = cli("import", "jsonl", "-", "--report", str(tmp_path / name), stdin=UNREADABLE)
    assert refused.exit_code == 2
    assert "Cannot write" in refused.stderr
