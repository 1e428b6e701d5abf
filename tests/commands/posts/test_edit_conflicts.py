"""Tests of `blogcli post edit` on a terminal while other commands change the post."""

from pathlib import Path

import pytest

from tests.command_line import Cli
from tests.snapshots import cli_snapshot
from tests.subprocesses import SCRIPT, Program, Terminal

CONTENT = "One.\n\nTwo.\n\nThree.\n"
QUESTION = "Merge it with the stored post (m), edit it again (e), or keep it in the file (k)? "
CHANGE_THREE = "blogcli post replace Three. Third. one --yes"
CHANGE_ONE = "blogcli post replace One. First. one --yes"
# Operations 1 to 3 have created the user and the posts.
UNDO = "blogcli undo 4 --yes"
EDIT_ONE = 'sed -i s/^One/Uno/ "$1"'


@cli_snapshot
def blog(cli: Cli) -> None:
    """Create two posts by the user Ann."""
    cli.ok("user", "create", "ann@example.org", "--no-password")
    for title in ("One", "Two"):
        cli.ok("post", "create", "--title", title, "--author", "ann@example.org", "--content", CONTENT)


def edit(blog: Cli, *scripts: str, arguments: tuple[str, ...] = ("one",)) -> Terminal:
    """Start `post edit` on a terminal. The editor runs one of the scripts each time that it is started."""
    home = Path(blog.environ["HOME"])
    for number, script in enumerate(scripts):
        (home / f"script{number}").write_text(script)
    (home / "count").write_text("0")
    editor = home / "editor"
    editor.write_text(
        f'#!/bin/bash\nblogcli() {{ "{SCRIPT}" "$@" < /dev/null > /dev/null 2>&1; }}\n'
        'number=$(cat "$HOME/count"); echo $((number + 1)) > "$HOME/count"\nset -e\n. "$HOME/script$number"\n'
    )
    editor.chmod(0o755)
    program = Program(blog.environ | {"EDITOR": str(editor)})
    return program.on_terminal("post", "edit", *arguments)


def content(blog: Cli, reference: str | int = 1) -> str:
    text = blog.json("post", "show", reference)["content"]
    assert isinstance(text, str)
    return text


def drafts_folder(blog: Cli) -> Path:
    return Path(blog.environ["HOME"]) / ".local/state/blogcli/drafts"


def only_draft(blog: Cli) -> str:
    """Return the text of the only draft."""
    (path,) = drafts_folder(blog).glob("*.md")
    return path.read_text()


def assert_no_draft(blog: Cli) -> None:
    assert not list(drafts_folder(blog).iterdir())


def test_conflict_names_the_operations_that_changed_the_post(blog: Cli) -> None:
    terminal = edit(blog, f"{EDIT_ONE}; {CHANGE_THREE}; blogcli post tag add x one; blogcli post tag add y two")
    terminal.answer(QUESTION, "k")
    assert terminal.finish()[0] == 6
    operations = blog.ok("log", "--limit", "3", "--field", "id").lines
    shown = " ".join(terminal.shown.split())
    assert "Post 1 (one) was changed by another command while it was edited: " in shown
    assert f"operation {operations[1]} by " in shown
    assert "`post tag add x one` (tags); " in shown
    assert f"operation {operations[2]} by " in shown
    assert "`post replace Three. Third. one --yes` (content)" in shown
    assert "add y" not in shown
    assert "Uno." in only_draft(blog)
    assert content(blog) == CONTENT.replace("Three", "Third")


def test_conflict_names_only_the_newest_operations(blog: Cli) -> None:
    changes = Path(blog.environ["HOME"]) / "changes"
    changes.write_text("".join(f"post update one --excerpt {number}\n" for number in range(5)))
    terminal = edit(blog, f"{EDIT_ONE}; blogcli batch {changes}")
    terminal.answer(QUESTION, "k")
    assert terminal.finish()[0] == 6
    assert terminal.shown.count("post update one --excerpt") == 3
    assert "; earlier operations" in " ".join(terminal.shown.split())


