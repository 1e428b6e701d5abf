"""Tests of `blogcli user`."""

import getpass

import pytest

from tests.command_line import UNDO_HINT, Cli, Result
from tests.databases import execute, fetch
from tests.snapshots import cli_snapshot

ANN, BOB, CY = "ann@example.org", "bob@example.org", "cy@example.org"
SECRET = "correct horse"  # noqa: S105 - the password of a user who exists only during a test


@cli_snapshot
def people(cli: Cli) -> None:
    """Create Ann (id 1, a post and a trashed post), Bob (2, inactive, no posts) and Cy (3, two posts)."""
    cli.ok("user", "create", ANN, "--full-name", "Ann Lee", "--no-password")
    cli.ok("user", "create", BOB, "--full-name", "Bob Ray", "--no-password", "--inactive")
    cli.ok("user", "create", CY, "--no-password")
    for title, author in (("One", ANN), ("Two", ANN), ("Three", CY), ("Four", CY)):
        cli.ok("post", "create", "--title", title, "--author", author)
    cli.ok("post", "delete", "two", "--yes")


def emails(cli: Cli, *arguments: str) -> list[str]:
    return [user["email"] for user in cli.json("user", "list", *arguments)]


def check_password(cli: Cli, user: str, password: str) -> int:
    """Return the exit code of `blogcli user check-password`."""
    return cli("user", "check-password", user, "--password-stdin", stdin=password).exit_code


