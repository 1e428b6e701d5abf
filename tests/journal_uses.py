"""Random uses of every command that changes the content of the blog, for the property tests of undo and redo."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from hypothesis import strategies as st

# Few names are drawn, so that the unique values of different commands collide.
EMAILS = [f"user{number}@example.org" for number in range(6)]
TAGS = ["python", "Python 3", "C++", "写真", "a b", "straße", "news", "x"]
SLUGS = ["hello", "hello-2", "world", "über"]
TEXTS = [
    "plain words",
    'it\'s "quoted" and \\ back\\slashed',
    "tab\tand line\nbreak",
    "line\u2028separator and \U0001f600 emoji",
    "<b>html</b> & {json: [1.50, null]} %s :name $1",
    "",
]
STATUSES = ["draft", "published"]
TIMES = ["2001-02-03 04:05", "2099-01-01", "yesterday", "tomorrow"]
DATA = Path(__file__).parent / "data" / "interchange"

Draw = Callable[[st.SearchStrategy[str]], str]


class Use(NamedTuple):
    """The arguments and the standard input of a command."""

    arguments: list[str]
    stdin: str = ""


emails = st.sampled_from(EMAILS)
tags = st.sampled_from(TAGS)
slugs = st.sampled_from(SLUGS)
texts = st.sampled_from(TEXTS)
filled_texts = st.sampled_from(TEXTS[:-1])
times = st.sampled_from(TIMES)
ids = st.integers(1, 6).map(str)
# Some posts at once, as references or by a filter.
selections = st.one_of(
    ids.map(lambda id_: [id_, "--ignore-missing"]),
    st.just(["--all"]),
    tags.map(lambda tag: ["--tag", tag]),
    st.sampled_from(["draft", "published", "scheduled"]).map(lambda status: ["--status", status]),
)


def _post_line(draw: Draw) -> str:
    record = {
        "uuid": f"00000000-0000-4000-8000-00000000000{draw(st.sampled_from('123'))}",
        "title": draw(filled_texts),
        "slug": draw(slugs),
        "content": draw(texts),
        "status": draw(st.sampled_from(STATUSES)),
        "author": draw(emails),
        "tags": [draw(tags), draw(tags)],
        "extra": {"number": 1.5, "nothing": None, "text": draw(texts)},
        "created_at": "2020-01-01T00:00:00Z",
        "updated_at": draw(st.sampled_from(["2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z"])),
    }
    return json.dumps({"type": "post", **record})


@st.composite
def _imported_lines(draw: Draw) -> Use:
    header = '{"type": "blogcli", "version": 1}'
    lines = [header, *(_post_line(draw) for _ in range(int(draw(st.sampled_from("123")))))]
    policy = draw(st.sampled_from(["update", "skip"]))
    return Use(["import", "jsonl", "-", "--on-conflict", policy, "--author", EMAILS[0]], "\n".join(lines) + "\n")


def _use(*parts: "str | st.SearchStrategy[str] | st.SearchStrategy[list[str]]") -> st.SearchStrategy[Use]:
    """Return a strategy for a command line with fixed and drawn arguments."""
    strategies = [st.just([part]) if isinstance(part, str) else part.map(_as_list) for part in parts]
    return st.tuples(*strategies).map(lambda drawn: Use([word for words in drawn for word in words]))


def _as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _import(noun: str, folder: str) -> st.SearchStrategy[Use]:
    paths = sorted(str(path) for path in (DATA / folder).iterdir())
    return _use("import", noun, st.sampled_from(paths), "--author", emails, "--on-conflict", "update")


# Maps each command that changes the content of the blog to its random uses.
USES: dict[str, st.SearchStrategy[Use]] = {
    "post create": _use(
        "post", "create", "--title", filled_texts, "--author", emails, "--content", texts, "--tag", tags,
        "--status", st.sampled_from(STATUSES),
    ),
    "post update": st.one_of(
        _use("post", "update", ids, "--slug", slugs),
        _use("post", "update", ids, "--title", filled_texts, "--content", texts),
        _use("post", "update", selections, "--yes", "--author", emails, "--add-tag", tags),
        _use("post", "update", selections, "--yes", "--set-tags", tags, "--excerpt", texts),
        _use("post", "update", ids, "--published-at", times),
    ),
    "post replace": st.one_of(
        _use("post", "replace", st.sampled_from("aeo"), filled_texts.map(lambda text: f"x{text}"), selections, "--yes"),
        _use("post", "replace", "[a-m]", st.sampled_from(["", r"\g<0>x"]), selections, "--yes", "--regex"),
    ),
    "post edit": _use("post", "edit", ids),
    "post revert": _use("post", "revert", ids, "--to", "-1"),
    "post tag add": _use("post", "tag", "add", tags, selections, "--yes"),
    "post tag remove": _use("post", "tag", "remove", tags, selections, "--yes"),
    "post tag set": _use("post", "tag", "set", tags, selections, "--yes"),
    "post publish": _use("post", "publish", selections, "--yes"),
    "post unpublish": _use("post", "unpublish", selections, "--yes"),
    "post schedule": _use("post", "schedule", selections, "--yes", "--at", "2099-03-04 05:06"),
    "post expire": _use("post", "expire", selections, "--yes", "--at", "2099-03-04 05:06"),
    "post publish-due": _use("post", "publish-due", "--now", "2100-01-01"),
    "post delete": st.one_of(
        _use("post", "delete", selections, "--yes"), _use("post", "delete", selections, "--purge", "--yes")
    ),
    "post restore": _use("post", "restore", "--status", "trashed", "--yes"),
    "user create": _use("user", "create", emails, "--no-password", "--full-name", filled_texts),
    "user update": st.one_of(
        _use("user", "update", emails, "--email", emails), _use("user", "update", emails, "--full-name", texts)
    ),
    "user activate": _use("user", "activate", emails),
    "user deactivate": _use("user", "deactivate", emails),
    "user delete": st.one_of(
        _use("user", "delete", emails, "--reassign-to", emails, "--yes"),
        _use("user", "delete", emails, "--purge-posts", "--yes"),
        _use("user", "delete", emails, "--yes"),
    ),
    "user set-password": emails.map(
        lambda email: Use(["user", "set-password", email, "--password-stdin"], "correct horse\n")
    ),
    "tag create": _use("tag", "create", tags),
    "tag rename": _use("tag", "rename", tags, tags),
    "tag merge": _use("tag", "merge", tags, tags, "--yes"),
    "tag delete": _use("tag", "delete", tags, "--yes"),
    "apply": st.tuples(ids, slugs, tags).map(
        lambda row: Use(["apply", "-"], f"ref,title,slug,tags\n{row[0]},New,{row[1]},{row[2]}\n")
    ),
    "batch": st.tuples(tags, ids).map(
        lambda drawn: Use(["batch", "-", "--atomic"], f"tag create 'new {drawn[0]}'\npost publish {drawn[1]}\n")
    ),
    "tag prune": _use("tag", "prune", "--yes"),
    "import jsonl": _imported_lines(),
    "import auto": _imported_lines().map(lambda use: Use(["import", *use.arguments[2:]], use.stdin)),
    "import markdown": _import("markdown", "markdown"),
    "import wordpress": _import("wordpress", "wordpress"),
    "import ghost": _import("ghost", "ghost"),
    "db seed": _use("db", "seed", "--posts", "3", "--users", "1", "--tags", "2", "--seed", "7", "--force"),
}  # fmt: skip
# Maps each other command with --dry-run to the reason why it cannot be undone.
NOT_UNDONE = {
    "db upgrade": "changes the schema",
    "db downgrade": "changes the schema",
    "db stamp": "records a revision",
    "db check": "repairs only values that are derived from others",
    "db optimize": "changes no rows",
    "db reindex": "changes only the search index, which undo keeps up to date itself",
    "db backup": "writes a file",
    "db copy": "writes to another database",
    "db restore": "replaces the journal as well, and backs up the replaced blog",
    "export markdown": "writes files",
    "log prune": "deletes operations from the journal itself",
    "log forget": "erases values from the journal itself",
    "undo": "is undone by redo",
    "redo": "is undone by undo",
}
