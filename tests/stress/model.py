"""The random commands of a writer, and a model of what each command changes in the posts, tags and users of the writer.

Each writer changes its own records, whose exact values the model knows, and records that all writers share. Names and
values contain the token of the command that wrote them.
"""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

AUTHOR = "author@example.org"
SHARED_TAGS = [f"shared{number}" for number in range(6)]
FILLERS = ["first", "second", "third"]
_DONE = frozenset({0})
# Commands on shared records may find that another writer has changed them.
_SHARED = frozenset({0, 2, 5, 6})


class Post(NamedTuple):
    """The values of a post that only its writer changes. `content` is the first word of the content."""

    title: str
    content: str
    status: str = "draft"
    is_trashed: bool = False
    tags: frozenset[str] = frozenset()


# The key of a record of a writer is the slug of a post, or the e-mail address of a user, whose value is the full name.
Records = dict[str, "Post | str | None"]


@dataclass(repr=False)
class Command:
    """A command line, the exit codes that it may have if nothing is disturbed, and the records after its success.

    If `has_operation` is None, it depends on shared records whether the command changes something.
    """

    token: str
    arguments: list[str]
    stdin: str = ""
    codes: frozenset[int] = _DONE
    records: Records = field(default_factory=dict)
    has_operation: bool | None = True
    undone: int | None = None
    # The values of `records` before the command.
    former: Records = field(default_factory=dict)

    def __repr__(self) -> str:
        """Return the beginning of the command line, because arguments may be long."""
        return f"<{self.token}: {' '.join(self.arguments)[:200]}>"


