"""Tests of `blogcli import`, which creates and updates posts, users and tags, and reports changes and conflicts."""

import gzip
import json
import os
import signal
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import Cli
from tests.commands.imports.jsonl_records import ANN, TIMESTAMP, import_records, jsonl, note_codes, post, summary_of
from tests.databases import execute


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return tmp_path / "report.jsonl"


def export_all(cli: Cli) -> str:
    """Return an export of all posts, including trashed posts."""
    statuses = [word for status in ("draft", "scheduled", "published", "trashed") for word in ("--status", status)]
    return cli.ok("export", "jsonl", "-", *statuses).stdout


FULL_POST = post(
    slug="first",
    content="One\r\n\ttwo \u202e \x1b[31m\n\n",
    excerpt="",
    status="published",
    tags=["a", "B", "É"],
    extra={"no": 1e300, "n": None, "deep": [{"a": True, "b": 10**30, "Z": -0.0}], "\x1b": "\x07"},
    published_at=TIMESTAMP,
    created_at="2024-04-01T10:00:00Z",
    updated_at="2024-06-01T10:00:00Z",
    trashed_at="2024-07-01T10:00:00Z",
)


def without_author(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != "author"}


ANONYMOUS = without_author(post(1))


def test_import_into_other_engine_preserves_everything(cli: Cli, other_cli: Cli) -> None:
    assert import_records(cli, ANN, {"type": "tag", "name": "unused"}, FULL_POST, post(2)).exit_code == 0
    exported = export_all(cli)
    other_cli.ok("import", "-", stdin=exported)
    assert export_all(other_cli) == exported
    assert other_cli.ok("db", "check").exit_code == 0
    stored = json.loads(exported.splitlines()[-2])
    assert {name: stored[name] for name in FULL_POST} == FULL_POST


def test_import_repeated_changes_nothing(cli: Cli) -> None:
    assert summary_of(import_records(cli, ANN, FULL_POST, post(2))) == "Imported 2 posts, 1 user and 3 tags."
    exported = export_all(cli)
    repeated = import_records(cli, ANN, FULL_POST, post(2))
    assert repeated.stderr == "Imported posts: 0 created, 0 updated, 2 unchanged.\n"
    assert repeated.stdout == ""
    assert export_all(cli) == exported


def test_import_prints_ids_of_created_and_updated_posts(cli: Cli) -> None:
    first = import_records(cli, ANN, post(1), post(2))
    assert cli.ok("post", "list", "--sort", "id", "--format", "ids").stdout == first.stdout
    second = import_records(cli, ANN, post(1), post(2, content="Other"), post(3))
    assert sorted(second.lines) == [first.lines[1], second.lines[-1]]


@pytest.mark.parametrize("existing", [[], [post(created_at=TIMESTAMP)]])
def test_import_published_without_date_uses_created_at(cli: Cli, existing: list[Any]) -> None:
    import_records(cli, ANN, *existing)
    import_records(cli, ANN, post(status="published", created_at=TIMESTAMP))
    assert cli.json("post", "show", 1)["published_at"] == TIMESTAMP


def test_import_changed_source_updates_post(cli: Cli) -> None:
    import_records(cli, ANN, FULL_POST)
    newer = FULL_POST | {"title": "New", "tags": ["c"], "content": "Other words", "slug": "second", "trashed_at": None}
    assert summary_of(import_records(cli, ANN, post(**newer))) == "Imported posts: 0 created, 1 updated, 0 unchanged."
    shown = cli.json("post", "show", "second")
    assert (shown["title"], shown["tags"], shown["content"]) == ("New", ["c"], "Other words")
    assert shown["updated_at"] == FULL_POST["updated_at"]
    assert len(cli.ok("post", "search", "words", "--format", "ids").lines) == 1


@pytest.mark.parametrize(
    ("policy", "code", "title"),
    [(None, 6, "Edited"), ("skip", 0, "Edited"), ("update", 0, "Changed"), ("fail", 6, "Edited")],
)
def test_import_post_edited_in_blogcli_is_conflict(
    cli: Cli, report: Path, policy: str | None, code: int, title: str
) -> None:
    import_records(cli, ANN, post(1, slug="one"), post(2))
    cli.ok("post", "update", "one", "--title", "Edited")
    options = ("--report", str(report), *(("--on-conflict", policy) if policy else ()))
    result = import_records(cli, ANN, post(1, slug="one", title="Changed"), post(2, content="new"), options=options)
    assert result.exit_code == code
    assert cli.json("post", "show", "one")["title"] == title
    if policy == "fail":
        assert "was edited in blogcli since it was imported; nothing was imported" in result.stderr
        assert cli.json("post", "show", "post-2")["content"] == ""
    else:
        assert note_codes(report) == [(3, "conflict")]
        assert cli.json("post", "show", "post-2")["content"] == "new"
    is_named = "-:3: post 1 was edited in blogcli since it was imported; it was not changed: one\n" in result.stderr
    assert is_named is (policy is None)


