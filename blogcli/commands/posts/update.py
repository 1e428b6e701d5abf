"""The command `blogcli post update`."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Option

from ... import schemas, services
from ...cli import completers
from ...cli.command import command
from ...cli.context import CliContext
from ...cli.option_group import OptionGroup
from ...cli.options import SELECTION
from ...cli.prompts import read_text, split_lists, split_replacement
from ...cli.results import ChangeReport
from ...errors import UsageError
from ...settings import Settings
from .bulk_change import change_posts
from .filter_options import PostTargetOptions
from .post_options import parse_document, parse_time_option, warn_about_notes

if TYPE_CHECKING:
    from ...schemas import PostUpdate, TagChanges

app = typer.Typer()


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class UpdateTargetOptions(PostTargetOptions):
    """The options that select the posts to update. --by filters by author, because --author sets the new author."""

    author: Annotated[
        list[str] | None,
        Option(
            "--by",
            help="Written by this user, or by any of several users (a,b).",
            rich_help_panel=SELECTION,
            **completers.USER,
        ),
    ] = None


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class PostChanges(OptionGroup):
    """The options that change fields of posts. If the option for a field is not given, the field is not changed."""

    title: Annotated[str | None, Option("--title", help="New title.", metavar="TEXT")] = None
    slug: Annotated[str | None, Option("--slug", help="New slug (for a single post only).", metavar="SLUG")] = None
    excerpt: Annotated[str | None, Option("--excerpt", help="New summary; '' removes it.", metavar="TEXT")] = None
    content: Annotated[str | None, Option("--content", help="New text.", metavar="TEXT")] = None
    file: Annotated[
        Path | None,
        Option("--file", help="New text from a file, with or without front matter (- for stdin).", metavar="FILE"),
    ] = None
    new_author: Annotated[str | None, Option("--author", help="New author.", **completers.USER)] = None
    add_tag: Annotated[
        list[str] | None,
        Option("--add-tag", help="Tags to add, separated by commas.", **completers.TAG),
    ] = None
    remove_tag: Annotated[
        list[str] | None, Option("--remove-tag", help="Tags to remove, separated by commas.", **completers.TAG)
    ] = None
    set_tags: Annotated[
        str | None,
        Option(
            "--set-tags",
            help="Replace all tags with these, separated by commas.",
            metavar="TAGS",
            autocompletion=completers.complete_tags,
        ),
    ] = None
    published_at: Annotated[
        str | None, Option("--published-at", help="Time of publication, in the past or in the future.", metavar="WHEN")
    ] = None

    def read(self, context: CliContext) -> "tuple[PostUpdate, TagChanges]":
        """Return the changes of the fields and the changes of the tags.

        Raises UsageError if no change is given.
        """
        if self.file is not None and self.content is not None:
            raise UsageError("--file and --content cannot be combined")
        values = self._document_values(context)
        document_tags = values.pop("tags", None)
        values |= self._option_values(context.settings)
        tag_changes = {
            "set": document_tags if self.set_tags is None else split_replacement(self.set_tags, "--set-tags"),
            "add": split_lists(self.add_tag, "--add-tag"),
            "remove": split_lists(self.remove_tag, "--remove-tag"),
        }
        changes_tags = any(tag_changes.values()) or tag_changes["set"] is not None
        if not values and not changes_tags and self.new_author is None:
            raise UsageError("No changes given", hint="See `blogcli post update --help`.")
        return schemas.PostUpdate.checked(**values), schemas.TagChanges.checked(**tag_changes)

    def _document_values(self, context: CliContext) -> dict[str, Any]:
        if self.file is None:
            return {}
        document = parse_document(read_text(self.file), str(self.file), context.settings)
        warn_about_notes(context, document, str(self.file))
        return services.posts.documents.document_changes(document)

    def _option_values(self, settings: Settings) -> dict[str, Any]:
        options = {"title": self.title, "slug": self.slug, "content": self.content}
        values: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
        if self.excerpt is not None:
            values["excerpt"] = self.excerpt or None
        if self.published_at is not None:
            values["published_at"] = parse_time_option(self.published_at, settings)
        return values


@command(
    app,
    "update",
    empty_values={"content": "removes the text", "excerpt": "removes the summary", "set_tags": "removes all tags"},
)
def update(context: CliContext, targets: UpdateTargetOptions, changes: PostChanges) -> ChangeReport:
    """Change the title, slug, summary, text, author, date or tags of posts.

    Examples:
        blogcli post update hello-world --title 'Hello again' --add-tag greetings
        blogcli post update 7 8 --remove-tag draft-ready --author bob@example.org
        blogcli post update hello-world --file hello.md --dry-run
    """
    post_update, tags = changes.read(context)
    confirm_losses = not post_update.model_fields_set.isdisjoint({"content", "published_at", "status"})
    values: dict[str, Any] = {"update": post_update, "author": changes.new_author, "tags": tags}
    service = services.posts.update.update_posts
    return change_posts(context, targets, service, verb="update", confirm_losses=confirm_losses, **values)
