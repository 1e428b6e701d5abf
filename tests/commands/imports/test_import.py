"""What comes into the blog: once, whole, and with a line for whatever could not stay as it was."""

import gzip
import json
import os
import signal
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import Cli
from tests.commands.imports.importing import ANN, STAMP, bring, codes, counts, jsonl, post


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return tmp_path / "report.jsonl"


def exported(cli: Cli) -> str:
    every = [word for status in ("draft", "scheduled", "published", "trashed") for word in ("--status", status)]
    return cli.ok("export", "jsonl", "-", *every).stdout


WHOLE = post(
    slug="first",
    content="One\r\n\ttwo \u202e \x1b[31m\n\n",
    excerpt="",
    status="published",
    tags=["a", "B", "É"],
    extra={"no": 1e300, "n": None, "deep": [{"a": True, "b": 10**30, "Z": -0.0}], "\x1b": "\x07"},
    published_at=STAMP,
    created_at="2024-04-01T10:00:00Z",
    updated_at="2024-06-01T10:00:00Z",
    trashed_at="2024-07-01T10:00:00Z",
)


def test_a_blog_goes_to_the_other_database_and_comes_back_the_same(cli: Cli, elsewhere: Cli) -> None:
    assert bring(cli, ANN, {"type": "tag", "name": "unused"}, WHOLE, post(2)).exit_code == 0
    text = exported(cli)
    elsewhere.ok("import", "-", stdin=text)
    assert exported(elsewhere) == text
    assert elsewhere.ok("db", "check").exit_code == 0
    stored = json.loads(text.splitlines()[-2])
    assert {name: stored[name] for name in WHOLE} == WHOLE


def test_a_second_time_changes_nothing(cli: Cli) -> None:
    assert counts(bring(cli, ANN, WHOLE, post(2))) == "Imported 2 posts, 1 user and 3 tags."
    before = exported(cli)
    again = bring(cli, ANN, WHOLE, post(2))
    assert again.stderr == "Imported posts: 0 created, 0 updated, 2 unchanged.\n"
    assert again.stdout == ""
    assert exported(cli) == before


def test_ids_of_new_and_changed_posts_are_printed_for_scripts(cli: Cli) -> None:
    first = bring(cli, ANN, post(1), post(2))
    assert cli.ok("post", "list", "--sort", "id", "--format", "ids").stdout == first.stdout
    second = bring(cli, ANN, post(1), post(2, content="Other"), post(3))
    assert sorted(second.lines) == [first.lines[1], second.lines[-1]]


@pytest.mark.parametrize("before", [[], [post(created_at=STAMP)]])
def test_a_published_post_without_a_date_has_that_of_its_creation(cli: Cli, before: list[Any]) -> None:
    bring(cli, ANN, *before)
    bring(cli, ANN, post(status="published", created_at=STAMP))
    assert cli.json("post", "show", 1)["published_at"] == STAMP


def test_a_newer_state_of_the_source_takes_over_what_changed(cli: Cli) -> None:
    bring(cli, ANN, WHOLE)
    newer = WHOLE | {"title": "New", "tags": ["c"], "content": "Other words", "slug": "second", "trashed_at": None}
    assert counts(bring(cli, ANN, post(**newer))) == "Imported posts: 0 created, 1 updated, 0 unchanged."
    shown = cli.json("post", "show", "second")
    assert (shown["title"], shown["tags"], shown["content"]) == ("New", ["c"], "Other words")
    assert shown["updated_at"] == WHOLE["updated_at"]
    assert len(cli.ok("post", "search", "words", "--format", "ids").lines) == 1