def test_import_many_conflicts_prints_first_and_counts_others(cli: Cli) -> None:
    slugs = [f"s-{number}" for number in range(1, 9)]
    posts = [post(number, slug=slug) for number, slug in enumerate(slugs, start=1)]
    import_records(cli, ANN, *posts)
    cli.ok("post", "update", *slugs, "--excerpt", "Edited")
    newer = [record | {"content": "new"} for record in posts] + [post(9)]
    for global_options, options in (((), ("--dry-run",)), (("--quiet",), ())):
        result = cli(*global_options, "import", "jsonl", "-", *options, stdin=jsonl(ANN, *newer))
        lines = result.stderr.splitlines()
        assert (result.exit_code, sum("it was not changed" in line for line in lines)) == (6, 5)
        assert lines[-3] == "and 3 more such posts"
        assert lines[-2].startswith("Error: 8 posts edited in blogcli were skipped; the others w")
        assert lines[-1].startswith("Hint: Use --on-conflict update to overwrite")
    assert cli.ok("post", "list", "--format", "count").stdout == "9\n"
    assert import_records(cli, ANN, *newer, "{").exit_code == 1


def test_import_edited_export_of_edited_post_is_conflict(cli: Cli, tmp_path: Path) -> None:
    import_records(cli, ANN, post(1, slug="one"), post(2, slug="two"))
    cli.ok("export", "markdown", str(tmp_path / "site"))
    for path in (tmp_path / "site").iterdir():
        path.write_text(path.read_text() + "Changed\n")
    cli.ok("post", "update", "one", "--title", "Edited")
    result = cli("import", "markdown", str(tmp_path / "site"))
    assert (result.exit_code, "one.md: post 1 was edited in blogcli" in result.stderr) == (6, True)
    assert cli.json("post", "show", "two")["content"] == "Changed\n"


def test_import_on_conflict_fail_reports_all_conflicts(cli: Cli, report: Path) -> None:
    import_records(cli, ANN, post(1, slug="one"), post(2, slug="two"), post(3, slug="three"))
    cli.ok("post", "update", "one", "two", "--excerpt", "Edited")
    cli.ok("post", "delete", "three")
    newer = [post(number, slug=slug, content="new") for number, slug in ((1, "one"), (2, "two"), (3, "three"))]
    for dry_run in ((), ("--dry-run",)):
        result = import_records(cli, ANN, *newer, options=("--on-conflict", "fail", "--report", str(report), *dry_run))
        assert result.exit_code == 6
        assert (
            "-:3: post 1 was edited in blogcli since it was imported; 3 such posts; nothing was imported"
            in result.stderr
        )
        assert note_codes(report) == [(3, "conflict"), (4, "conflict"), (5, "conflict")]
    assert "post 3 is in the trash" in report.read_text("utf-8")


def test_import_repeated_conflict_creates_no_post(cli: Cli, tmp_path: Path) -> None:
    posts = [post(number, slug=f"s-{number}") for number in range(1, 400)]
    import_records(cli, ANN, *posts)
    cli.ok("post", "update", "s-7", "--title", "Edited")
    path = tmp_path / "newer.jsonl"
    path.write_text(jsonl(ANN, *(record | {"content": "new"} for record in posts)))
    result = cli.ok("import", "jsonl", str(path), str(path), "--on-conflict", "skip")
    # A slow import prints its progress before the summary.
    summary, *_ = [line for line in result.stderr.splitlines() if not line.startswith("Importing: ")]
    assert summary == "Imported posts: 0 created, 398 updated, 399 unchanged, 1 skipped."
    assert cli.ok("post", "list", "--format", "count").stdout == "399\n"