def test_merge_without_conflicts_is_saved(blog: Cli) -> None:
    terminal = edit(blog, f"{EDIT_ONE}; {CHANGE_THREE}")
    terminal.answer(QUESTION, "m")
    assert terminal.finish()[0] == 0, terminal.shown
    assert "Merged without conflicts." in terminal.shown
    assert content(blog) == "Uno.\n\nTwo.\n\nThird.\n"
    assert_no_draft(blog)


def test_merge_with_conflicts_is_saved_after_they_are_resolved(blog: Cli) -> None:
    show = 'cp "$1" "$HOME/merged"'
    resolve = 'sed -i "/^<<<<<<< yours/d; /^=======/d; /^>>>>>>> end/d" "$1"'
    terminal = edit(blog, f"{EDIT_ONE}; {CHANGE_ONE}; {CHANGE_THREE}", show, resolve)
    terminal.answer(QUESTION, "m")
    terminal.answer("Edit it again (e), or keep it in the file (k)? ", "e")
    assert terminal.finish()[0] == 0, terminal.shown
    assert "Merged with 1 conflict; resolve them in the editor." in terminal.shown
    assert "the text contains conflict markers" in terminal.shown
    merged = (Path(blog.environ["HOME"]) / "merged").read_text()
    assert merged.endswith("<<<<<<< yours\nUno.\n======= stored\nFirst.\n>>>>>>> end\n\nTwo.\n\nThird.\n")
    assert content(blog) == "Uno.\nFirst.\n\nTwo.\n\nThird.\n"
    assert_no_draft(blog)


def test_second_change_during_the_merge_is_another_conflict(blog: Cli) -> None:
    resolve = 'sed -i "/^<<<<<<< yours/d; /^=======/,/^>>>>>>> end/d" "$1"'
    terminal = edit(blog, f"{EDIT_ONE}; {CHANGE_ONE}", f"{resolve}; {CHANGE_THREE}")
    terminal.answer(QUESTION, "m")
    terminal.answer(QUESTION, "m")
    assert terminal.finish()[0] == 0, terminal.shown
    first, second = " ".join(terminal.shown.split()).split("Merged with 1 conflict")
    assert ("replace One." in first, "replace One." in second) == (True, False)
    assert "replace Three." in second
    assert content(blog) == "Uno.\n\nTwo.\n\nThird.\n"
    assert_no_draft(blog)


def test_conflict_can_be_edited_again(blog: Cli) -> None:
    terminal = edit(blog, f"{EDIT_ONE}; {CHANGE_THREE}", 'sed -i s/^Two/Dos/ "$1"')
    terminal.answer(QUESTION, "e")
    terminal.answer(QUESTION, "m")
    assert terminal.finish()[0] == 0, terminal.shown
    assert content(blog) == "Uno.\n\nDos.\n\nThird.\n"


def test_recover_merges_a_text_that_was_kept(blog: Cli) -> None:
    terminal = edit(blog, f"{EDIT_ONE}; {CHANGE_THREE}")
    terminal.answer(QUESTION, "keep")
    assert terminal.finish()[0] == 6
    assert "blogcli post edit --recover one" in " ".join(terminal.shown.split())
    blog.ok("post", "update", 1, "--title", "New title")
    recovery = edit(blog, "exit 9", arguments=("--recover",))
    recovery.answer(QUESTION, "merge")
    assert recovery.finish()[0] == 0, recovery.shown
    assert blog.json("post", "show", 1)["title"] == "New title"
    assert content(blog) == "Uno.\n\nTwo.\n\nThird.\n"
    assert_no_draft(blog)


def test_recover_continues_a_merge_whose_conflicts_were_not_resolved(blog: Cli) -> None:
    terminal = edit(blog, f"{EDIT_ONE}; {CHANGE_ONE}", "exit 3")
    terminal.answer(QUESTION, "m")
    assert terminal.finish()[0] == 1
    assert "failed with status 3" in terminal.shown
    assert "<<<<<<< yours\nUno.\n======= stored\nFirst.\n>>>>>>> end\n" in only_draft(blog)
    blog.ok("post", "update", 1, "--excerpt", "Short")
    recovery = edit(blog, 'sed -i "/^<<<<<<< yours/d; /^=======/,/^>>>>>>> end/d" "$1"', arguments=("--recover",))
    recovery.answer(QUESTION, "m")
    recovery.answer("Edit it again (e), or keep it in the file (k)? ", "e")
    recovery.answer(QUESTION, "m")
    assert recovery.finish()[0] == 0, recovery.shown
    post = blog.json("post", "show", 1)
    assert (post["content"], post["excerpt"]) == ("Uno.\n\nTwo.\n\nThree.\n", "Short")


