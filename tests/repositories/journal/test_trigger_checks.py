"""Tests that `db check` finds faults of the journal, and that the suggested repairs remove them."""

import pytest

from tests.command_line import Cli
from tests.databases import execute

SQLITE_FAULTS = {
    "missing trigger": ("DROP TRIGGER journal_posts_update", "The trigger journal_posts_update is missing"),
    "missing triggers of journal": ("DROP TRIGGER journal_close", "The trigger journal_close is missing"),
    "stale trigger": (
        """DROP TRIGGER journal_tags_update;
        CREATE TRIGGER journal_tags_update AFTER UPDATE ON tags BEGIN SELECT 1; END""",
        "The trigger journal_tags_update is altered",
    ),
    "missing table": ("DROP TABLE journal_current", "The table journal_current is missing"),
}
POSTGRESQL_FAULTS = {
    "missing trigger": ("DROP TRIGGER journal_change ON posts", "The trigger journal_change of posts is missing"),
    "disabled trigger": (
        "ALTER TABLE posts DISABLE TRIGGER journal_insert",
        "The trigger journal_insert of posts is disabled",
    ),
    "trigger for replicas only": (
        "ALTER TABLE tags ENABLE REPLICA TRIGGER journal_change",
        "The trigger journal_change of tags is disabled",
    ),
    "trigger for fewer events": (
        """DROP TRIGGER journal_change ON tags; CREATE TRIGGER journal_change AFTER UPDATE ON tags
        FOR EACH ROW EXECUTE FUNCTION journal_tags_change()""",
        "The trigger journal_change of tags is altered",
    ),
    "missing function": (
        "DROP FUNCTION journal_post_tags_truncate() CASCADE",
        "The function journal_post_tags_truncate is missing",
    ),
    "stale function": (
        """CREATE OR REPLACE FUNCTION journal_posts_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path TO public, pg_temp AS $$ BEGIN RETURN NULL; END $$""",
        "The function journal_posts_change is altered",
    ),
    "function with rights of caller": (
        "ALTER FUNCTION journal_operation() SECURITY INVOKER",
        "The function journal_operation is altered",
    ),
    "function with other search path": (
        "ALTER FUNCTION journal_close() RESET search_path",
        "The function journal_close is altered",
    ),
    "missing close trigger": (
        "DROP TRIGGER journal_close ON journal_operations",
        "The trigger journal_close of journal_operations is missing",
    ),
}


def assert_found_and_repaired(cli: Cli, url: str, fault: str, message: str) -> None:
    execute(url, fault)
    result = cli("db", "check", "--format", "json")
    assert result.exit_code == 1
    problems = result.json
    assert problems[0]["text"] == message
    for problem in problems:
        assert problem["code"] == "trigger"
        execute(url, problem["repair"].removeprefix("Run: "))
    assert cli.json("db", "check") == []


@pytest.mark.parametrize(("fault", "message"), SQLITE_FAULTS.values(), ids=SQLITE_FAULTS)
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_check_finds_fault_on_sqlite(cli: Cli, database_url: str, fault: str, message: str) -> None:
    assert_found_and_repaired(cli, database_url, fault, message)


@pytest.mark.parametrize(("fault", "message"), POSTGRESQL_FAULTS.values(), ids=POSTGRESQL_FAULTS)
@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_check_finds_fault_on_postgresql(cli: Cli, database_url: str, fault: str, message: str) -> None:
    assert_found_and_repaired(cli, database_url, fault, message)