def test_import_post_published_when_due_is_not_conflict(cli: Cli) -> None:
    scheduled = post(1, slug="one", status="scheduled", published_at="2999-01-01T00:00:00Z")
    import_records(cli, ANN, scheduled)
    cli.ok("post", "publish-due", "--now", "2999-01-02")
    assert summary_of(import_records(cli, ANN, scheduled | {"content": "new"})).startswith(
        "Imported posts: 0 created, 1 updated"
    )


def test_import_still_scheduled_source_keeps_post_published(cli: Cli) -> None:
    due = post(1, slug="one", status="scheduled", published_at="2024-01-01T00:00:00Z")
    import_records(cli, ANN, due)
    cli.ok("post", "publish-due")
    import_records(cli, ANN, due | {"content": "new"})
    stored = cli.json("post", "show", "one")
    assert (stored["status"], stored["content"]) == ("published", "new")


def test_import_unchanged_source_keeps_edit(cli: Cli) -> None:
    import_records(cli, ANN, post(1, slug="one"))
    cli.ok("post", "update", "one", "--title", "Edited")
    assert (
        summary_of(import_records(cli, ANN, post(1, slug="one")))
        == "Imported posts: 0 created, 0 updated, 1 unchanged."
    )


def test_import_dry_run_counts_without_writing(cli: Cli) -> None:
    import_records(cli, ANN, post(1))
    exported = export_all(cli)
    records = [ANN, post(1, content="new"), post(2, slug="post-1", tags=["t"]), "{", post(3, author="new@example.org")]
    planned = import_records(cli, *records, options=("--dry-run",))
    assert export_all(cli) == exported
    done = import_records(cli, *records)
    assert planned.stderr.replace("Would import", "Imported").replace("Would create", "Created") == done.stderr
    assert planned.exit_code == done.exit_code == 1


def test_import_unreadable_records_are_skipped(cli: Cli, report: Path) -> None:
    unreadable = [
        "{",
        "[]",
        '{"type": "page"}',
        post(3, status="lost"),
        post(4, colour="red"),
        post(5, status="trashed"),
    ]
    result = import_records(cli, ANN, *unreadable, post(2), options=("--report", str(report)))
    assert result.exit_code == 1
    assert [position for position, code in note_codes(report) if code == "unreadable"] == list(
        range(3, 3 + len(unreadable))
    )
    assert [line.split(": ")[0:2] for line in result.stderr.splitlines() if ":" in line][:2] != []
    assert f"Imported 1 post and 1 user.\nUnreadable: {len(unreadable)} records.\n" in result.stderr
    for line in range(3, 3 + len(unreadable)):
        assert f"-:{line}: " in result.stderr


def test_import_strict_with_unreadable_record_imports_nothing(cli: Cli) -> None:
    result = import_records(cli, ANN, "{", post(2), options=("--strict",))
    assert result.exit_code == 7
    assert "Error: Records that cannot be read: 1; nothing was imported" in result.stderr
    assert cli.ok("post", "list", "--format", "count").stdout == "0\n"
    assert cli.ok("user", "list", "--format", "count").stdout == "0\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not a JSON Lines file of blogcli"),
        ("{}\n", "not a JSON Lines file of blogcli"),
        ('{"type": "blogcli", "version": 99}\n', "version 99 is not supported; the newest supported version is 1"),
    ],
)
def test_import_jsonl_of_unknown_format_imports_nothing(cli: Cli, tmp_path: Path, text: str, reason: str) -> None:
    valid_path = tmp_path / "valid.jsonl"
    valid_path.write_text(jsonl(ANN, post()))
    invalid_path = tmp_path / "invalid.jsonl"
    invalid_path.write_text(text)
    result = cli("import", "jsonl", str(valid_path), str(invalid_path))
    assert result.exit_code == 7
    assert result.stderr.startswith(f"Error: {invalid_path}: {reason}")
    assert cli.ok("post", "list", "--format", "count").stdout == "0\n"


def test_import_changed_source_updates_search_index(cli: Cli) -> None:
    import_records(cli, ANN, post(1, title="One"), post(2, title="Two", slug="two"))
    import_records(cli, ANN, post(1, title="One fresh"), post(2, title="Two", slug="zwei"))
    assert cli.ok("post", "search", "fresh", "--format", "count").stdout == "1\n"
    assert cli.ok("db", "check").exit_code == 0


