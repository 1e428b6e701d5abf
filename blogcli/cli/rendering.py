"""Records and changes, said to a person and printed for a program."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .. import cli
from ..enums import OutputFormat
from ..output.records import Choice, Columns, show_page, show_record, show_records
from .context import Invocation

if TYPE_CHECKING:
    from ..schemas import Changes, Page, Schema

DEFAULT_LIMIT = 20
# How each verb is written: as what would be done to {}, and as what was done.
VERBS = {
    "activate": ("activate {}", "Activated {}"),
    "create": ("create {}", "Created {}"),
    "deactivate": ("deactivate {}", "Deactivated {}"),
    "delete": ("delete {}", "Deleted {}"),
    "expire": ("unpublish {}", "Will unpublish {}"),
    "keep": ("remove the expiry date of {}", "Removed the expiry date of {}"),
    "merge into": ("merge into {}", "Merged into {}"),
    "publish": ("publish {}", "Published {}"),
    "publish due": ("change {}", "Changed {}"),
    "purge": ("permanently delete {}", "Permanently deleted {}"),
    "rename": ("rename {}", "Renamed {}"),
    "restore": ("restore {}", "Restored {}"),
    "schedule": ("schedule {}", "Scheduled {}"),
    "set the password of": ("set the password of {}", "Set the password of {}"),
    "trash": ("move {} to the trash", "Moved {} to the trash"),
    "unpublish": ("unpublish {}", "Unpublished {}"),
    "update": ("update {}", "Updated {}"),
    "withdraw": ("unpublish {} (expired)", "Unpublished {} (expired)"),
}
# Their purpose is to take posts offline, which therefore needs no mention.
_WITHDRAWING = ("publish due", "purge", "trash", "unpublish", "withdraw")


def default_limit(invocation: Invocation, choice: Choice) -> int:
    """How many records a list prints unless told: a screenful for a person, all for a program."""
    shown = choice.format_for(invocation.console) is OutputFormat.TABLE and invocation.console.stdout_is_terminal
    return DEFAULT_LIMIT if shown else 0


def warn_of_faults(invocation: Invocation) -> Callable[[str], None]:
    """Return what warns of a value that cannot be read, and goes on."""
    return lambda fault: invocation.console.warn(f"Warning: {fault}")


def print_records(invocation: Invocation, records: "Iterable[Schema]", columns: Columns, choice: Choice) -> None:
    """Print schemas as a list, each as it comes."""
    # Without warnings, because a value that another program wrote need not be of the type that the schema says.
    dumped = (record.model_dump(mode="json", warnings=False) for record in records)
    show_records(invocation.console, dumped, columns, choice, zone=invocation.settings.zone)


def print_details(invocation: Invocation, records: "Sequence[Schema]", columns: Columns, choice: Choice) -> None:
    """Print what was asked for by name: one as a single record, several as a list."""
    if len(records) != 1:
        print_records(invocation, records, columns, choice)
        return
    dumped = records[0].model_dump(mode="json", warnings=False)
    show_record(invocation.console, dumped, columns, choice, zone=invocation.settings.zone)


def print_page(
    invocation: Invocation,
    page: "Page[Any]",
    columns: Columns,
    choice: Choice,
    *,
    noun: str,
    counted: bool = False,
    page_info: bool = False,
) -> None:
    """Print one page of a list; on a terminal, or if it is `counted`, say how much of the whole it is.

    With `page_info` the page is one JSON object, which holds the total and the cursor of the next page.
    """
    console = invocation.console
    if page_info:
        dumped = [record.model_dump(mode="json", warnings=False) for record in page.items]
        show_page(console, dumped, columns, choice, following=page.next, total=page.total)
        return
    print_records(invocation, page.items, columns, choice)
    shown = console.stdout_is_terminal and choice.format_for(console) is OutputFormat.TABLE
    tell_extent(invocation, page, noun=noun, counted=counted or shown)


def print_stream(
    invocation: Invocation,
    batches: Iterable[Sequence[Mapping[str, Any]]],
    columns: Columns,
    choice: Choice,
    *,
    noun: str,
    counted: bool = False,
) -> None:
    """Print records as they come; if they are `counted`, say at the end how many they were."""
    count = 0

    def records() -> Iterator[Mapping[str, Any]]:
        nonlocal count
        for batch in batches:
            count += len(batch)
            yield from batch

    show_records(invocation.console, records(), columns, choice, zone=invocation.settings.zone)
    if counted:
        invocation.console.say(amount(count, noun))


def is_streamed(invocation: Invocation, choice: Choice, *, limit: int, page_info: bool) -> bool:
    """Whether a list may be printed as it comes: all of it, and not as a table, whose columns depend on every row."""
    return not limit and not page_info and choice.format_for(invocation.console) is not OutputFormat.TABLE


def tell_extent(invocation: Invocation, page: "Page[Any]", *, noun: str, counted: bool) -> None:
    """If the page is `counted`, say how many records it shows of how many, and how to see all of them."""
    if not counted or page.total is None:
        return
    shown, total = len(page.items), page.total
    if shown == total:
        invocation.console.say(amount(total, noun))
    else:
        invocation.console.say(f"{shown:,} of {total:,}; --limit 0 for all")


def report(
    invocation: Invocation,
    changes: "Changes[Any]",
    columns: Columns,
    choice: Choice,
    *,
    verb: str,
    noun: str,
    name: str,
    dry_run: bool,
    detail: str = "",
    single: bool = False,
) -> None:
    """Report a change in one line, run the hooks, and print the records if asked for, else their ids for a program.

    `verb` is one of `VERBS`, `name` the field that names a record; `single` is for a command that can only change one,
    which is then printed as one record. A dry run of the other commands lists the records on a terminal.
    """
    console = invocation.console
    for reference in changes.missing:
        console.warn(f"Warning: no such {noun}: {reference}")
    if dry_run and not single:
        preview(invocation, changes.changed, columns, choice, noun=noun)
    console.say(_sentence(changes, verb=verb, noun=noun, name=name, dry_run=dry_run, detail=detail))
    if invocation.settings.hooks and not dry_run:
        ids = [record.id for record in changes.changed]
        cli.hooks.run_hooks(invocation, noun=noun, changed=ids, published=changes.published)
    records = [*changes.changed, *changes.existing]
    if choice.is_explicit:
        shown = print_details if single else print_records
        shown(invocation, records, columns, choice)
    elif not console.stdout_is_terminal:
        console.write(f"{record.id}\n" for record in records)


def _sentence(changes: "Changes[Any]", *, verb: str, noun: str, name: str, dry_run: bool, detail: str) -> str:
    count = len(changes.changed)
    if changes.existing:
        return f"Nothing to do: {subject(changes.existing, noun=noun, name=name)} exists."
    if not count:
        return f"Nothing to do: {amount(changes.unchanged, noun)} unchanged." if changes.unchanged else "Nothing to do."
    what = subject(changes.changed, noun=noun, name=name)
    planned, done = VERBS[verb]
    sentence = (f"Would {planned}" if dry_run else done).format(what)
    rest = f"; {changes.unchanged:,} unchanged" if changes.unchanged else ""
    return f"{sentence}{detail}{''.join(_losses(changes, verb))}{rest}."


def _losses(changes: "Changes[Any]", verb: str) -> Iterator[str]:
    if changes.withdrawn and verb not in _WITHDRAWING:
        yield f"; {amount(len(changes.withdrawn), 'published post')} taken offline"
    if changes.emptied:
        yield f"; {amount(len(changes.emptied), 'post')} left without text"


def preview(invocation: Invocation, records: "Sequence[Any]", columns: Columns, choice: Choice, *, noun: str) -> None:
    """List the first of the records that a dry run would change, if a person looks at stdout and chose no format."""
    console = invocation.console
    if choice.is_explicit or not console.stdout_is_terminal or not records:
        return
    print_records(invocation, records[:DEFAULT_LIMIT], columns, choice)
    if len(records) > DEFAULT_LIMIT:
        console.say(f"{DEFAULT_LIMIT} of {amount(len(records), noun)}; --format table lists them all.")


def subject(records: "Sequence[Any]", *, noun: str, name: str) -> str:
    """Return what a sentence calls the records: the id and name of a single one, the number of several."""
    if len(records) != 1:
        return amount(len(records), noun)
    return f"{noun} {records[0].id} ({getattr(records[0], name)})"


def amount(count: int, noun: str) -> str:
    """The number and the noun: `1 post`, `2,000 posts`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
