"""`blogcli post update`, `edit` and `tag`."""

from inspect import Parameter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument, Option

from .. import commands, schemas, services
from ..errors import UsageError
from . import candidates
from .columns import POSTS
from .confirmation import change_posts
from .inputs import read_text, split_list, split_lists
from .invocation import Flag, Invocation, Options, command
from .options import SELECTION, DryRun, Printing
from .parsing import Group
from .reports import report
from .selections import Targets
from .writing import parse_document, parse_option, warn_of_notes

if TYPE_CHECKING:
    from ..schemas import PostUpdate, TagChanges

app = typer.Typer()
tag_app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    help="Add, remove or replace the tags of posts.\n\nExample: blogcli post tag add python hello-world",
)
app.add_typer(tag_app, name="tag")

_TagNames = Annotated[
    str, Argument(metavar="TAGS", help="Tag names, separated by commas.", autocompletion=candidates.tags)
]


class UpdateTargets(Targets):
    """The posts to update. --author gives them a new author, so --by selects by the author they have."""

    by: Annotated[
        list[str] | None,
        Option("--by", help="By this user; with several, any of them.", rich_help_panel=SELECTION, **candidates.USER),
    ] = None

    def __init__(self, **values: Any) -> None:  # noqa: ANN401 - the values of the options
        super().__init__(author=values.pop("by"), **values)

    @classmethod
    def parameters(cls) -> list[Parameter]:
        """Return the parameters of the command, without the filter by author."""
        return [each for each in super().parameters() if each.name != "author"]


class Revision(Options):
    """The changes to make in posts; what is not given stays as it is."""

    title: Annotated[str | None, Option("--title", help="New title.", metavar="TEXT")] = None
    slug: Annotated[str | None, Option("--slug", help="New slug (of a single post).", metavar="SLUG")] = None
    excerpt: Annotated[str | None, Option("--excerpt", help="New summary; '' removes it.", metavar="TEXT")] = None
    content: Annotated[str | None, Option("--content", help="New text.", metavar="TEXT")] = None
    file: Annotated[
        Path | None,
        Option("--file", help="New text from a file, with or without front matter (- for stdin).", metavar="FILE"),
    ] = None
    author: Annotated[str | None, Option("--author", help="New author.", **candidates.USER)] = None
    add_tag: Annotated[
        list[str] | None,
        Option("--add-tag", help="Tags to add, such as a,b.", **candidates.TAG),
    ] = None
    remove_tag: Annotated[
        list[str] | None, Option("--remove-tag", help="Tags to remove, such as a,b.", **candidates.TAG)
    ] = None
    set_tags: Annotated[
        str | None,
        Option(
            "--set-tags",
            help="Replace all tags with these, such as a,b.",
            metavar="TAGS",
            autocompletion=candidates.tags,
        ),
    ] = None
    published_at: Annotated[
        str | None, Option("--published-at", help="Time of publication, in the past or in the future.", metavar="WHEN")
    ] = None

    def changes(self, invocation: Invocation) -> "tuple[PostUpdate, TagChanges]":
        """What to change; UsageError when nothing is given."""
        if self.file is not None and self.content is not None:
            raise UsageError("The text comes from --file or from --content, not both")
        values: dict[str, Any] = {}
        if self.file is not None:
            document = parse_document(read_text(self.file), str(self.file), invocation.settings)
            warn_of_notes(invocation, document, str(self.file))
            values = services.documents.document_changes(document)
        tags = values.pop("tags", None)
        values |= {name: value for name in ("title", "slug", "content") if (value := getattr(self, name)) is not None}
        if self.excerpt is not None:
            values["excerpt"] = self.excerpt or None
        if self.published_at is not None:
            values["published_at"] = parse_option(self.published_at, invocation.settings)
        replacement = tags if self.set_tags is None else split_tags(self.set_tags, "--set-tags")
        tag_changes = {
            "set": replacement,
            "add": split_lists(self.add_tag, "--add-tag"),
            "remove": split_lists(self.remove_tag, "--remove-tag"),
        }
        if not values and not any(tag_changes.values()) and replacement is None and self.author is None:
            raise UsageError("Nothing to change is given", hint="See `blogcli post update --help`.")
        return schemas.PostUpdate.checked(**values), schemas.TagChanges.checked(**tag_changes)


