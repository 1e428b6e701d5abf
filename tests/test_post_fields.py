"""Tests that a new field of posts has to be added only to the model, a migration, the schema and the record.

Lists, exports and imports read the fields of posts from the schema and the record.
"""

import json
import subprocess
import sys
from filecmp import dircmp
from pathlib import Path
from shutil import copyfile, copytree

from tests.command_line import Cli
from tests.subprocesses import TIMEOUT, TOP

MIGRATION = """
import sqlalchemy as sa
from alembic import op

from blogcli.repositories.journal.tables import journaled_tables
from blogcli.repositories.journal.triggers import creation_statements, removal_statements

revision = "9000"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("posts", sa.Column("subtitle", sa.Text(), nullable=True))
    dialect = op.get_context().dialect.name
    tables = journaled_tables()
    for statement in [*removal_statements(dialect, tables), *creation_statements(dialect, tables)]:
        op.execute(sa.DDL(statement.replace("%", "%%")))


def downgrade() -> None:
    op.drop_column("posts", "subtitle")
"""
# Maps each file to the start of an existing line, and to the declaration of the new field, which is inserted before the
# existing line.
EDITS = {
    "blogcli/models/posts.py": ("    status: Mapped[str] =", "    subtitle: Mapped[str | None] = mapped_column(Text)"),
    "blogcli/schemas/posts/records.py": ("    excerpt: str | None\n    words: int", "    subtitle: str | None"),
    "blogcli/interchange/records.py": ("    status: PostStatus = PostStatus.DRAFT", "    subtitle: str | None = None"),
}
CREATE = ("post", "create", "--author", "ann@example.org", "--title", "One", "--content", "Text")
NEW_POST = {"type": "post", "uuid": "00000000-0000-4000-8000-000000000001", "title": "Two", "author": "ann@example.org"}


class Copy:
    """A copy of the package in a folder. The copy is run with the environment variables of a blog."""

    def __init__(self, folder: Path, blog: Cli) -> None:
        self.folder = folder
        self.environ = {**blog.environ, "PYTHONPATH": str(folder)}
        for name in ("blogcli", "migrations"):
            # The compiled files are copied as well, because compiling all modules takes seconds.
            copytree(TOP / name, folder / name)
        copyfile(TOP / "alembic.ini", folder / "alembic.ini")

    def __call__(self, *arguments: str) -> str:
        """Run a command line that must succeed, and return its output."""
        command = [sys.executable, "-m", "blogcli", *arguments]
        process = subprocess.run(
            command, cwd=self.folder, env=self.environ, capture_output=True, check=False, text=True, timeout=TIMEOUT
        )
        assert process.returncode == 0, process.stderr
        return process.stdout

    def changed_files(self) -> list[str]:
        """Return the paths of the files in the copy that differ from the original files or are new."""
        return sorted(path for name in ("blogcli", "migrations") for path in _differences(name, self.folder))


def _differences(path: str, folder: Path) -> list[str]:
    comparison = dircmp(TOP / path, folder / path, ignore=["__pycache__"])
    own = [f"{path}/{name}" for name in (*comparison.diff_files, *comparison.right_only)]
    return own + [line for name in comparison.subdirs for line in _differences(f"{path}/{name}", folder)]


def add_subtitle(copy: Copy) -> None:
    for path, (line, field) in EDITS.items():
        file = copy.folder / path
        text = file.read_text()
        assert text.count(line) == 1, path
        file.write_text(text.replace(line, f"{field}\n{line}"))
    head = max(path.name for path in (copy.folder / "migrations/versions").glob("0*.py"))[:4]
    (copy.folder / "migrations/versions/9000_subtitle.py").write_text(MIGRATION.format(head=head))


def test_field_in_model_migration_schema_and_record_is_used_everywhere(cli: Cli, tmp_path: Path) -> None:
    cli.ok("user", "create", "ann@example.org", "--no-password")
    cli.ok(*CREATE)
    copy = Copy(tmp_path / "copy", cli)
    add_subtitle(copy)
    assert copy.changed_files() == sorted([*EDITS, "migrations/versions/9000_subtitle.py"])
    copy("db", "upgrade")

    records = [json.loads(line) for line in copy("export", "jsonl").splitlines()]
    (post,) = [record for record in records if record["type"] == "post"]
    assert "subtitle" not in post
    lines = [records[0], post | {"subtitle": "Changed"}, NEW_POST | {"subtitle": "New"}]
    file = tmp_path / "posts.jsonl"
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    copy("import", "jsonl", str(file), "--on-conflict", "update")

    expected = {"One": "Changed", "Two": "New"}
    for arguments in (("post", "list"), ("post", "list", "--limit", "5"), ("post", "show", "1", "2")):
        posts = json.loads(copy(*arguments, "--format", "json"))
        assert {post["title"]: post["subtitle"] for post in posts} == expected
    assert copy("post", "list", "--sort", "id", "--fields", "subtitle") == "Changed\nNew\n"
    hits = json.loads(copy("post", "search", "text", "--fields", "title,subtitle", "--format", "json"))
    assert hits == [{"title": "One", "subtitle": "Changed"}]
    exported = [json.loads(line) for line in copy("export", "jsonl").splitlines()]
    assert {post["title"]: post["subtitle"] for post in exported if post["type"] == "post"} == expected
    assert json.loads(copy("db", "check", "--format", "json")) == []