@pytest.mark.parametrize(
    ("policy", "code", "title"), [(None, 6, "Mine"), ("skip", 0, "Mine"), ("update", 0, "Theirs"), ("fail", 6, "Mine")]
)
def test_a_post_that_was_edited_here_is_a_conflict(
    cli: Cli, report: Path, policy: str | None, code: int, title: str
) -> None:
    bring(cli, ANN, post(1, slug="one"), post(2))
    cli.ok("post", "update", "one", "--title", "Mine")
    options = ("--report", str(report), *(("--on-conflict", policy) if policy else ()))
    result = bring(cli, ANN, post(1, slug="one", title="Theirs"), post(2, content="new"), options=options)
    assert result.exit_code == code
    assert cli.json("post", "show", "one")["title"] == title
    if policy == "fail":
        assert "was edited in blogcli since it was imported; nothing was imported" in result.stderr
        assert cli.json("post", "show", "post-2")["content"] == ""
    else:
        assert codes(report) == [(3, "conflict")]
        assert cli.json("post", "show", "post-2")["content"] == "new"
    is_named = "-:3: post 1 was edited in blogcli since it was imported; it was not changed: one\n" in result.stderr
    assert is_named is (policy is None)


def test_of_many_conflicts_the_first_are_named_and_the_others_counted(cli: Cli) -> None:
    slugs = [f"s-{number}" for number in range(1, 9)]
    posts = [post(number, slug=slug) for number, slug in enumerate(slugs, start=1)]
    bring(cli, ANN, *posts)
    cli.ok("post", "update", *slugs, "--excerpt", "Mine")
    newer = [one | {"content": "new"} for one in posts] + [post(9)]
    for options in (("--dry-run",), ("--quiet",)):
        before = options if options == ("--quiet",) else ()
        result = cli(*before, "import", "jsonl", "-", *(set(options) - set(before)), stdin=jsonl(ANN, *newer))
        lines = result.stderr.splitlines()
        assert (result.exit_code, sum("it was not changed" in line for line in lines)) == (6, 5)
        assert lines[-3] == "and 3 more such posts"
        assert lines[-2].startswith("Error: 8 posts edited in blogcli were skipped; the others w")
        assert lines[-1].startswith("Hint: Use --on-conflict update to overwrite")
    assert cli.ok("post", "list", "--format", "count").stdout == "9\n"
    assert bring(cli, ANN, *newer, "{").exit_code == 1


def test_a_file_that_was_exported_and_edited_conflicts_with_an_edit_here(cli: Cli, tmp_path: Path) -> None:
    bring(cli, ANN, post(1, slug="one"), post(2, slug="two"))
    cli.ok("export", "markdown", str(tmp_path / "site"))
    for path in (tmp_path / "site").iterdir():
        path.write_text(path.read_text() + "Changed\n")
    cli.ok("post", "update", "one", "--title", "Mine")
    result = cli("import", "markdown", str(tmp_path / "site"))
    assert (result.exit_code, "one.md: post 1 was edited in blogcli" in result.stderr) == (6, True)
    assert cli.json("post", "show", "two")["content"] == "Changed\n"


def test_all_conflicts_are_reported_when_they_stop_an_import(cli: Cli, report: Path) -> None:
    bring(cli, ANN, post(1, slug="one"), post(2, slug="two"), post(3, slug="three"))
    cli.ok("post", "update", "one", "two", "--excerpt", "Mine")
    cli.ok("post", "delete", "three")
    newer = [post(number, slug=slug, content="new") for number, slug in ((1, "one"), (2, "two"), (3, "three"))]
    for dry in ((), ("--dry-run",)):
        result = bring(cli, ANN, *newer, options=("--on-conflict", "fail", "--report", str(report), *dry))
        assert result.exit_code == 6
        assert (
            "-:3: post 1 was edited in blogcli since it was imported; 3 such posts; nothing was imported"
            in result.stderr
        )
        assert codes(report) == [(3, "conflict"), (4, "conflict"), (5, "conflict")]
    assert "post 3 is in the trash" in report.read_text("utf-8")


def test_a_conflict_that_comes_twice_is_no_post_of_its_own(cli: Cli, tmp_path: Path) -> None:
    posts = [post(number, slug=f"s-{number}") for number in range(1, 400)]
    bring(cli, ANN, *posts)
    cli.ok("post", "update", "s-7", "--title", "Mine")
    path = tmp_path / "newer.jsonl"
    path.write_text(jsonl(ANN, *(one | {"content": "new"} for one in posts)))
    told = cli.ok("import", "jsonl", str(path), str(path), "--on-conflict", "skip").stderr
    assert told.startswith("Imported posts: 0 created, 398 updated, 399 unchanged, 1 skipped.")
    assert cli.ok("post", "list", "--format", "count").stdout == "399\n"