class Writer:
    """Draws the commands of one writer. `records` contains the records of the writer, and None for deleted records.

    The result of a command may be unknown. Its records are in `uncertain` until the journal has been read.
    """

    def __init__(self, number: int, seed: int) -> None:
        self.number = number
        self.records: Records = {}
        self.uncertain: set[str] = set()
        # The operations that may be undone, with the verb that does it, and the records before each of them.
        self.operations: dict[int, tuple[str, Records]] = {}
        self._generator = random.Random(f"{seed} {number}")  # noqa: S311 - the test needs a seed
        self._count = 0
        self._tags = [f"own{number}-{letter}" for letter in "abc"]

    def draw(self) -> Command:
        """Return a command."""
        self._count += 1
        token = f"w{self.number}c{self._count}e"
        drawn = self._generator.choices([draw for draw, _ in _DRAWS], [weight for _, weight in _DRAWS])[0]
        command = drawn(self, token) or self.create_post(token)
        command.former = {name: self.records.get(name) for name in command.records}
        return command

    def create_post(self, token: str) -> Command:
        tag = self._generator.choice(self._tags)
        arguments = [
            *("post", "create", "--title", f"Title {token}", "--slug", token, "--author", AUTHOR),
            *("--content", self._new_content(token), "--tag", tag, "--tag", self._generator.choice(SHARED_TAGS)),
        ]
        return Command(token, arguments, records={token: Post(f"Title {token}", token, tags=frozenset({tag}))})

    def update_post(self, token: str) -> Command | None:
        def update(slug: str, post: Post) -> Command:
            values = ["--title", f"Title {token}", "--content", self._new_content(token)]
            new = post._replace(title=f"Title {token}", content=token)
            return Command(token, ["post", "update", slug, *values], records={slug: new})

        return self._on_post(update)

    def replace_text(self, token: str) -> Command | None:
        def replace_word(slug: str, post: Post) -> Command:
            new = post._replace(
                title=post.title.replace(post.content, token), content=post.content.replace(post.content, token)
            )
            return Command(token, ["post", "replace", post.content, token, slug, "--yes"], records={slug: new})

        return self._on_post(replace_word)

    def change_status(self, token: str) -> Command | None:
        def change(slug: str, post: Post) -> Command:
            if post.status == "draft":
                verb, status = self._generator.choice([("publish", "published"), ("schedule", "scheduled")])
            else:
                verb, status = "unpublish", "draft"
            options = ["--at", "2099-01-01"] if verb == "schedule" else []
            return Command(token, ["post", verb, slug, *options], records={slug: post._replace(status=status)})

        return self._on_post(change)

    def move_to_trash(self, token: str) -> Command | None:
        def delete(slug: str, post: Post) -> Command:
            if self._generator.random() < 0.3:
                return Command(token, ["post", "delete", slug, "--purge", "--yes"], records={slug: None})
            return Command(token, ["post", "delete", slug, "--yes"], records={slug: post._replace(is_trashed=True)})

        return self._on_post(delete)

    def restore_post(self, token: str) -> Command | None:
        def restore(slug: str, post: Post) -> Command:
            return Command(token, ["post", "restore", slug], records={slug: post._replace(is_trashed=False)})

        return self._on_post(restore, lambda post: post.is_trashed)

    def set_tags(self, token: str) -> Command | None:
        def set_(slug: str, post: Post) -> Command:
            tags = frozenset(tag for tag in self._tags if tag not in post.tags)
            arguments = ["post", "tag", "set", ",".join(sorted(tags)), slug]
            return Command(token, arguments, records={slug: post._replace(tags=tags)})

        return self._on_post(set_, lambda post: not post.is_trashed and len(post.tags) < len(self._tags))

    def merge_tags(self, token: str) -> Command | None:
        """Merge a tag of some posts into another tag of the writer."""
        source, target = self._generator.sample(self._tags, 2)
        changed = {slug: post for slug, post in self.records.items() if isinstance(post, Post) and source in post.tags}
        if not changed or self.uncertain:
            return None
        records: Records = {slug: post._replace(tags=post.tags - {source} | {target}) for slug, post in changed.items()}
        return Command(token, ["tag", "merge", source, target, "--yes"], codes=frozenset({0, 5}), records=records)

    def apply_rows(self, token: str) -> Command | None:
        def apply(slug: str, post: Post) -> Command:
            rows = f"ref,title\n{slug},Title {token}\n"
            return Command(token, ["apply", "-"], rows, records={slug: post._replace(title=f"Title {token}")})

        return self._on_post(apply)

    def run_batch(self, token: str) -> Command:
        slugs = [f"{token}-{number}" for number in range(3)]
        create = f"post create --title 'Title {token}' --author {AUTHOR} --content '{self._new_content(token)}'"
        lines = [f"{create} --slug {slug}" for slug in slugs]
        lines += [f"post publish {slug}" for slug in slugs]
        post = Post(f"Title {token}", token, "published")
        return Command(token, ["batch", "-", "--atomic"], "\n".join(lines) + "\n", records=dict.fromkeys(slugs, post))

    def import_posts(self, token: str) -> Command:
        slugs = [f"{token}-{number}" for number in range(5)]
        header = '{"type": "blogcli", "version": 1}'
        lines = [header, *(self._post_line(token, slug, number) for number, slug in enumerate(slugs))]
        post = Post(f"Title {token}", token, tags=frozenset({self._tags[0]}))
        return Command(token, ["import", "jsonl", "-"], "\n".join(lines) + "\n", records=dict.fromkeys(slugs, post))

    def change_user(self, token: str) -> Command:
        emails = self._names(str)
        if emails and self._generator.random() < 0.6:
            email = self._generator.choice(emails)
            if self._generator.random() < 0.3:
                return Command(token, ["user", "delete", email, "--yes"], records={email: None})
            return Command(token, ["user", "update", email, "--full-name", token], records={email: token})
        email = f"{token}@example.org"
        arguments = ["user", "create", email, "--no-password", "--full-name", token]
        return Command(token, arguments, records={email: token})

    def undo(self, token: str) -> Command | None:
        """Undo an operation of an earlier round. It is in conflict with later operations on the same rows."""
        certain = [id_ for id_, (_, records) in self.operations.items() if not self.uncertain & records.keys()]
        if not certain:
            return None
        id_ = self._generator.choice(certain[-4:])
        verb, records = self.operations[id_]
        # An undo locks rows in another order than other commands, so PostgreSQL may end it because of a deadlock.
        return Command(token, [verb, str(id_), "--yes"], codes=frozenset({0, 6, 75}), records=records, undone=id_)

    def change_shared_records(self, token: str) -> Command:
        old, new = self._generator.sample(FILLERS, 2)
        tags = self._generator.sample(SHARED_TAGS, 3)
        arguments = self._generator.choice(
            [
                ["post", "replace", old, new, "--all", "--yes"],
                ["post", "update", "--all", "--yes", "--add-tag", tags[0]],
                ["post", "tag", "remove", tags[0], "--all", "--yes"],
                ["tag", "merge", *tags, "--yes"],
                ["tag", "create", token],
                ["post", "publish-due", "--now", "2098-01-01"],
            ]
        )
        return Command(token, arguments, codes=_SHARED | {75}, has_operation=None)

    def apply(self, command: Command) -> None:
        """Record that a command has succeeded."""
        self.records |= command.records
        if command.undone is not None:
            self.operations.pop(command.undone, None)

    def _on_post(
        self,
        make: Callable[[str, Post], Command],
        condition: Callable[[Post], bool] = lambda post: not post.is_trashed,
    ) -> Command | None:
        posts = {slug: post for slug, post in self.records.items() if isinstance(post, Post) and condition(post)}
        slugs = [slug for slug in posts if slug not in self.uncertain]
        if not slugs:
            return None
        slug = self._generator.choice(slugs)
        return make(slug, posts[slug])

    def _names(self, kind: type) -> list[str]:
        return [name for name, value in self.records.items() if isinstance(value, kind) and name not in self.uncertain]

    def _new_content(self, token: str) -> str:
        return " ".join([token, *self._generator.choices(FILLERS, k=self._generator.choice([10, 100, 1_000]))])

    def _post_line(self, token: str, slug: str, number: int) -> str:
        record = {
            "type": "post",
            "uuid": str(UUID(int=self.number << 64 | self._count << 16 | number)),
            "title": f"Title {token}",
            "slug": slug,
            "content": self._new_content(token),
            "author": AUTHOR,
            "tags": [self._tags[0], self._generator.choice(SHARED_TAGS)],
            "status": "draft",
        }
        return json.dumps(record)


# The methods of a writer that draw commands, and their weights. A method returns None if there is no suitable record.
_DRAWS: Sequence[tuple[Callable[[Writer, str], Command | None], int]] = [
    (Writer.create_post, 2),
    (Writer.update_post, 3),
    (Writer.replace_text, 1),
    (Writer.change_status, 2),
    (Writer.move_to_trash, 1),
    (Writer.restore_post, 1),
    (Writer.set_tags, 1),
    (Writer.merge_tags, 1),
    (Writer.apply_rows, 1),
    (Writer.run_batch, 1),
    (Writer.import_posts, 1),
    (Writer.change_user, 2),
    (Writer.undo, 3),
    (Writer.change_shared_records, 2),
]
