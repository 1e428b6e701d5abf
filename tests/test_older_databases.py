"""Tests that an upgrade preserves the content of databases that older versions of blogcli created.

For each engine, a file in `data/schemas` contains the output that `db upgrade --sql` printed when 0003 was the latest
revision.
"""

import sqlite3
from pathlib import Path

import asyncpg
import pytest

from blogcli.database.revisions import head_revision
from tests.command_line import Cli, environment
from tests.databases import ENGINES, Templates, execute, fetch

SCHEMAS = Path(__file__).parent / "data" / "schemas"
TIME = "2024-05-31T16:00:00.000000Z"
# The statements that fill a database. The last statement deletes the post with the highest id. No later post may get
# this id.
CONTENT = f"""
    INSERT INTO users (email, hashed_password, full_name, is_active) VALUES ('ann@example.org', '!', 'Ann', TRUE);
    INSERT INTO tags (name, key) VALUES ('Python', 'python'), ('Rust', 'rust');
    INSERT INTO posts (uuid, title, slug, excerpt, status, published_at, trashed_at, author_id, words, version,
        created_at, updated_at, extra, content) VALUES
        ('{1:032x}', 'First', 'first', NULL, 'published', '{TIME}', NULL, 1, 2, 1, '{TIME}', '{TIME}',
         '{{"b": 1, "a": 2}}', 'about snakes'),
        ('{2:032x}', 'Second', 'second', 'Short', 'draft', NULL, NULL, 1, 0, 3, '{TIME}', '{TIME}', '{{}}', ''),
        ('{3:032x}', 'Third', 'third', NULL, 'draft', NULL, '{TIME}', 1, 1, 1, '{TIME}', '{TIME}', '{{}}',
         'x'),
        ('{4:032x}', 'Fourth', 'fourth', NULL, 'draft', NULL, NULL, 1, 1, 1, '{TIME}', '{TIME}', '{{}}', 'x');
    INSERT INTO post_tags (post_id, tag_id) VALUES (1, 1), (1, 2), (3, 2);
    INSERT INTO post_imports (post_id, digest, version) VALUES (2, '0123456789abcdef0123456789abcdef', 3);
    DELETE FROM posts WHERE id = 4;
"""  # noqa: S608 - the statement consists of constants
INDEX_ROWS = {
    "sqlite": """
        INSERT INTO post_search (rowid, title, content) VALUES
        (1, 'first', 'about snakes'), (2, 'second', ''), (3, 'third', 'x');
    """,
    "postgresql": """
        INSERT INTO post_search (post_id, part, document) VALUES
        (1, 0, '''first'':1A ''about'':3 ''snakes'':4'), (2, 0, '''second'':1A'), (3, 0, '''third'':1A ''x'':3');
    """,
}
STORED = (
    """SELECT id, title, slug, excerpt, status, published_at, trashed_at, author_id, words, version, created_at,
       updated_at, CAST(extra AS text), content FROM posts ORDER BY id""",
    "SELECT * FROM users",
    "SELECT * FROM tags ORDER BY id",
    "SELECT * FROM post_tags ORDER BY post_id, tag_id",
    "SELECT post_id, digest, version FROM post_imports",
)


@pytest.fixture(params=ENGINES)
def old_blog(request: pytest.FixtureRequest, tmp_path: Path) -> Cli:
    """Return a `Cli` for a filled database whose schema is that of revision 0003."""
    url = str(tmp_path / "blog.db")
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    execute(url, (SCHEMAS / f"0003-{request.param}.sql").read_text())
    execute(url, CONTENT + INDEX_ROWS[request.param])
    return Cli(environment(url, tmp_path))


def url_of(cli: Cli) -> str:
    return cli.environ["BLOGCLI_DATABASE_URL"]


def stored_in(cli: Cli) -> list[list[tuple[object, ...]]]:
    return [fetch(url_of(cli), query) for query in STORED]