def test_what_is_published_when_due_is_not_edited_here(cli: Cli) -> None:
    scheduled = post(1, slug="one", status="scheduled", published_at="2999-01-01T00:00:00Z")
    bring(cli, ANN, scheduled)
    cli.ok("post", "publish-due", "--now", "2999-01-02")
    assert counts(bring(cli, ANN, scheduled | {"content": "new"})).startswith("Imported posts: 0 created, 1 updated")


def test_a_due_post_stays_published_while_its_source_still_schedules_it(cli: Cli) -> None:
    due = post(1, slug="one", status="scheduled", published_at="2024-01-01T00:00:00Z")
    bring(cli, ANN, due)
    cli.ok("post", "publish-due")
    bring(cli, ANN, due | {"content": "new"})
    stored = cli.json("post", "show", "one")
    assert (stored["status"], stored["content"]) == ("published", "new")


def test_an_edit_here_stays_while_the_source_is_as_it_was(cli: Cli) -> None:
    bring(cli, ANN, post(1, slug="one"))
    cli.ok("post", "update", "one", "--title", "Mine")
    assert counts(bring(cli, ANN, post(1, slug="one"))) == "Imported posts: 0 created, 0 updated, 1 unchanged."


def test_a_dry_run_counts_the_same_and_leaves_nothing(cli: Cli) -> None:
    bring(cli, ANN, post(1))
    before = exported(cli)
    records = [ANN, post(1, content="new"), post(2, slug="post-1", tags=["t"]), "{", post(3, author="new@example.org")]
    dry = bring(cli, *records, options=("--dry-run",))
    assert exported(cli) == before
    real = bring(cli, *records)
    assert dry.stderr.replace("Would import", "Imported").replace("Would create", "Created") == real.stderr
    assert dry.exit_code == real.exit_code == 1


def test_one_bad_record_does_not_stop_the_others(cli: Cli, report: Path) -> None:
    bad = ["{", "[]", '{"type": "page"}', post(3, status="lost"), post(4, colour="red"), post(5, status="trashed")]
    result = bring(cli, ANN, *bad, post(2), options=("--report", str(report)))
    assert result.exit_code == 1
    assert [position for position, code in codes(report) if code == "unreadable"] == list(range(3, 3 + len(bad)))
    assert [line.split(": ")[0:2] for line in result.stderr.splitlines() if ":" in line][:2] != []
    assert f"Imported 1 post and 1 user.\nUnreadable: {len(bad)} records.\n" in result.stderr
    for line in range(3, 3 + len(bad)):
        assert f"-:{line}: " in result.stderr


def test_strict_is_all_or_nothing(cli: Cli) -> None:
    result = bring(cli, ANN, "{", post(2), options=("--strict",))
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
def test_what_is_no_such_file_is_refused_whole(cli: Cli, tmp_path: Path, text: str, reason: str) -> None:
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    good.write_text(jsonl(ANN, post()))
    bad.write_text(text)
    result = cli("import", "jsonl", str(good), str(bad))
    assert result.exit_code == 7
    assert result.stderr.startswith(f"Error: {bad}: {reason}")
    assert cli.ok("post", "list", "--format", "count").stdout == "0\n"


def test_a_search_finds_what_a_newer_source_says(cli: Cli) -> None:
    bring(cli, ANN, post(1, title="One"), post(2, title="Two", slug="two"))
    bring(cli, ANN, post(1, title="One fresh"), post(2, title="Two", slug="zwei"))
    assert cli.ok("post", "search", "fresh", "--format", "count").stdout == "1\n"
    assert cli.ok("db", "check").exit_code == 0