@command(
    app, "update", empty_values={"content": "empties the text", "excerpt": "removes it", "set_tags": "removes all"}
)
def update(invocation: Invocation, targets: UpdateTargets, revision: Revision, printing: Printing) -> None:
    """Change the title, text, author, date or tags of posts.

    Examples:
        blogcli post update hello-world --title 'Hello again' --add-tag greetings
        blogcli post update 7 8 --remove-tag draft-ready --author bob@example.org
        blogcli post update hello-world --file hello.md --dry-run
    """
    new, tags = revision.changes(invocation)
    may_lose = not new.model_fields_set.isdisjoint({"content", "published_at", "status"})
    _update(invocation, targets, printing, may_lose=may_lose, update=new, author=revision.author, tags=tags)


@command(app, "edit")
def edit(
    invocation: Invocation,
    post: Annotated[
        str | None,
        Argument(help="Id or slug; with --recover, also the name of a draft.", **candidates.POST),
    ] = None,
    *,
    recover: Annotated[
        bool, Flag("--recover", help="Continue with an unsaved draft; list them if there are several.")
    ] = False,
    printing: Printing,
    dry_run: DryRun = False,
) -> None:
    """Edit a post in your editor, with its front matter.

    A field whose line you change or remove is changed or removed in the post. What you write is kept in a file until it
    is saved, even if another command changes the post at the same time; --recover opens that file again.

    Examples:
        EDITOR=nano blogcli post edit hello-world
        blogcli post edit 7
        blogcli post edit --recover hello-world
    """
    choice = printing.choice(invocation)
    commands.composing.edit_post(invocation, post, choice, recover=recover, dry_run=dry_run)


@command(tag_app, "add")
def add_tags(invocation: Invocation, tags: _TagNames, targets: Targets, printing: Printing) -> None:
    """Add tags to posts.

    Examples:
        blogcli post tag add python,sqlite hello-world 7
        blogcli post tag add archive --until 2010
        blogcli post list --untagged --format ids | blogcli post tag add unsorted --from -
    """
    _retag(invocation, targets, printing, schemas.TagChanges.checked(add=split_list(tags, "TAGS")))


@command(tag_app, "remove")
def remove_tags(invocation: Invocation, tags: _TagNames, targets: Targets, printing: Printing) -> None:
    """Remove tags from posts.

    Examples:
        blogcli post tag remove draft-ready --author ann@example.org
        blogcli post tag remove python,sqlite hello-world
        blogcli post tag remove old --all --dry-run
    """
    _retag(invocation, targets, printing, schemas.TagChanges.checked(remove=split_list(tags, "TAGS")))


@command(tag_app, "set", empty_values={"tags": "removes all tags"})
def set_tags(invocation: Invocation, tags: _TagNames, targets: Targets, printing: Printing) -> None:
    """Replace the tags of posts; '' removes all tags.

    Examples:
        blogcli post tag set archive --until 2010-12-31
        blogcli post tag set python,sqlite hello-world
        blogcli post tag set '' hello-world
    """
    _retag(invocation, targets, printing, schemas.TagChanges.checked(set=split_tags(tags, "TAGS")))


def split_tags(text: str, name: str) -> list[str]:
    """Return the tags of `a, b`; none for an empty text, which is allowed where tags are replaced."""
    return split_list(text, name) if text else []


def _retag(invocation: Invocation, targets: Targets, printing: Printing, tags: "TagChanges") -> None:
    _update(invocation, targets, printing, update=schemas.PostUpdate(), tags=tags)


def _update(
    invocation: Invocation,
    targets: Targets,
    printing: Printing,
    *,
    may_lose: bool = False,
    **changing: Any,  # noqa: ANN401 - what the service takes
) -> None:
    choice, settings = printing.choice(invocation), invocation.settings
    changes = change_posts(
        invocation,
        services.editing.update_posts,
        targets.chosen(settings),
        targets.terms(settings),
        verb="update",
        yes=targets.yes,
        may_lose=may_lose,
        **changing,
    )
    report(invocation, changes, POSTS, choice, verb="update", noun="post", name="slug", dry_run=targets.dry_run)
