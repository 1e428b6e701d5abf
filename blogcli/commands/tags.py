"""`blogcli tag`: words that posts are filed under."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from .. import schemas, services
from ..cli import completers
from ..cli.context import Flag, Invocation, command
from ..cli.fields import TAGS
from ..cli.filter_values import sorting
from ..cli.options import SELECTION, DryRun, IgnoreMissing, Limit, Offset, Printing, Tags, Yes
from ..cli.prompts import confirm, must_ask
from ..cli.rendering import amount, default_limit, preview, print_details, print_page, report
from ..enums import TagSort
from ..errors import NotFoundError, UsageError
from ..runner import run
from .posts.newest import print_newest_posts

if TYPE_CHECKING:
    from ..schemas import TagSummary

app = typer.Typer()

# A question names so many tags; more would hide what it asks.
_MOST_NAMED = 5


@command(app, "create")
def create(
    invocation: Invocation,
    names: Annotated[list[str], Argument(metavar="NAME", help="Tag names (case-insensitive).")],
    printing: Printing,
    dry_run: DryRun = False,
) -> None:
    """Create tags.

    Examples:
        blogcli tag create python 'C++' 写真
        blogcli tag create 'open source'
        blogcli tag create rust --dry-run
    """
    choice = printing.choice(invocation)
    new = [schemas.TagCreate.checked(name=name) for name in names]
    changes = run(invocation.settings, services.tags.create_tags, new, dry_run=dry_run)
    report(invocation, changes, TAGS, choice, verb="create", noun="tag", name="name", dry_run=dry_run)


@command(app, "list")
def list_(
    invocation: Invocation,
    printing: Printing,
    unused: Annotated[bool, Flag("--unused", help="Only tags without posts, trashed posts included.")] = False,
    contains: Annotated[
        str | None, Option("--contains", help="The name contains this text (case-insensitive).", metavar="TEXT")
    ] = None,
    sort: Annotated[
        str,
        Option(
            "--sort",
            help="Sort by a field; -FIELD reverses the order.",
            rich_help_panel=SELECTION,
            **completers.sorted_by(TagSort),
        ),
    ] = "name",
    limit: Limit = None,
    offset: Offset = 0,
) -> None:
    """List tags with the number of their posts.

    Examples:
        blogcli tag list --sort -posts --limit 10
        blogcli tag list --format csv
        blogcli tag list --sort posts --limit 0
    """
    choice = printing.choice(invocation)
    key, descending = sorting(sort, TagSort)
    page = run(
        invocation.settings,
        services.tags.list_tags,
        is_unused=unused,
        needle=contains,
        sort=key,
        descending=descending,
        offset=offset,
        limit=default_limit(invocation, choice) if limit is None else limit,
    )
    print_page(invocation, page, TAGS, choice, noun="tag")


@command(app, "show")
def show(invocation: Invocation, tags: Tags, printing: Printing, ignore_missing: IgnoreMissing = False) -> None:
    """Show tags; for a single tag on a terminal, also the newest posts.

    Examples:
        blogcli tag show python
        blogcli tag show python sqlite
        blogcli tag show id:4 --format json
    """
    choice = printing.choice(invocation)
    found = run(invocation.settings, services.tags.show_tags, tags.named(), ignore_missing=ignore_missing)
    print_details(invocation, found, TAGS, choice)
    if len(found) == 1:
        print_newest_posts(invocation, choice, "--tag", found[0].name, tags=[f"id:{found[0].id}"])


@command(app, "rename")
def rename(
    invocation: Invocation,
    old: Annotated[str, Argument(metavar="OLD", autocompletion=completers.tags, help="Current name.")],
    new: Annotated[str, Argument(metavar="NEW", help="New name.")],
    printing: Printing,
    dry_run: DryRun = False,
) -> None:
    """Rename a tag.

    Examples:
        blogcli tag rename phyton python
        blogcli tag rename python Python
        blogcli tag rename id:4 'open source' --dry-run
    """
    choice = printing.choice(invocation)
    changes = run(
        invocation.settings, services.tags.rename_tag, old, schemas.TagCreate.checked(name=new), dry_run=dry_run
    )
    report(invocation, changes, TAGS, choice, verb="rename", noun="tag", name="name", dry_run=dry_run, single=True)


@command(app, "merge")
def merge(
    invocation: Invocation,
    names: Annotated[list[str], Argument(help="Tags to merge into the last one.", **completers.TAG)],
    printing: Printing,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Merge tags into the last one.

    Examples:
        blogcli tag merge py python3 python
        blogcli tag merge js javascript --dry-run
        blogcli tag merge 'open-source' 'open source' --yes
    """
    *sources, into = names
    if not sources:
        raise UsageError("Merging takes two tags or more", hint="blogcli tag merge FROM... INTO")
    choice, settings = printing.choice(invocation), invocation.settings
    if dry_run or must_ask(invocation, yes=yes):
        merged, target = run(settings, services.tags.mergeable_tags, sources, into)
        if dry_run:
            preview(invocation, merged, TAGS, choice, noun="tag")
        else:
            confirm(invocation, f"Merge {_with_post_counts(merged)} into {target.name}", yes=False)
    changes = run(settings, services.tags.merge_tags, sources, into, dry_run=dry_run)
    report(invocation, changes, TAGS, choice, verb="merge into", noun="tag", name="name", dry_run=dry_run, single=True)