def test_import_unchanged_post_recreates_no_tag_or_user(cli: Cli, report: Path) -> None:
    anonymous = without_author(post(2, status="published"))
    import_records(cli, post(1, tags=["x", "z"]), anonymous)
    cli.ok("tag", "create", "y")
    cli.ok("tag", "merge", "x", "y", "--yes")
    cli.ok("user", "update", "ann@example.org", "--email", "eve@example.org")
    result = import_records(cli, post(1, tags=["x", "z"]), anonymous, options=("--report", str(report)))
    assert result.stderr == "Imported posts: 0 created, 0 updated, 2 unchanged.\n"
    assert note_codes(report) == []
    assert cli.ok("tag", "list", "--field", "name").lines == ["y", "z"]


def test_import_without_author_keeps_author_of_post(cli: Cli) -> None:
    cli.ok("user", "create", "eve@example.org", "--no-password")
    import_records(cli, ANONYMOUS, options=("--author", "eve@example.org"))
    import_records(cli, ANONYMOUS | {"content": "new"})
    assert cli.json("post", "show", "post-1")["author"] == "eve@example.org"


def test_import_tags_of_different_case_use_existing_tag(cli: Cli, report: Path) -> None:
    cli.ok("tag", "create", "News")
    import_records(cli, ANN, post(tags=["news", "ｎｅｗｓ", "NEWS"]), options=("--report", str(report)))
    assert cli.json("post", "show", "post-1")["tags"] == ["News"]
    assert (3, "tag_merged") in note_codes(report)
    assert cli.ok("tag", "list", "--format", "count").stdout == "1\n"


def test_import_keeps_existing_users_and_creates_inactive_ones(cli: Cli, report: Path) -> None:
    cli.ok("user", "create", "ann@example.org", "--full-name", "Edited", "--no-password")
    import_records(cli, ANN, post(1), post(2, author="new@example.org"), options=("--report", str(report)))
    assert cli.json("user", "show", "ann@example.org")["full_name"] == "Edited"
    assert cli.json("user", "show", "new@example.org")["is_active"] is False
    assert note_codes(report) == [(2, "user_unchanged"), (4, "author_created")]


def test_import_two_users_with_one_email_uses_first(cli: Cli, report: Path) -> None:
    import_records(
        cli, ANN, ANN | {"full_name": "Anne"}, post(1), ANN | {"full_name": "Anne"}, options=("--report", str(report))
    )
    assert cli.json("user", "show", "ann@example.org")["full_name"] == "Ann"
    assert note_codes(report) == [(3, "user_unchanged")]


def test_import_post_without_author_uses_author_option(cli: Cli, report: Path) -> None:
    cli.ok("user", "create", "ann@example.org", "--no-password")
    import_records(cli, ANONYMOUS, post(2, author=""), options=("--author", "ann@example.org", "--report", str(report)))
    assert cli.ok("post", "list", "--field", "author").lines == ["ann@example.org"] * 2
    assert note_codes(report) == [(2, "author_inferred"), (3, "author_inferred")]
    import_records(cli, post(3) | {"author": None})
    assert cli.json("user", "show", cli.json("post", "show", "post-3")["author"])["is_active"] is False


def test_import_password_hash_is_used_only_if_argon2(cli: Cli, other_cli: Cli) -> None:
    other_cli.ok("user", "create", "ann@example.org", "--password-stdin", stdin="correct horse battery")
    text = other_cli.ok("export", "jsonl", "--with-hashes").stdout
    bcrypt = {"type": "user", "email": "bob@example.org", "hashed_password": "$2b$12$" + "a" * 53}
    cli.ok("import", "jsonl", "-", stdin=text + json.dumps(bcrypt) + "\n")
    assert cli("user", "check-password", "ann@example.org", stdin="correct horse battery").exit_code == 0
    assert cli("user", "check-password", "bob@example.org", stdin="a").exit_code != 0


