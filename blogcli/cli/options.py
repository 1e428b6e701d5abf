"""Options and arguments that several commands share, each declared once."""

from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option

from ..enums import OutputFormat
from ..errors import UsageError
from ..output.records import Choice
from . import completers
from .context import Flag, Invocation, Options
from .prompts import read_references, single_references, split_list

SELECTION = "Selection"
_OUTPUT = "Output"
_CHANGE = "Changing"

DryRun = Annotated[
    bool, Flag("--dry-run", "-n", help="Show what would be done, without doing it.", rich_help_panel=_CHANGE)
]
Yes = Annotated[bool, Flag("--yes", "-y", help="Do not ask for confirmation.", rich_help_panel=_CHANGE)]
IgnoreMissing = Annotated[
    bool, Flag("--ignore-missing", help="Skip references that do not exist.", rich_help_panel=SELECTION)
]


def _within_reach(number: int | None) -> int | None:
    # More than any database holds, and less than what overflows one.
    return None if number is None else min(number, 2**62)


def _limit(help_: str) -> Any:  # noqa: ANN401 - what Typer calls an option
    return Option(
        "--limit", min=0, callback=_within_reach, help=help_, metavar="N", show_default=False, rich_help_panel=SELECTION
    )


Limit = Annotated[int | None, _limit("At most N; 0 means all. (default: 20 on a terminal, else all)")]
OptionalLimit = Annotated[int | None, _limit("At most N; 0 means all. (default: all)")]
Offset = Annotated[
    int,
    Option(
        "--offset",
        min=0,
        callback=_within_reach,
        help="Skip the first N.",
        metavar="N",
        show_default=False,
        rich_help_panel=SELECTION,
    ),
]


class Printing(Options):
    """How the records are printed."""

    format: Annotated[
        OutputFormat | None,
        Option(
            "--format",
            help="table, json, jsonl, csv, tsv, yaml, ids or count (default: table on a terminal, else tsv)",
            rich_help_panel=_OUTPUT,
            metavar="FORMAT",
            show_default=False,
        ),
    ] = None
    json: Annotated[bool, Flag("--json", help="Same as --format json.", rich_help_panel=_OUTPUT)] = False
    fields: Annotated[
        str | None,
        Option(
            "--fields",
            help="Fields to print, such as a,b,c.",
            metavar="NAMES",
            autocompletion=completers.field_names,
            rich_help_panel=_OUTPUT,
        ),
    ] = None
    field: Annotated[
        str | None,
        Option(
            "--field",
            help="Print the bare values of one field.",
            metavar="NAME",
            autocompletion=completers.field_names,
            rich_help_panel=_OUTPUT,
        ),
    ] = None
    csv_safe: Annotated[
        bool,
        Flag("--csv-safe", help="Escape CSV cells that spreadsheets would run as formulas.", rich_help_panel=_OUTPUT),
    ] = False
    no_pager: Annotated[
        bool, Flag("--no-pager", help="Do not use a pager for long output.", rich_help_panel=_OUTPUT)
    ] = False

    def choice(self, invocation: Invocation) -> Choice:
        """Return what the options say about the output, completed from the settings."""
        if self.json and self.format not in (None, OutputFormat.JSON):
            raise UsageError("--json and --format contradict each other", hint="Leave out one of them.")
        names = None if self.fields is None else tuple(split_list(self.fields, "--fields"))
        settings, format_ = invocation.settings, OutputFormat.JSON if self.json else self.format
        return Choice(
            format=format_ or (None if self.field or self.fields else settings.format),
            fields=names,
            field=self.field,
            csv_safe=self.csv_safe,
            pager=None if self.no_pager else settings.pager,
        )


class Paging(Options):
    """Where a page begins, and what is said of the whole."""

    after: Annotated[
        str | None, Option("--after", help="Continue after this cursor (from the previous page).", metavar="CURSOR")
    ] = None
    page_info: Annotated[
        bool,
        Flag("--page-info", help='With json: {"items": [...], "next": cursor or null, "total": N}.'),
    ] = False

    def check(self, choice: Choice) -> None:
        """Raise UsageError where the page cannot be described in the format."""
        if self.page_info and choice.format is not OutputFormat.JSON:
            raise UsageError("--page-info goes with --format json")


FromFile = Annotated[
    Path | None,
    Option(
        "--from",
        help="Read references from a file, one per line (- for stdin).",
        metavar="FILE",
        rich_help_panel=SELECTION,
        show_default=False,
    ),
]


class _Named(Options):
    """Rows named one by one, on the command line or in a file."""

    references: list[str] | None = None
    from_file: FromFile = None

    def named(self) -> list[str]:
        """The references; UsageError when there is neither an argument nor --from."""
        return read_references(self.references, self.from_file)


class Posts(_Named):
    """Posts, named by id or slug."""

    references: Annotated[
        list[str] | None,
        Argument(help="Id or slug; id:7 or slug:2024 to be explicit.", show_default=False, **completers.POST),
    ] = None

    def named(self) -> list[str]:
        """The references; UsageError when there are none, and for several in one word."""
        return single_references(super().named())


class Users(_Named):
    """Users, named by id or e-mail."""

    references: Annotated[
        list[str] | None,
        Argument(help="Id or e-mail address.", show_default=False, **completers.USER),
    ] = None

    def named(self) -> list[str]:
        """The references; UsageError when there are none, and for several in one word."""
        return single_references(super().named())


class Tags(_Named):
    """Tags, named by name or `id:4`."""

    references: Annotated[
        list[str] | None,
        Argument(help="Tag name (case-insensitive), or id:4.", show_default=False, **completers.TAG),
    ] = None