def test_posts_that_stay_bring_nothing_back(cli: Cli, report: Path) -> None:
    nobodys = {name: value for name, value in post(2, status="published").items() if name != "author"}
    bring(cli, post(1, tags=["x", "z"]), nobodys)
    cli.ok("tag", "create", "y")
    cli.ok("tag", "merge", "x", "y", "--yes")
    cli.ok("user", "update", "ann@example.org", "--email", "eve@example.org")
    result = bring(cli, post(1, tags=["x", "z"]), nobodys, options=("--report", str(report)))
    assert result.stderr == "Imported posts: 0 created, 0 updated, 2 unchanged.\n"
    assert codes(report) == []
    assert cli.ok("tag", "list", "--field", "name").lines == ["y", "z"]


def test_a_post_keeps_its_author_where_the_source_names_nobody(cli: Cli) -> None:
    cli.ok("user", "create", "eve@example.org", "--no-password")
    nobodys = {name: value for name, value in post(1).items() if name != "author"}
    bring(cli, nobodys, options=("--author", "eve@example.org"))
    bring(cli, nobodys | {"content": "new"})
    assert cli.json("post", "show", "post-1")["author"] == "eve@example.org"


def test_tags_fold_onto_the_one_that_is_there(cli: Cli, report: Path) -> None:
    cli.ok("tag", "create", "News")
    bring(cli, ANN, post(tags=["news", "ｎｅｗｓ", "NEWS"]), options=("--report", str(report)))
    assert cli.json("post", "show", "post-1")["tags"] == ["News"]
    assert (3, "tag_merged") in codes(report)
    assert cli.ok("tag", "list", "--format", "count").stdout == "1\n"


def test_people_who_are_there_stay_as_they_are_and_others_are_inactive(cli: Cli, report: Path) -> None:
    cli.ok("user", "create", "ann@example.org", "--full-name", "Mine", "--no-password")
    bring(cli, ANN, post(1), post(2, author="new@example.org"), options=("--report", str(report)))
    assert cli.json("user", "show", "ann@example.org")["full_name"] == "Mine"
    assert cli.json("user", "show", "new@example.org")["is_active"] is False
    assert codes(report) == [(2, "user_unchanged"), (4, "author_created")]


def test_of_two_people_with_one_address_the_first_is_taken_and_the_other_noted(cli: Cli, report: Path) -> None:
    bring(
        cli, ANN, ANN | {"full_name": "Anne"}, post(1), ANN | {"full_name": "Anne"}, options=("--report", str(report))
    )
    assert cli.json("user", "show", "ann@example.org")["full_name"] == "Ann"
    assert codes(report) == [(3, "user_unchanged")]


def test_posts_that_name_nobody_get_the_author_that_is_given(cli: Cli, report: Path) -> None:
    cli.ok("user", "create", "ann@example.org", "--no-password")
    nobody = {name: value for name, value in post(1).items() if name != "author"}
    bring(cli, nobody, post(2, author=""), options=("--author", "ann@example.org", "--report", str(report)))
    assert cli.ok("post", "list", "--field", "author").lines == ["ann@example.org"] * 2
    assert codes(report) == [(2, "author_inferred"), (3, "author_inferred")]
    bring(cli, post(3) | {"author": None})
    assert cli.json("user", "show", cli.json("post", "show", "post-3")["author"])["is_active"] is False


def test_hashes_are_taken_over_only_where_they_are_of_the_kind_that_is_made_here(cli: Cli, elsewhere: Cli) -> None:
    elsewhere.ok("user", "create", "ann@example.org", "--password-stdin", stdin="correct horse battery")
    text = elsewhere.ok("export", "jsonl", "--with-hashes").stdout
    bcrypt = {"type": "user", "email": "bob@example.org", "hashed_password": "$2b$12$" + "a" * 53}
    cli.ok("import", "jsonl", "-", stdin=text + json.dumps(bcrypt) + "\n")
    assert cli("user", "check-password", "ann@example.org", stdin="correct horse battery").exit_code == 0
    assert cli("user", "check-password", "bob@example.org", stdin="a").exit_code != 0