def test_import_gzip_file_is_decompressed_and_detected(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "blog.jsonl.gz"
    path.write_bytes(gzip.compress(jsonl(ANN, post()).encode()))
    assert summary_of(cli("import", str(path))) == "Imported 1 post and 1 user."
    path.write_bytes(path.read_bytes()[:-9])
    damaged = cli("import", "jsonl", str(path))
    assert damaged.exit_code == 7
    assert damaged.stderr.startswith(f"Error: {path}: ")


def test_import_duplicate_uuid_creates_post_if_content_differs(cli: Cli, report: Path) -> None:
    import_records(cli, ANN, post(1), post(1), post(1, title="Other"), options=("--report", str(report)))
    assert sorted(cli.ok("post", "list", "--field", "title").lines) == ["Other", "Post 1"]
    assert note_codes(report) == [(5, "duplicate_uuid")]
    repeated = import_records(cli, ANN, post(1), post(1), post(1, title="Other"))
    assert summary_of(repeated) == "Imported posts: 0 created, 0 updated, 3 unchanged."


def test_import_invalid_values_are_changed_and_reported(cli: Cli, report: Path) -> None:
    invalid = post(title="a\0b" + "x" * 600, slug="Not/A Slug", content="\ud800", tags=["a,b", "\x07"], author="nobody")
    assert import_records(cli, invalid, options=("--report", str(report))).exit_code == 0
    assert {code for _, code in note_codes(report)} == {
        "character_removed",
        "title_truncated",
        "slug_changed",
        "tag_changed",
        "user_changed",
        "author_created",
    }
    stored = cli.json("post", "show", "not-a-slug")
    assert stored["extra"]["original_slug"] == "Not/A Slug"
    assert stored["extra"]["original_title"] == "ab" + "x" * 600
    assert cli.ok("db", "check").exit_code == 0


def test_import_status_that_contradicts_date_is_inferred(cli: Cli, report: Path) -> None:
    future = post(2, status="published", published_at="2999-01-01T00:00:00Z")
    posts = (post(1, status="scheduled"), future, post(3, status="published", created_at=TIMESTAMP))
    import_records(cli, ANN, *posts, options=("--report", str(report)))
    assert note_codes(report) == [(3, "status_inferred"), (4, "status_inferred")]
    rows = cli.json("post", "list", "--sort", "id", "--fields", "status,published_at")
    assert [row["status"] for row in rows] == ["draft", "scheduled", "published"]
    assert rows[2]["published_at"] == TIMESTAMP


@pytest.mark.parametrize("arguments", [("missing.xml",), ("jsonl", "missing.jsonl"), ("markdown",), ("jsonl",)])
def test_import_missing_source_is_usage_error(cli: Cli, arguments: tuple[str, ...]) -> None:
    assert cli("import", *arguments).exit_code == 2


@pytest.mark.parametrize("name", ["jsonl", "auto"])
def test_import_reads_named_pipe(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=lambda: (tmp_path / "pipe").write_text(jsonl(ANN, post())))
    writer.start()
    result = cli.ok("import", name, str(tmp_path / "pipe"))
    writer.join()
    assert summary_of(result) == "Imported 1 post and 1 user."
    assert not list(tmp_path.glob("blogcli-*"))


def test_report_replaces_earlier_report_only(cli: Cli, tmp_path: Path, report: Path) -> None:
    source = tmp_path / "blog.jsonl"
    source.write_text(jsonl(ANN, "{", post(1)))
    assert cli("import", "jsonl", str(source), "--report", str(report)).exit_code == 1
    written = report.read_text()
    assert note_codes(report) == [(3, "unreadable")]
    (tmp_path / "link.jsonl").symlink_to(source)
    (tmp_path / "notes.txt").write_text("mine")
    for name, exit_code, reason in (
        ("blog.jsonl", 2, "it is one of the files to import"),
        ("link.jsonl", 2, "it is one of the files to import"),
        ("notes.txt", 6, "is not an earlier report"),
    ):
        target = tmp_path / name
        content = target.read_bytes()
        refused = cli("import", "jsonl", str(source), "--report", str(target))
        assert refused.exit_code == exit_code
        assert reason in refused.stderr
        assert target.read_bytes() == content
    assert cli("import", "jsonl", "missing.jsonl", "--report", str(report)).exit_code == 2
    assert cli("import", "jsonl", str(tmp_path / "notes.txt"), "--report", str(report)).exit_code == 7
    assert report.read_text() == written
    assert cli("import", "jsonl", str(source), "--strict", "--report", str(report)).exit_code == 7
    assert report.read_text() == written
    assert cli("import", "jsonl", str(source), "--report", "-").exit_code == 2


def test_import_with_unwritable_report_imports_nothing(cli: Cli, tmp_path: Path) -> None:
    assert import_records(cli, post(1), options=("--report", str(tmp_path))).exit_code == 2
    result = import_records(cli, "{", post(1), options=("--report", "/dev/full"))
    assert (result.exit_code, result.stderr) == (
        1,
        "Error: Cannot write /dev/full: No space left on device; nothing was imported\n",
    )
    assert cli.ok("post", "list", "--format", "count").stdout == "0\n"


def test_import_file_without_records_imports_nothing(cli: Cli) -> None:
    assert import_records(cli).stderr == "Imported 0 posts.\n"


WXR = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
xmlns:wp="http://wordpress.org/export/1.2/"><channel><wp:wxr_version>1.2</wp:wxr_version><item><title>Q & A</title>
<content:encoded><![CDATA[<p>One</p>]]></content:encoded><wp:post_id>1</wp:post_id><wp:post_name>q-a</wp:post_name>
<wp:status>draft</wp:status><wp:post_type>post</wp:post_type></item></channel></rss>"""


def test_import_without_format_accepts_options_of_every_format(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "blog.xml").write_text(WXR)
    assert cli("import", str(tmp_path / "blog.xml")).exit_code == 7
    cli.ok("import", "--lenient", "--keep-html", str(tmp_path / "blog.xml"))
    assert cli.json("post", "show", "q-a")["content"].strip() == "<p>One</p>"
    (tmp_path / "post.md").write_text("---\ntitle: T\n---\ntext\n")
    for site, expected in (("one", "Imported 1 post"), ("one", "1 unchanged"), ("two", "Imported 1 post")):
        assert expected in cli.ok("import", str(tmp_path / "post.md"), "--site", site).stderr


class KillOnUnpickle:
    """An object that kills the worker process to which it is sent."""

    def __reduce__(self) -> tuple[Any, ...]:
        return signal.raise_signal, (signal.SIGKILL,)

    def __call__(self, *_: object) -> None:
        raise AssertionError


def test_import_with_killed_worker_imports_nothing(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("blogcli.interchange.pipeline._MAX_BATCH_ITEMS", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setattr("blogcli.services.imports.importer.add_index_rows", KillOnUnpickle())
    result = import_records(cli, ANN, *map(post, range(1, 20)))
    reason = "A worker process was killed, perhaps because memory ran out; nothing was changed"
    assert (result.exit_code, result.stderr) == (
        1,
        f"Error: {reason}\nHint: Free some memory and run the command again.\n",
    )
    assert cli.ok("user", "list", "--format", "count").stdout == "0\n"


OUT_OF_RANGE = {"created_at": "9999-12-31T23:59:59-12:00", "published_at": "0001-01-01T00:00:00+01:00"}


def test_import_instant_out_of_range_is_inferred(cli: Cli, report: Path) -> None:
    user = ANN | {"created_at": OUT_OF_RANGE["created_at"]}
    result = import_records(cli, user, post(1, **OUT_OF_RANGE), post(2), options=("--report", str(report)))
    assert (result.exit_code, summary_of(result)) == (0, "Imported 2 posts and 1 user.")
    assert note_codes(report) == [(2, "date_inferred"), (3, "date_inferred"), (3, "date_inferred")]
    originals = {f"original_{name}": text for name, text in OUT_OF_RANGE.items()}
    assert cli.json("post", "show", "post-1")["extra"] == originals
    assert summary_of(import_records(cli, user, post(1, **OUT_OF_RANGE), post(2))).endswith("0 updated, 2 unchanged.")


def test_import_lone_surrogate_is_removed_and_reported(cli: Cli, report: Path) -> None:
    assert import_records(cli, ANN, post(title="a\ud800b"), options=("--report", str(report))).exit_code == 0
    assert cli.json("post", "show", "ab")["title"] == "ab"
    assert json.loads(report.read_text())["message"] == "U+D800, which databases cannot store, was removed"


def test_import_damaged_file_is_named_once(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "post.md"
    path.write_bytes(gzip.compress(b"text")[:-9])
    result = cli("import", "markdown", str(path))
    assert (result.exit_code, result.stderr.count(str(path))) == (1, 1)


@pytest.mark.parametrize("arguments", [("markdown",), ("jsonl",), ("ghost",)])
def test_import_wrong_format_hints_at_right_command(cli: Cli, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "wp.xml").write_text(WXR)
    refused = cli("import", *arguments, str(tmp_path / "wp.xml"))
    assert refused.exit_code == 7
    assert refused.stderr.endswith("it looks like a WordPress export\nHint: Use `blogcli import wordpress`.\n")


@pytest.mark.parametrize(
    ("word", "suggestion"), [("wordpres", "wordpress"), ("Markdown", "markdown"), ("jsonl1", None), ("ghots", "ghost")]
)
def test_import_mistyped_format_is_suggested_unless_file_exists(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str, suggestion: str | None
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = cli("import", word, "blog.xml")
    assert refused.exit_code == 2
    expected = f"Did you mean '{suggestion}'?" if suggestion else f"Cannot read {word}: No such file or directory"
    assert expected in refused.stderr
    (tmp_path / word).write_text("---\ntitle: T\n---\ntext\n")
    assert summary_of(cli("import", word)) == "Imported 1 post and 1 user."


def test_import_movable_type_export_is_refused(cli: Cli, tmp_path: Path) -> None:
    text = "TITLE: A boat\nSTATUS: Draft\n-----\nBODY:\nText\n-----\nCOMMENT:\nIP: 192.0.2.7\n-----\n"
    for name, arguments in (("blog.txt", ()), ("blog.md", ()), ("blog.txt", ("markdown",))):
        (tmp_path / name).write_text(text)
        refused = cli("import", *arguments, str(tmp_path / name))
        assert (refused.exit_code, "an export of Movable Type" in refused.stderr) == (7, True)
    assert cli("import", "markdown", "-", stdin=text).exit_code == 7
    assert cli("import", "markdown", str(tmp_path)).exit_code == 1
    assert cli.ok("post", "list", "--format", "count").stdout == "0\n"


def test_import_configured_author_must_exist_only_if_needed(cli: Cli) -> None:
    cli.environ["BLOGCLI_AUTHOR"] = "ann@example.org"
    missing = import_records(cli, ANONYMOUS)
    assert (missing.exit_code, missing.stderr.splitlines()[0]) == (
        5,
        "Error: No such user: ann@example.org, the author in the configuration",
    )
    assert import_records(cli, post(2, author="bob@example.org")).exit_code == 0
    assert import_records(cli, ANN, ANONYMOUS, post(3)).exit_code == 0
    assert cli.json("post", "show", "post-1")["author"] == "ann@example.org"


def test_import_author_option_must_exist_even_if_not_needed(cli: Cli) -> None:
    for records in ([ANONYMOUS], [post(2, author="bob@example.org")], []):
        missing = import_records(cli, *records, options=("--author", "ann@example.org"))
        assert missing.exit_code == 5
        assert missing.stderr.startswith("Error: No such user: ann@example.org, given by --author\n")
    assert cli.ok("user", "list", "--format", "count").stdout == "0\n"
    assert import_records(cli, ANN, ANONYMOUS, options=("--author", "ann@example.org")).exit_code == 0
    assert import_records(cli, ANN, post(3), options=("--author", "\udcff")).exit_code in (2, 5, 7)


def test_import_configured_author_may_be_created_by_other_post(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: A\n---\n")
    (tmp_path / "b.md").write_text("---\ntitle: B\nauthor: ann@example.org\n---\n")
    cli.ok("import", "markdown", str(tmp_path), BLOGCLI_AUTHOR="ann@example.org")
    assert cli.json("post", "show", "a")["author"] == "ann@example.org"


def test_import_does_not_overwrite_post_that_has_imported_version_again(cli: Cli) -> None:
    import_records(cli, ANN, post(slug="one", content="Old"))
    cli.ok("post", "update", "one", "--content", "Edited")
    # This is the state after an undo of an earlier change and another change.
    execute(cli.url, "UPDATE posts SET version = version - 1")
    result = import_records(cli, ANN, post(slug="one", content="New"), options=("--on-conflict", "fail"))
    assert (result.exit_code, "was edited in blogcli" in result.stderr) == (6, True)
    assert cli.json("post", "show", "one")["content"] == "Edited"


def test_import_overwrites_post_that_publish_due_has_published(cli: Cli) -> None:
    scheduled: dict[str, Any] = {"slug": "one", "status": "scheduled", "published_at": "2999-01-01T00:00:00Z"}
    import_records(cli, ANN, post(**scheduled))
    url = cli.url
    execute(url, "UPDATE posts SET published_at = '2024-01-01T00:00:00.000000Z'")
    cli.ok("post", "publish-due")
    assert cli.json("post", "show", "one")["version"] == 2
    result = import_records(cli, ANN, post(**scheduled, content="New"), options=("--on-conflict", "fail"))
    assert result.exit_code == 0, result.stderr
    assert cli.json("post", "show", "one")["content"] == "New"