def test_ctrl_c_at_the_question_keeps_the_text(blog: Cli) -> None:
    terminal = edit(blog, f"{EDIT_ONE}; {CHANGE_ONE}")
    terminal.answer(QUESTION, "what")
    terminal.answer(QUESTION, "\x03")
    assert terminal.finish()[0] == 130
    assert "Uno." in only_draft(blog)
    assert content(blog) == CONTENT.replace("One", "First")


def test_change_that_was_undone_is_not_a_conflict(blog: Cli) -> None:
    terminal = edit(blog, f"{EDIT_ONE}; {CHANGE_ONE}; {UNDO}")
    assert terminal.finish()[0] == 0, terminal.shown
    assert content(blog) == CONTENT.replace("One", "Uno")


def test_conflict_does_not_name_a_change_that_was_undone(blog: Cli) -> None:
    terminal = edit(blog, f"{EDIT_ONE}; {CHANGE_ONE}; {UNDO}; {CHANGE_THREE}")
    terminal.answer(QUESTION, "m")
    assert terminal.finish()[0] == 0, terminal.shown
    assert "replace Three." in terminal.shown
    assert "replace One." not in terminal.shown
    assert content(blog) == "Uno.\n\nTwo.\n\nThird.\n"


@pytest.mark.parametrize(("change", "exit_code"), [("delete one --yes", 6), ("delete one --purge --yes", 5)])
def test_text_is_kept_if_the_post_was_deleted(blog: Cli, change: str, exit_code: int) -> None:
    terminal = edit(blog, f"{EDIT_ONE}; blogcli post {change}")
    if exit_code == 6:
        terminal.answer(QUESTION, "m")
    terminal.answer("Edit it again (e), or keep it in the file (k)? ", "k")
    assert terminal.finish()[0] == exit_code, terminal.shown
    assert "Uno." in only_draft(blog)


def test_merge_with_equal_changes_is_not_saved_again(blog: Cli) -> None:
    terminal = edit(blog, 'sed -i s/^One/First/ "$1"; ' + CHANGE_ONE)
    terminal.answer(QUESTION, "m")
    assert terminal.finish()[0] == 0, terminal.shown
    assert "Nothing to do" in terminal.shown
    assert content(blog) == CONTENT.replace("One", "First")
    assert_no_draft(blog)


def test_conflict_is_an_error_without_a_question_if_the_output_is_json(blog: Cli) -> None:
    terminal = edit(blog, f"{EDIT_ONE}; {CHANGE_ONE}", arguments=("one", "--format", "json"))
    assert terminal.finish()[0] == 6
    shown = terminal.shown.replace("\r\n", "")
    assert '"code": "conflict"' in shown
    assert "`post replace One. First. one --yes` (content)" in shown
    assert str(next(drafts_folder(blog).glob("*.md"))) in shown
    assert "(m)" not in shown


def test_dry_run_can_merge_and_keeps_the_text(blog: Cli) -> None:
    terminal = edit(blog, f"{EDIT_ONE}; {CHANGE_THREE}", arguments=("one", "--dry-run"))
    terminal.answer(QUESTION, "m")
    assert terminal.finish()[0] == 0, terminal.shown
    assert content(blog) == CONTENT.replace("Three", "Third")
    assert only_draft(blog).endswith("Uno.\n\nTwo.\n\nThird.\n")


def test_draft_remains_locked_after_a_merge(blog: Cli) -> None:
    recover = 'blogcli post edit --recover one || echo $? > "$HOME/code"'
    terminal = edit(blog, f"{EDIT_ONE}; {CHANGE_ONE}", recover)
    terminal.answer(QUESTION, "m")
    terminal.answer("Edit it again (e), or keep it in the file (k)? ", "k")
    assert terminal.finish()[0] == 7
    assert (Path(blog.environ["HOME"]) / "code").read_text() == "75\n"
    assert "<<<<<<< yours\n" in only_draft(blog)