@command(app, "delete")
def delete(
    invocation: Invocation,
    tags: Tags,
    printing: Printing,
    ignore_missing: IgnoreMissing = False,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Delete tags; their posts stay.

    Examples:
        blogcli tag delete misc
        blogcli tag delete misc old --dry-run
        blogcli tag delete --from tags.txt --yes
    """
    choice = printing.choice(invocation)
    settings = invocation.settings
    names = tags.named()
    if not dry_run and must_ask(invocation, yes=yes):
        _ask(invocation, run(settings, services.tags.show_tags, names, ignore_missing=ignore_missing))
    changes = run(settings, services.tags.delete_tags, names, ignore_missing=ignore_missing, dry_run=dry_run)
    report(invocation, changes, TAGS, choice, verb="delete", noun="tag", name="name", dry_run=dry_run)


@command(app, "prune")
def prune(invocation: Invocation, printing: Printing, yes: Yes = False, dry_run: DryRun = False) -> None:
    """Remove tags without posts, trashed posts included.

    Examples:
        blogcli tag prune --dry-run
        blogcli tag prune
        blogcli tag prune --yes
    """
    choice, settings = printing.choice(invocation), invocation.settings
    if not dry_run and must_ask(invocation, yes=yes):
        _ask(invocation, run(settings, services.tags.list_tags, is_unused=True).items)
    changes = run(settings, services.tags.prune_tags, dry_run=dry_run)
    report(invocation, changes, TAGS, choice, verb="delete", noun="tag", name="name", dry_run=dry_run)


@command(app, "exists")
def exists(invocation: Invocation, tags: Tags) -> None:
    """Check whether tags exist (exit code 0 if all do, otherwise 5).

    Examples:
        blogcli tag exists python || echo none
        blogcli tag exists python sqlite
        blogcli tag exists 'open source' && echo there
    """
    if run(invocation.settings, services.tags.missing_tags, tags.named()):
        raise typer.Exit(NotFoundError.exit_code)


def _ask(invocation: Invocation, tags: "Sequence[TagSummary]") -> None:
    """Ask whether these tags are to be deleted, with the numbers of their posts."""
    if tags:
        confirm(invocation, f"Delete {_with_post_counts(tags)}", yes=False)


def _with_post_counts(tags: "Sequence[TagSummary]") -> str:
    named = [f"{tag.name} ({amount(tag.posts, 'post')})" for tag in tags[:_MOST_NAMED]]
    if rest := tags[_MOST_NAMED:]:
        named.append(f"and {amount(len(rest), 'other tag')} ({amount(sum(tag.posts for tag in rest), 'post')})")
    return ", ".join(named)