def answer_password_prompts(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    remaining = iter(answers)
    monkeypatch.setattr(getpass, "getpass", lambda *_, **__: next(remaining))


def test_create_password_stdin_reads_first_line(cli: Cli) -> None:
    created = cli.ok("user", "create", "Ann@Example.org", "--password-stdin", stdin=f"{SECRET}\r\nmore\n")
    assert created.stdout == "1\n"
    assert created.stderr == f"Created user 1 ({ANN}).\n"
    assert check_password(cli, ANN, SECRET) == 0


def test_create_generate_password_prints_it_even_with_quiet(cli: Cli) -> None:
    created = cli.ok("--quiet", "user", "create", ANN, "--generate-password")
    (line,) = created.stderr.splitlines()
    label, password = line.split()
    assert label == "Password:"
    assert created.stdout == "1\n"
    assert check_password(cli, ANN, password) == 0


def test_create_json_contains_no_password(cli: Cli) -> None:
    options = ("--full-name", "Ann Lee", "--inactive", "--password-stdin")
    user = cli.json("user", "create", ANN, *options, stdin=SECRET)
    assert set(user) == {"id", "email", "full_name", "is_active", "posts", "created_at", "updated_at"}
    assert (user["full_name"], user["is_active"], user["posts"]) == ("Ann Lee", False, 0)


def test_create_existing_email_is_conflict_without_if_not_exists(people: Cli) -> None:
    command = ("user", "create", "ANN@example.org", "--full-name", "Else")
    assert people(*command, "--generate-password").exit_code == 6
    unchanged = people.ok(*command, "--if-not-exists")
    assert unchanged.stderr == "Nothing to do: user 1 (ann@example.org) exists.\n"
    assert people.json("user", "show", ANN)["full_name"] == "Ann Lee"


def test_create_if_not_exists_creates_missing_user(cli: Cli) -> None:
    assert cli.ok("user", "create", ANN, "--if-not-exists", "--password-stdin", stdin=SECRET).stdout == "1\n"
    assert check_password(cli, ANN, SECRET) == 0


def test_create_without_password_option_sets_no_password(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    answer_password_prompts(monkeypatch)
    created = cli("user", "create", ANN, terminal=True)
    assert (created.exit_code, created.stderr) == (0, f"Created user 1 ({ANN}) without a password.\n{UNDO_HINT}")
    created = cli.ok("user", "create", BOB, "--no-password", stdin=SECRET)
    assert (created.stdout, created.stderr) == ("2\n", f"Created user 2 ({BOB}) without a password.\n")
    assert check_password(cli, ANN, "") == check_password(cli, BOB, SECRET) == 1
    planned = cli.ok("user", "create", CY, "--no-password", "--dry-run")
    assert planned.stderr.endswith(f"({CY}) without a password.\n")


def test_create_without_terminal_requires_one_password_option(cli: Cli) -> None:
    refused = cli("user", "create", ANN)
    assert (refused.exit_code, cli("user", "exists", ANN).exit_code) == (2, 5)
    assert "--no-password, --password-stdin or --generate-password" in refused.stderr
    options = ("--password", "--password-stdin", "--generate-password", "--no-password")
    for option in options[1:]:
        assert cli("user", "create", ANN, options[0], option, stdin=SECRET).exit_code == 2
    assert cli("user", "exists", ANN).exit_code == 5


@pytest.mark.parametrize("command", [("create", BOB, "--password"), ("set-password", ANN)])
def test_password_prompt_without_terminal_is_refused(people: Cli, command: tuple[str, ...]) -> None:
    refused = people("user", *command, stdin=f"{SECRET}\n{SECRET}\n")
    assert refused.exit_code == 2
    assert "--password-stdin or --generate-password" in refused.stderr
    both = ("--password-stdin", "--generate-password")
    assert people("user", *command[:2], *both, stdin=SECRET).exit_code == 2


def test_create_password_prompts_twice_on_terminal(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    answer_password_prompts(monkeypatch, SECRET, "wrong horse")
    assert cli("user", "create", ANN, "--password", terminal=True).exit_code == 7
    # Only one prompt is answered, because a short password is refused before the second prompt.
    answer_password_prompts(monkeypatch, "short")
    assert "too short: use at least 8 characters" in cli("user", "create", ANN, "--password", terminal=True).stderr
    answer_password_prompts(monkeypatch, SECRET, SECRET)
    created = cli("user", "create", ANN, "--password", terminal=True)
    assert (created.exit_code, created.stdout) == (0, "")
    assert check_password(cli, ANN, SECRET) == 0


@pytest.mark.parametrize(("password", "code"), [("x" * 7, 7), ("x" * 8, 0), ("x" * 1024, 0), ("x" * 1025, 7)])
def test_create_password_of_invalid_length_is_refused(cli: Cli, password: str, code: int) -> None:
    assert cli("user", "create", ANN, "--password-stdin", stdin=password).exit_code == code
    assert cli("user", "exists", ANN).exit_code == (5 if code else 0)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), [ANN, BOB, CY]),
        (("--active",), [ANN, CY]),
        (("--inactive",), [BOB]),
        (("--contains", "ANN L"), [ANN]),
        (("--contains", "CY@"), [CY]),
        (("--contains", "_"), []),
        (("--contains", "%"), []),
        (("--sort", "-email"), [CY, BOB, ANN]),
        (("--sort", "posts"), [BOB, ANN, CY]),
        (("--sort", "-posts", "--limit", "1"), [CY]),
        (("--offset", "1", "--limit", "1"), [BOB]),
    ],
)
def test_list_with_filters_sort_limit_or_offset(people: Cli, options: tuple[str, ...], expected: list[str]) -> None:
    assert emails(people, *options) == expected


def test_list_counts_posts_that_are_not_trashed(people: Cli) -> None:
    assert [user["posts"] for user in people.json("user", "list")] == [1, 0, 2]


def test_list_unknown_sort_or_negative_limit_is_refused(people: Cli) -> None:
    assert people("user", "list", "--sort", "hashed_password").exit_code == 2
    assert people("user", "list", "--limit", "-1").exit_code == 2


def test_list_on_terminal_prints_number_of_users(people: Cli) -> None:
    assert people("user", "list", "--limit", "2", terminal=True).stderr == "2 of 3; --limit 0 for all\n"
    assert people("user", "list", terminal=True).stderr == "3 users\n"


