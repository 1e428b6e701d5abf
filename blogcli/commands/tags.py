"""Commands of `blogcli tag`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from .. import schemas, services
from ..cli import completers
from ..cli.command import command
from ..cli.context import CliContext
from ..cli.fields import TAGS
from ..cli.filter_values import parse_sort
from ..cli.messages import amount
from ..cli.option_group import Flag
from ..cli.options import DryRun, IgnoreMissing, Limit, Offset, References, Yes, sort_option
from ..cli.prompts import confirm, must_ask
from ..cli.results import TAG, ChangeReport, RecordDetails, RecordPage
from ..enums import TagSort
from ..errors import NotFoundError, UsageError
from ..runner import run
from .posts.newest import newest_posts

if TYPE_CHECKING:
    from ..schemas import TagSummary

app = typer.Typer()

# The maximum number of tags that a confirmation question lists by name.
_MAX_NAMES = 5


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class TagReferences(References):
    """References to tags, by name or by an id such as `id:4`."""

    references: Annotated[
        list[str] | None,
        Argument(help="Tag name (case-insensitive), or id:4.", show_default=False, **completers.TAG),
    ] = None


@command(app, "create")
def create(
    context: CliContext,
    names: Annotated[list[str], Argument(metavar="NAME", help="Tag names (case-insensitive).")],
    dry_run: DryRun = False,
) -> ChangeReport:
    """Create tags.

    Examples:
        blogcli tag create python 'C++' 写真
        blogcli tag create 'open source'
        blogcli tag create rust --dry-run
    """
    new_tags = [schemas.TagCreate.checked(name=name) for name in names]
    changes = run(context.settings, services.tags.create_tags, new_tags, dry_run=dry_run)
    return ChangeReport(changes=changes, record_type=TAG, verb="create", dry_run=dry_run)


@command(app, "list")
def list_(
    context: CliContext,
    unused: Annotated[bool, Flag("--unused", help="Only tags that no post has, including posts in the trash.")] = False,
    contains: Annotated[
        str | None, Option("--contains", help="Only tags that contain this text (case-insensitive).", metavar="TEXT")
    ] = None,
    sort: Annotated[str, sort_option(TagSort)] = "name",
    limit: Limit = None,
    offset: Offset = 0,
) -> RecordPage:
    """List tags with the number of their posts.

    Examples:
        blogcli tag list --sort -posts --limit 10
        blogcli tag list --format csv
        blogcli tag list --sort posts --limit 0
    """
    key, descending = parse_sort(sort, TagSort)
    page = run(
        context.settings,
        services.tags.list_tags,
        is_unused=unused,
        needle=contains,
        sort=key,
        descending=descending,
        offset=offset,
        limit=context.default_limit if limit is None else limit,
    )
    return RecordPage(page=page, record_type=TAG)


@command(app, "show")
def show(context: CliContext, references: TagReferences, ignore_missing: IgnoreMissing = False) -> RecordDetails:
    """Show tags. For a single tag on a terminal, also list the newest posts.

    Examples:
        blogcli tag show python
        blogcli tag show python sqlite
        blogcli tag show id:4 --format json
    """
    tags = run(context.settings, services.tags.show_tags, references.read(), ignore_missing=ignore_missing)
    related = None
    if len(tags) == 1:
        selection = schemas.PostSelection(tags=[f"id:{tags[0].id}"])
        related = newest_posts(context, "--tag", tags[0].name, selection)
    return RecordDetails(records=tags, columns=TAGS, related=related)


@command(app, "rename")
def rename(
    context: CliContext,
    old: Annotated[
        str,
        Argument(metavar="OLD", autocompletion=completers.complete_tags, help="Tag name (case-insensitive), or id:4."),
    ],
    new: Annotated[str, Argument(metavar="NEW", help="New name.")],
    dry_run: DryRun = False,
) -> ChangeReport:
    """Rename a tag.

    Examples:
        blogcli tag rename phyton python
        blogcli tag rename python Python
        blogcli tag rename id:4 'open source' --dry-run
    """
    new_tag = schemas.TagCreate.checked(name=new)
    changes = run(context.settings, services.tags.rename_tag, old, new_tag, dry_run=dry_run)
    return ChangeReport(changes=changes, record_type=TAG, verb="rename", dry_run=dry_run, is_single=True)


@command(app, "merge")
def merge(
    context: CliContext,
    names: Annotated[list[str], Argument(help="Tags to merge into the last one.", **completers.TAG)],
    yes: Yes = False,
    dry_run: DryRun = False,
) -> ChangeReport:
    """Merge tags into the last one.

    Examples:
        blogcli tag merge py python3 python
        blogcli tag merge js javascript --dry-run
        blogcli tag merge 'open-source' 'open source' --yes
    """
    *sources, into = names
    if not sources:
        raise UsageError("Merging needs at least two tags", hint="Use `blogcli tag merge FROM... INTO`.")
    merged: Sequence[TagSummary] = []
    if dry_run or must_ask(context, yes=yes):
        merged, target = run(context.settings, services.tags.plan_merge, sources, into)
        if not dry_run:
            confirm(context, f"Merge {_with_post_counts(merged)} into {target.name}", yes=False)
    changes = run(context.settings, services.tags.merge_tags, sources, into, dry_run=dry_run)
    report = ChangeReport(changes=changes, record_type=TAG, verb="merge into", dry_run=dry_run, is_single=True)
    return report._replace(preview=merged)


@command(app, "delete")
def delete(
    context: CliContext,
    references: TagReferences,
    ignore_missing: IgnoreMissing = False,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> ChangeReport:
    """Delete tags, but not their posts.

    Examples:
        blogcli tag delete misc
        blogcli tag delete misc old --dry-run
        blogcli tag delete --from tags.txt --yes
    """
    settings = context.settings
    names = references.read()
    if not dry_run and must_ask(context, yes=yes):
        _confirm_deletion(context, run(settings, services.tags.show_tags, names, ignore_missing=ignore_missing))
    changes = run(settings, services.tags.delete_tags, names, ignore_missing=ignore_missing, dry_run=dry_run)
    return ChangeReport(changes=changes, record_type=TAG, verb="delete", dry_run=dry_run)


@command(app, "prune")
def prune(context: CliContext, yes: Yes = False, dry_run: DryRun = False) -> ChangeReport:
    """Delete unused tags.

    Examples:
        blogcli tag prune --dry-run
        blogcli tag prune
        blogcli tag prune --yes
    """
    settings = context.settings
    if not dry_run and must_ask(context, yes=yes):
        _confirm_deletion(context, run(settings, services.tags.list_tags, is_unused=True).items)
    changes = run(settings, services.tags.prune_tags, dry_run=dry_run)
    return ChangeReport(changes=changes, record_type=TAG, verb="delete", dry_run=dry_run)


@command(app, "exists")
def exists(context: CliContext, references: TagReferences) -> None:
    """Check whether tags exist (exit code 0 if all do, otherwise 5).

    Examples:
        blogcli tag exists python || echo none
        blogcli tag exists python sqlite
        blogcli tag exists 'open source' && echo there
    """
    if run(context.settings, services.tags.find_missing_tags, references.read()):
        raise typer.Exit(NotFoundError.exit_code)


def _confirm_deletion(context: CliContext, tags: "Sequence[TagSummary]") -> None:
    if tags:
        confirm(context, f"Delete {_with_post_counts(tags)}", yes=False)


def _with_post_counts(tags: "Sequence[TagSummary]") -> str:
    names = [f"{tag.name} ({amount(tag.posts, 'post')})" for tag in tags[:_MAX_NAMES]]
    if other_tags := tags[_MAX_NAMES:]:
        post_count = sum(tag.posts for tag in other_tags)
        names.append(f"and {amount(len(other_tags), 'other tag')} ({amount(post_count, 'post')})")
    return ", ".join(names)