def test_files_are_unpacked_and_recognised(cli: Cli, tmp_path: Path) -> None:
    packed = tmp_path / "blog.jsonl.gz"
    packed.write_bytes(gzip.compress(jsonl(ANN, post()).encode()))
    assert counts(cli("import", str(packed))) == "Imported 1 post and 1 user."
    packed.write_bytes(packed.read_bytes()[:-9])
    damaged = cli("import", "jsonl", str(packed))
    assert damaged.exit_code == 7
    assert damaged.stderr.startswith(f"Error: {packed}: ")


def test_a_repeated_uuid_is_the_same_post_or_another(cli: Cli, report: Path) -> None:
    bring(cli, ANN, post(1), post(1), post(1, title="Other"), options=("--report", str(report)))
    assert sorted(cli.ok("post", "list", "--field", "title").lines) == ["Other", "Post 1"]
    assert codes(report) == [(5, "duplicate_uuid")]
    again = bring(cli, ANN, post(1), post(1), post(1, title="Other"))
    assert counts(again) == "Imported posts: 0 created, 0 updated, 3 unchanged."


def test_what_cannot_be_stored_is_changed_and_said(cli: Cli, report: Path) -> None:
    odd = post(title="a\0b" + "x" * 600, slug="Not/A Slug", content="\ud800", tags=["a,b", "\x07"], author="nobody")
    assert bring(cli, odd, options=("--report", str(report))).exit_code == 0
    found = {code for _, code in codes(report)}
    assert found == {
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


def test_a_scheduled_post_without_a_date_is_a_draft_and_a_published_one_to_come_is_scheduled(
    cli: Cli, report: Path
) -> None:
    to_come = post(2, status="published", published_at="2999-01-01T00:00:00Z")
    posts = (post(1, status="scheduled"), to_come, post(3, status="published", created_at=STAMP))
    bring(cli, ANN, *posts, options=("--report", str(report)))
    assert codes(report) == [(3, "status_inferred"), (4, "status_inferred")]
    found = cli.json("post", "list", "--sort", "id", "--fields", "status,published_at")
    assert [row["status"] for row in found] == ["draft", "scheduled", "published"]
    assert found[2]["published_at"] == STAMP


@pytest.mark.parametrize("arguments", [("missing.xml",), ("jsonl", "missing.jsonl"), ("markdown",), ("jsonl",)])
def test_sources_that_are_not_there_are_named(cli: Cli, arguments: tuple[str, ...]) -> None:
    assert cli("import", *arguments).exit_code == 2


@pytest.mark.parametrize("name", ["jsonl", "auto"])
def test_a_pipe_is_a_source_like_a_file(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=lambda: (tmp_path / "pipe").write_text(jsonl(ANN, post())))
    writer.start()
    told = cli.ok("import", name, str(tmp_path / "pipe"))
    writer.join()
    assert counts(told) == "Imported 1 post and 1 user."
    assert not list(tmp_path.glob("blogcli-*"))


def test_a_report_takes_the_place_of_a_report_and_of_nothing_else(cli: Cli, tmp_path: Path, report: Path) -> None:
    source = tmp_path / "blog.jsonl"
    source.write_text(jsonl(ANN, "{", post(1)))
    assert cli("import", "jsonl", str(source), "--report", str(report)).exit_code == 1
    told = report.read_text()
    assert codes(report) == [(3, "unreadable")]
    for target in (source, tmp_path / "link.jsonl", tmp_path / "notes.txt"):
        if not target.exists():
            target.symlink_to(source) if target.suffix == ".jsonl" else target.write_text("mine")
        before = target.read_bytes()
        refused = cli("import", "jsonl", str(source), "--report", str(target))
        is_read = target.suffix == ".jsonl"
        assert refused.exit_code == (2 if is_read else 6)
        assert ("it is one of the files to import" if is_read else "is not an earlier report") in refused.stderr
        assert target.read_bytes() == before
    assert cli("import", "jsonl", "missing.jsonl", "--report", str(report)).exit_code == 2
    assert cli("import", "jsonl", str(tmp_path / "notes.txt"), "--report", str(report)).exit_code == 7
    assert report.read_text() == told
    assert cli("import", "jsonl", str(source), "--strict", "--report", str(report)).exit_code == 7
    assert report.read_text() == told
    assert cli("import", "jsonl", str(source), "--report", "-").exit_code == 2


def test_nothing_is_imported_where_the_report_cannot_be_written(cli: Cli, tmp_path: Path) -> None:
    assert bring(cli, post(1), options=("--report", str(tmp_path))).exit_code == 2
    result = bring(cli, "{", post(1), options=("--report", "/dev/full"))
    assert (result.exit_code, result.stderr) == (
        1,
        "Error: Cannot write /dev/full: No space left on device; nothing was imported\n",
    )
    assert cli.ok("post", "list", "--format", "count").stdout == "0\n"


def test_nothing_at_all_is_imported_from_a_file_without_records(cli: Cli) -> None:
    assert bring(cli).stderr == "Imported 0 posts.\n"


WXR = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
xmlns:wp="http://wordpress.org/export/1.2/"><channel><wp:wxr_version>1.2</wp:wxr_version><item><title>Q & A</title>
<content:encoded><![CDATA[<p>One</p>]]></content:encoded><wp:post_id>1</wp:post_id><wp:post_name>q-a</wp:post_name>
<wp:status>draft</wp:status><wp:post_type>post</wp:post_type></item></channel></rss>"""


def test_without_a_format_the_options_of_each_are_known(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "blog.xml").write_text(WXR)
    assert cli("import", str(tmp_path / "blog.xml")).exit_code == 7
    cli.ok("import", "--lenient", "--keep-html", str(tmp_path / "blog.xml"))
    assert cli.json("post", "show", "q-a")["content"].strip() == "<p>One</p>"
    (tmp_path / "post.md").write_text("---\ntitle: T\n---\ntext\n")
    for site, expected in (("one", "Imported 1 post"), ("one", "1 unchanged"), ("two", "Imported 1 post")):
        assert expected in cli.ok("import", str(tmp_path / "post.md"), "--site", site).stderr


class Deadly:
    """Ends the process that it is sent to."""

    def __reduce__(self) -> tuple[Any, ...]:
        return signal.raise_signal, (signal.SIGKILL,)

    def __call__(self, *_: object) -> None:
        raise AssertionError


def test_nothing_is_imported_where_a_process_that_reads_was_ended(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("blogcli.interchange.pipeline._MAX_BATCH_ITEMS", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setattr("blogcli.services.imports.importer.add_index_rows", Deadly())
    result = bring(cli, ANN, *map(post, range(1, 20)))
    reason = "A worker process was killed, perhaps because memory ran out; nothing was changed"
    assert (result.exit_code, result.stderr) == (1, f"Error: {reason}\nHint: Free some memory and run it again.\n")
    assert cli.ok("user", "list", "--format", "count").stdout == "0\n"


BOUNDARY = {"created_at": "9999-12-31T23:59:59-12:00", "published_at": "0001-01-01T00:00:00+01:00"}


def test_an_instant_outside_the_calendar_stops_nothing(cli: Cli, report: Path) -> None:
    person = ANN | {"created_at": BOUNDARY["created_at"]}
    result = bring(cli, person, post(1, **BOUNDARY), post(2), options=("--report", str(report)))
    assert (result.exit_code, counts(result)) == (0, "Imported 2 posts and 1 user.")
    assert codes(report) == [(2, "date_inferred"), (3, "date_inferred"), (3, "date_inferred")]
    kept = {f"original_{name}": text for name, text in BOUNDARY.items()}
    assert cli.json("post", "show", "post-1")["extra"] == kept
    assert counts(bring(cli, person, post(1, **BOUNDARY), post(2))).endswith("0 updated, 2 unchanged.")


def test_half_a_surrogate_pair_is_named(cli: Cli, report: Path) -> None:
    assert bring(cli, ANN, post(title="a\ud800b"), options=("--report", str(report))).exit_code == 0
    assert cli.json("post", "show", "ab")["title"] == "ab"
    assert json.loads(report.read_text())["message"] == "U+D800, which databases cannot store, was removed"


def test_a_file_that_cannot_be_read_is_named_once(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "post.md"
    path.write_bytes(gzip.compress(b"text")[:-9])
    result = cli("import", "markdown", str(path))
    assert (result.exit_code, result.stderr.count(str(path))) == (1, 1)


@pytest.mark.parametrize("arguments", [("markdown",), ("jsonl",), ("ghost",)])
def test_an_export_of_another_system_is_refused_with_the_command_for_it(
    cli: Cli, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "wp.xml").write_text(WXR)
    refused = cli("import", *arguments, str(tmp_path / "wp.xml"))
    assert refused.exit_code == 7
    assert refused.stderr.endswith("it looks like a WordPress export\nHint: Use `blogcli import wordpress`.\n")


@pytest.mark.parametrize(
    ("word", "meant"), [("wordpres", "wordpress"), ("Markdown", "markdown"), ("jsonl1", None), ("ghots", "ghost")]
)
def test_a_format_with_a_typing_error_is_no_path(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str, meant: str | None
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = cli("import", word, "blog.xml")
    assert refused.exit_code == 2
    expected = f"Did you mean '{meant}'?" if meant else f"Cannot read {word}: No such file or directory"
    assert expected in refused.stderr
    (tmp_path / word).write_text("---\ntitle: T\n---\ntext\n")
    assert counts(cli("import", word)) == "Imported 1 post and 1 user."


def test_an_export_as_text_never_becomes_a_post(cli: Cli, tmp_path: Path) -> None:
    text = "TITLE: A boat\nSTATUS: Draft\n-----\nBODY:\nText\n-----\nCOMMENT:\nIP: 192.0.2.7\n-----\n"
    for name, arguments in (("blog.txt", ()), ("blog.md", ()), ("blog.txt", ("markdown",))):
        (tmp_path / name).write_text(text)
        refused = cli("import", *arguments, str(tmp_path / name))
        assert (refused.exit_code, "an export of Movable Type" in refused.stderr) == (7, True)
    assert cli("import", "markdown", "-", stdin=text).exit_code == 7
    assert cli("import", "markdown", str(tmp_path)).exit_code == 1
    assert cli.ok("post", "list", "--format", "count").stdout == "0\n"


NOBODYS = {name: value for name, value in post(1).items() if name != "author"}


def test_the_author_of_the_settings_is_looked_up_only_if_a_post_needs_it(cli: Cli) -> None:
    cli.environ["BLOGCLI_AUTHOR"] = "ann@example.org"
    missing = bring(cli, NOBODYS)
    assert (missing.exit_code, missing.stderr.splitlines()[0]) == (
        5,
        "Error: No such user: ann@example.org, the author in the configuration",
    )
    assert bring(cli, post(2, author="bob@example.org")).exit_code == 0
    assert bring(cli, ANN, NOBODYS, post(3)).exit_code == 0
    assert cli.json("post", "show", "post-1")["author"] == "ann@example.org"


def test_the_author_of_an_option_must_exist_whether_a_post_needs_it_or_not(cli: Cli) -> None:
    for records in ([NOBODYS], [post(2, author="bob@example.org")], []):
        missing = bring(cli, *records, options=("--author", "ann@example.org"))
        assert missing.exit_code == 5
        assert missing.stderr.startswith("Error: No such user: ann@example.org, given by --author\n")
    assert cli.ok("user", "list", "--format", "count").stdout == "0\n"
    assert bring(cli, ANN, NOBODYS, options=("--author", "ann@example.org")).exit_code == 0
    assert bring(cli, ANN, post(3), options=("--author", "\udcff")).exit_code in (2, 5, 7)


def test_a_post_may_bring_along_the_author_of_another(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: A\n---\n")
    (tmp_path / "b.md").write_text("---\ntitle: B\nauthor: ann@example.org\n---\n")
    cli.ok("import", "markdown", str(tmp_path), BLOGCLI_AUTHOR="ann@example.org")
    assert cli.json("post", "show", "a")["author"] == "ann@example.org"