def test_show_json_of_one_and_of_several_users(people: Cli) -> None:
    assert people.json("user", "show", "BOB@example.org")["id"] == 2
    assert [user["email"] for user in people.json("user", "show", 3, ANN)] == [CY, ANN]


def test_show_missing_users_names_all_of_them(people: Cli) -> None:
    missing = people("user", "show", 9, ANN, "no@example.org", "--format", "json")
    assert (missing.exit_code, missing.stdout) == (5, "")
    assert missing.error["message"] == "No such users: 9, no@example.org"


def test_show_on_terminal_lists_newest_posts(people: Cli) -> None:
    shown = people("user", "show", CY, terminal=True, NO_COLOR="1")
    assert [line.split()[:2] for line in shown.stdout.splitlines()[-2:]] == [["4", "Four"], ["3", "Three"]]
    assert "Four" not in people.ok("user", "show", CY).stdout
    assert "Four" not in people("user", "show", CY, ANN, terminal=True).stdout


def test_missing_user_hints_at_similar_email(people: Cli) -> None:
    assert "Hint: Did you mean 'bob@example.org'?" in people("user", "show", "bobb@example.org").stderr
    assert "Did you mean 'ann@example.org'?" in people("post", "list", "--author", "ann").stderr
    assert "Did you mean" not in people("user", "show", "dan@example.org", "9", "id:9").stderr


def test_update_changes_given_fields_only(people: Cli) -> None:
    changed = people.ok("user", "update", ANN, "--email", "Lee@example.org")
    assert (changed.stdout, changed.stderr) == ("1\n", "Updated user 1 (lee@example.org).\n")
    assert people.json("user", "show", 1)["full_name"] == "Ann Lee"
    assert people.json("user", "update", 1, "--full-name", "")["full_name"] is None
    assert people.json("user", "show", 1)["email"] == "lee@example.org"


def test_update_without_changes_or_with_invalid_email_is_refused(people: Cli) -> None:
    assert people("user", "update", ANN).exit_code == 2
    assert people("user", "update", ANN, "--email", "BOB@example.org").exit_code == 6
    assert people("user", "update", ANN, "--email", "nonsense").exit_code == 7
    assert people("user", "update", 9, "--full-name", "X").exit_code == 5
    same = people.ok("user", "update", ANN, "--email", "ANN@example.org")
    assert (same.stdout, same.stderr) == ("", "Nothing to do: 1 user unchanged.\n")


def test_activate_and_deactivate_count_unchanged_users(people: Cli) -> None:
    activated = people.ok("user", "activate", ANN, BOB)
    assert (activated.stdout, activated.stderr) == ("2\n", f"Activated user 2 ({BOB}); 1 unchanged.\n")
    deactivated = people.ok("user", "deactivate", BOB, 3)
    assert (deactivated.stdout, deactivated.stderr) == ("2\n3\n", "Deactivated 2 users.\n")
    assert emails(people, "--inactive") == [BOB, CY]


def test_set_password_replaces_password(people: Cli) -> None:
    people.ok("user", "set-password", ANN, "--password-stdin", stdin=SECRET)
    assert check_password(people, "1", SECRET) == 0
    generated = people.ok("user", "set-password", ANN, "--generate-password")
    assert check_password(people, ANN, SECRET) == 1
    assert check_password(people, ANN, generated.stderr.splitlines()[0].removeprefix("Password: ")) == 0


def test_check_password_without_terminal_reads_stdin(people: Cli) -> None:
    people.ok("user", "set-password", ANN, "--password-stdin", stdin=SECRET)
    assert people("user", "check-password", ANN, stdin=SECRET) == Result(0, "", "")
    assert people("user", "check-password", ANN, stdin=SECRET.upper()) == Result(1, "", "")
    assert check_password(people, "no@example.org", SECRET) == 5


COSTS = {"BLOGCLI_ARGON2_TIME_COST": "2", "BLOGCLI_ARGON2_MEMORY_COST": "16", "BLOGCLI_ARGON2_PARALLELISM": "2"}


