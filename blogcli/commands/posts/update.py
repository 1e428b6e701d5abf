"""`blogcli post update`."""

from inspect import Parameter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Option

from ... import schemas, services
from ...cli import completers
from ...cli.context import Invocation, Options, command
from ...cli.options import SELECTION, Printing
from ...cli.prompts import read_text, split_lists, split_replacement
from ...errors import UsageError
from .bulk_change import change_and_report
from .filter_options import Targets
from .post_options import parse_document, parse_option, warn_of_notes

if TYPE_CHECKING:
    from ...schemas import PostUpdate, TagChanges

app = typer.Typer()


class UpdateTargets(Targets):
    """The posts to update. --author gives them a new author, so --by selects by the author they have."""

    by: Annotated[
        list[str] | None,
        Option("--by", help="By this user; with several, any of them.", rich_help_panel=SELECTION, **completers.USER),
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
    author: Annotated[str | None, Option("--author", help="New author.", **completers.USER)] = None
    add_tag: Annotated[
        list[str] | None,
        Option("--add-tag", help="Tags to add, such as a,b.", **completers.TAG),
    ] = None
    remove_tag: Annotated[
        list[str] | None, Option("--remove-tag", help="Tags to remove, such as a,b.", **completers.TAG)
    ] = None
    set_tags: Annotated[
        str | None,
        Option(
            "--set-tags",
            help="Replace all tags with these, such as a,b.",
            metavar="TAGS",
            autocompletion=completers.tags,
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
            values = services.posts.documents.document_changes(document)
        tags = values.pop("tags", None)
        values |= {name: value for name in ("title", "slug", "content") if (value := getattr(self, name)) is not None}
        if self.excerpt is not None:
            values["excerpt"] = self.excerpt or None
        if self.published_at is not None:
            values["published_at"] = parse_option(self.published_at, invocation.settings)
        replacement = tags if self.set_tags is None else split_replacement(self.set_tags, "--set-tags")
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
    values: dict[str, Any] = {"update": new, "author": revision.author, "tags": tags}
    service = services.posts.update.update_posts
    change_and_report(invocation, targets, printing, service, verb="update", may_lose=may_lose, **values)