def test_upgrade_and_downgrade_keep_all_rows(old_blog: Cli) -> None:
    previous = stored_in(old_blog)
    assert len(previous[0]) == 3
    for arguments in (("upgrade",), ("downgrade", "0003", "--yes"), ("upgrade",)):
        old_blog.ok("db", *arguments)
        assert stored_in(old_blog) == previous
    assert old_blog.json("db", "check") == []
    assert old_blog.ok("post", "search", "snakes", "--format", "ids").stdout == "1\n"
    assert [post["tags"] for post in old_blog.json("post", "show", 1, 2)] == [["Python", "Rust"], []]
    assert old_blog.ok("post", "create", "--title", "Fifth", "--author", "ann@example.org").stdout == "5\n"
    old_blog.ok("post", "delete", 1, "--purge", "--yes")
    assert fetch(url_of(old_blog), "SELECT count(*) FROM post_tags") == [(1,)]
    assert old_blog.json("db", "check") == []


def test_upgrade_counts_characters_of_content(old_blog: Cli) -> None:
    texts = {1: "about snakes", 2: "e\u0301 = \u00e9\n", 3: "\U0001f469\u200d\U0001f680 \u4f60\u597d"}
    for id_, text in texts.items():
        execute(url_of(old_blog), f"UPDATE posts SET content = '{text}' WHERE id = {id_}")  # noqa: S608 - the statement consists of constants
    old_blog.ok("db", "upgrade")
    counts = dict(fetch(url_of(old_blog), "SELECT id, characters FROM posts"))
    assert counts == {1: 12, 2: 7, 3: 6}
    assert counts == {id_: len(text) for id_, text in texts.items()}


def test_upgrade_without_posts_keeps_id_counter(old_blog: Cli) -> None:
    execute(url_of(old_blog), "DELETE FROM post_tags; DELETE FROM post_imports; DELETE FROM posts")
    old_blog.ok("db", "upgrade")
    assert old_blog.ok("post", "create", "--title", "Fifth", "--author", "ann@example.org").stdout == "5\n"


def test_upgrade_keeps_constraints_of_posts(old_blog: Cli) -> None:
    old_blog.ok("db", "upgrade")
    enforce = "PRAGMA foreign_keys = ON;" if url_of(old_blog).endswith(".db") else ""
    for change in ("status = 'odd'", "slug = 'second'", "author_id = 9", "title = NULL"):
        with pytest.raises((sqlite3.IntegrityError, asyncpg.IntegrityConstraintViolationError)):
            execute(url_of(old_blog), f"{enforce} UPDATE posts SET {change} WHERE id = 1")  # noqa: S608 - the statement consists of constants


def test_new_columns_precede_long_columns_on_sqlite(templates: Templates, tmp_path: Path) -> None:
    columns = [row[1] for row in fetch(templates.new_sqlite(tmp_path), "PRAGMA table_xinfo(posts)")]
    assert columns[-2:] == ["extra", "content"]
    assert {"expires_at", "first_published_at", "characters"} < {*columns}


def test_upgrade_on_sqlite_keeps_foreign_objects(tmp_path: Path) -> None:
    path = str(tmp_path / "blog.db")
    execute(path, (SCHEMAS / "0003-sqlite.sql").read_text() + CONTENT + INDEX_ROWS["sqlite"])
    execute(
        path,
        """
        CREATE VIEW titles AS SELECT title FROM posts WHERE title <> 'a:b';
        CREATE INDEX of_others ON posts (words) WHERE slug <> 'a:b';
        CREATE TABLE changes (id);
        CREATE TRIGGER on_change AFTER UPDATE ON posts BEGIN INSERT INTO changes VALUES (new.id); END;
        """,
    )
    Cli(environment(path, tmp_path)).ok("db", "upgrade")
    execute(path, "UPDATE posts SET words = 3 WHERE id = 2")
    assert fetch(path, "SELECT * FROM changes") == [(2,)]
    assert fetch(path, "SELECT count(*) FROM titles") == [(3,)]
    assert fetch(path, "SELECT 1 FROM sqlite_schema WHERE name = 'of_others'") == [(1,)]


def test_upgrade_sql_keeps_rows_with_foreign_keys_on(tmp_path: Path) -> None:
    path = str(tmp_path / "blog.db")
    execute(path, (SCHEMAS / "0003-sqlite.sql").read_text() + CONTENT + INDEX_ROWS["sqlite"])
    cli = Cli(environment(path, tmp_path))
    previous = stored_in(cli)
    connection = sqlite3.connect(path)
    connection.executescript(
        f"PRAGMA foreign_keys = ON; {cli.ok('db', 'upgrade', '--sql', f'0003:{head_revision()}').stdout}"
    )
    connection.close()
    assert stored_in(cli) == previous
    assert cli.json("db", "check") == []