@pytest.mark.parametrize("arguments", [("create", "dan@example.org"), ("set-password", ANN), ("check-password", ANN)])
def test_hashes_use_parameters_of_settings(people: Cli, arguments: tuple[str, ...]) -> None:
    people.ok("user", "set-password", ANN, "--password-stdin", stdin=SECRET)
    changed = people("user", *arguments, "--password-stdin", stdin=SECRET, terminal=False, **COSTS)
    assert changed.exit_code == 0
    assert fetch(people.url, "SELECT hashed_password FROM users WHERE hashed_password LIKE '%m=16,t=2,p=2$%'")


def test_replaced_hash_is_operation_of_journal(people: Cli) -> None:
    people.ok("user", "set-password", ANN, "--password-stdin", stdin=SECRET)
    before = people.json("user", "show", ANN)
    operations = people.json("log", "--format", "json")
    assert people("user", "check-password", ANN, stdin=SECRET, terminal=False, **COSTS) == Result(0, "", "")
    assert people.json("user", "show", ANN) == before
    newest, *rest = people.json("log", "--format", "json")
    assert (newest["command"], rest) == (f"user check-password {ANN}", operations)
    people.ok("undo", newest["id"], "--yes")
    assert check_password(people, ANN, SECRET) == 0


def test_check_password_succeeds_if_hash_cannot_be_replaced(people: Cli) -> None:
    people.ok("user", "set-password", ANN, "--password-stdin", stdin=SECRET)
    if people.url.startswith("postgresql"):
        name = people.url.partition("?")[0].rpartition("/")[2]
        execute(people.url, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    else:
        # A file without the permission to write would not stop root.
        execute(
            people.url,
            "CREATE TRIGGER refuse BEFORE UPDATE OF hashed_password ON users BEGIN SELECT RAISE(ABORT, 'no'); END",
        )
    stored = fetch(people.url, "SELECT hashed_password FROM users WHERE id = 1")
    assert people("user", "check-password", ANN, stdin=SECRET, terminal=False, **COSTS) == Result(0, "", "")
    assert people("user", "check-password", ANN, stdin=SECRET.upper(), terminal=False, **COSTS) == Result(1, "", "")
    assert fetch(people.url, "SELECT hashed_password FROM users WHERE id = 1") == stored


def test_delete_user_with_posts_even_trashed_is_refused(people: Cli) -> None:
    assert people("user", "delete", BOB, CY, "--yes").exit_code == 6
    people.ok("post", "delete", "one", "--yes")
    refused = people("user", "delete", ANN, "--yes")
    assert refused.exit_code == 6
    assert "ann@example.org has posts: 0, and 2 in the trash" in refused.stderr
    assert emails(people) == [ANN, BOB, CY]


def test_delete_reassign_to_moves_posts(people: Cli) -> None:
    planned = people.ok("user", "delete", ANN, "--reassign-to", "2", "--dry-run").stderr
    assert planned == f"Would delete user 1 ({ANN}); would move 2 posts to {BOB}.\n"
    deleted = people.ok("user", "delete", ANN, CY, "--reassign-to", BOB, "--yes")
    assert (deleted.stdout, deleted.stderr) == ("1\n3\n", f"Deleted 2 users; moved 4 posts to {BOB}.\n")
    assert people.json("user", "list")[0]["posts"] == 3
    people.ok("post", "restore", "two")
    assert {post["author"] for post in people.json("post", "list")} == {BOB}


def test_delete_purge_posts_deletes_posts_permanently(people: Cli) -> None:
    deleted = people.ok("user", "delete", ANN, "--purge-posts", "--yes").stderr
    assert deleted == f"Deleted user 1 ({ANN}); permanently deleted 2 posts.\n"
    assert {post["slug"] for post in people.json("post", "list")} == {"three", "four"}
    assert people("post", "exists", "two").exit_code == 5


def test_delete_reassign_to_invalid_user_is_refused(people: Cli) -> None:
    assert people("user", "delete", ANN, BOB, "--reassign-to", "2", "--yes").exit_code == 2
    assert people("user", "delete", ANN, "--reassign-to", "9", "--yes").exit_code == 5
    for user in (BOB, ""):
        assert people("user", "delete", ANN, "--reassign-to", user, "--purge-posts", "--yes").exit_code == 2
    assert emails(people) == [ANN, BOB, CY]


def test_delete_asks_for_confirmation(people: Cli) -> None:
    assert people("user", "delete", BOB).exit_code == 4
    assert people("user", "delete", BOB, stdin="n\n", terminal=True).exit_code == 4
    assert people("user", "exists", BOB).exit_code == 0
    assert people("user", "delete", BOB, stdin="y\n", terminal=True).exit_code == 0
    assert people("user", "exists", BOB).exit_code == 5


def test_delete_confirmation_counts_posts_and_is_skipped_on_error(people: Cli) -> None:
    declined = people("user", "delete", ANN, "--reassign-to", BOB, stdin="n\n", terminal=True)
    assert f"Delete user 1 ({ANN}) and move 2 posts to {BOB}, in " in declined.stderr
    declined = people("user", "delete", ANN, CY, "--purge-posts", stdin="n\n", terminal=True)
    assert "Delete 2 users and permanently delete 4 posts, in " in declined.stderr
    for arguments, code in (((ANN,), 6), (("9",), 5), ((ANN, BOB, "--reassign-to", BOB), 2)):
        refused = people("user", "delete", *arguments, stdin="y\n", terminal=True)
        assert (refused.exit_code, "[y/N]" in refused.stderr) == (code, False)
        assert people("user", "delete", *arguments).exit_code == 4
    nothing_to_do = people("user", "delete", "9", "--ignore-missing", terminal=True)
    assert nothing_to_do.stderr == "Warning: no such user: 9\nNothing to do.\n"
    assert emails(people) == [ANN, BOB, CY]


def test_exists_prints_nothing(people: Cli) -> None:
    assert people("user", "exists", "1", "BOB@example.org") == Result(0, "", "")
    assert people("user", "exists", "1", "9") == Result(5, "", "")


def test_deactivate_from_stdin_with_missing_users(people: Cli) -> None:
    references = f"{BOB}\r\n\nno@example.org\n3\n"
    assert people("user", "deactivate", "--from", "-", stdin=references).exit_code == 5
    deactivated = people.ok("user", "deactivate", "--from", "-", "--ignore-missing", stdin=references)
    assert deactivated.stdout == "3\n"
    assert deactivated.stderr.splitlines()[0] == "Warning: no such user: no@example.org"
    assert people("user", "show", "--from", "-", ANN, stdin=references).exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("create", "new@example.org", "--password-stdin"), "Would create user "),
        (("update", ANN, "--email", "new@example.org"), "Would update user 1 (new@example.org).\n"),
        (("activate", BOB), f"Would activate user 2 ({BOB}).\n"),
        (("deactivate", ANN), f"Would deactivate user 1 ({ANN}).\n"),
        (("set-password", ANN, "--password-stdin"), f"Would set the password of user 1 ({ANN}).\n"),
        (("delete", ANN, "--purge-posts"), f"Would delete user 1 ({ANN}); would permanently delete 2 posts.\n"),
    ],
)
def test_dry_run_prints_message_and_changes_nothing(people: Cli, arguments: tuple[str, ...], message: str) -> None:
    users_before = people.json("user", "list")
    assert people.ok("user", *arguments, "--dry-run", stdin=SECRET).stderr.startswith(message)
    assert people.ok("--quiet", "user", *arguments, "--dry-run", stdin=SECRET).stderr == ""
    assert people.json("user", "list") == users_before
    assert check_password(people, ANN, SECRET) == 1
