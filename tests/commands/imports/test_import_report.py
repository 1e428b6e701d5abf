"""The report of an import replaces earlier reports only."""

import json
import os
import threading
from pathlib import Path

import pytest

from tests.command_line import Cli
from tests.databases import Templates
from tests.subprocesses import Program

FIRST = '{"type": "blogcli", "version": 1}\n'
BAD = f"{FIRST}{{\n"
# Front matter in JSON, which begins as a report does.
POST = '{"source": "elsewhere", "title": "T"}\ntext\n'
OLD = '{"source": "-", "position": 1, "code": "conflict", "message": "of an earlier import"}\n'


def positions(text: str) -> list[int]:
    return [json.loads(line)["position"] for line in text.splitlines()]


@pytest.mark.parametrize("target", ["blog/post.md", "blog/report.md", "blog/deep/new.MDX", "link/report.html"])
@pytest.mark.parametrize("source", ["blog", "link"])
def test_report_never_replaces_a_file_to_import(cli: Cli, tmp_path: Path, source: str, target: str) -> None:
    (tmp_path / "blog" / "deep").mkdir(parents=True)
    (tmp_path / "blog" / "post.md").write_text(POST)
    (tmp_path / "link").symlink_to("blog")
    refused = cli("import", "markdown", str(tmp_path / source), "--report", str(tmp_path / target))
    assert refused.exit_code == 2
    assert "it is one of the files to import" in refused.stderr
    assert [path.read_text() for path in (tmp_path / "blog").rglob("*") if path.is_file()] == [POST]
    assert cli.ok("post", "list", "--format", "count").stdout == "0\n"


def test_report_never_replaces_a_source_that_begins_like_a_report(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "post.md").write_text(POST)
    (tmp_path / "link.md").symlink_to("post.md")
    for name in ("post.md", "link.md"):
        refused = cli("import", "markdown", str(tmp_path / "post.md"), "--report", str(tmp_path / name))
        assert refused.exit_code == 2
    assert (tmp_path / "post.md").read_text() == POST


def test_report_may_be_in_the_folder_of_the_posts(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "post.md").write_text(POST)
    report = tmp_path / "report.jsonl"
    for _ in range(2):
        cli.ok("import", "markdown", str(tmp_path), "--report", str(report))
        assert report.is_file()
    assert cli.ok("post", "list", "--format", "count").stdout == "1\n"


def test_earlier_report_is_not_replaced_without_a_database(cli: Cli, tmp_path: Path) -> None:
    report = tmp_path / "report.jsonl"
    report.write_text(OLD)
    missing = str(tmp_path / "missing.db")
    for reference in (missing, "postgresql://nobody@127.0.0.1:1/none"):
        failed = cli("--database-url", reference, "import", "jsonl", "-", "--report", str(report), stdin=BAD)
        assert failed.exit_code in (69, 78)
        assert report.read_text() == OLD
    assert [path.name for path in tmp_path.iterdir() if "report" in path.name] == [report.name]


@pytest.mark.parametrize("strict", [(), ("--strict",)])
def test_report_names_the_records_that_stopped_an_import(cli: Cli, tmp_path: Path, strict: tuple[str, ...]) -> None:
    report = tmp_path / "report.jsonl"
    report.write_text(OLD)
    assert cli("import", "jsonl", "-", "--report", str(report), *strict, stdin=BAD).exit_code == (7 if strict else 1)
    assert positions(report.read_text()) == [2]
    assert cli("import", "jsonl", "-", "--report", str(report), stdin=FIRST).exit_code == 0
    assert report.read_text() == ""


def test_report_is_refused_for_stdout(templates: Templates, tmp_path: Path) -> None:
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "BLOGCLI_DATABASE_URL": templates.new_sqlite(tmp_path),
    }
    (tmp_path / "blog.jsonl").write_text(BAD)
    line = f"blogcli import jsonl {tmp_path}/blog.jsonl --report /dev/stdout"
    program = Program(environ)
    assert program.shell(f"{line} > {tmp_path}/ids").returncode == 2
    piped = program.shell(f"{line} | cat")
    assert (piped.returncode, positions(piped.stdout)) == (1, [2])


def test_report_can_be_written_to_a_named_pipe(cli: Cli, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_text()))
    reader.start()
    assert cli("import", "jsonl", "-", "--report", str(tmp_path / "pipe"), stdin=BAD).exit_code == 1
    reader.join()
    assert positions(read[0]) == [2]


@pytest.mark.parametrize("name", ["missing/report.jsonl", "a" * 300, ""])
def test_unwritable_report_is_named(cli: Cli, tmp_path: Path, name: str) -> None:
    refused = cli("import", "jsonl", "-", "--report", str(tmp_path / name), stdin=BAD)
    assert refused.exit_code == 2
    assert "Cannot write" in refused.stderr
