"""The options and arguments that several commands share."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from typer import Option

from ..enums import OutputFormat
from ..errors import UsageError
from ..output.records import OutputChoice
from ..settings import Settings
from . import completers
from .option_group import Flag, OptionGroup
from .prompts import read_references, split_list

SELECTION = "Selection"
_OUTPUT = "Output"
_CHANGE = "Changing"

DryRun = Annotated[
    bool, Flag("--dry-run", "-n", help="Show what would be done, without doing it.", rich_help_panel=_CHANGE)
]
Yes = Annotated[bool, Flag("--yes", "-y", help="Do not ask for confirmation.", rich_help_panel=_CHANGE)]
MaxAffected = Annotated[
    int | None,
    Option(
        "--max-affected",
        min=0,
        help="Change nothing if more than N posts would be changed.",
        metavar="N",
        rich_help_panel=_CHANGE,
    ),
]
PlanFile = Annotated[
    Path | None,
    Option(
        "--plan",
        help="Change nothing, and write the changes to a file for `blogcli apply` (- for stdout).",
        metavar="FILE",
        rich_help_panel=_CHANGE,
        show_default=False,
    ),
]
IgnoreMissing = Annotated[
    bool, Flag("--ignore-missing", help="Skip those that do not exist.", rich_help_panel=SELECTION)
]


def _clamp(number: int | None) -> int | None:
    # A number that is larger than 2**62 may overflow the integers of the database. No database has so many rows, so the
    # result of the command does not change.
    return None if number is None else min(number, 2**62)


def row_count_option(name: str, help_: str) -> Any:  # noqa: ANN401 - Typer annotates the result of Option as Any
    """Return the declaration of an option whose value is a number of rows."""
    return Option(name, min=0, callback=_clamp, help=help_, metavar="N", show_default=False, rich_help_panel=SELECTION)


Limit = Annotated[
    int | None, row_count_option("--limit", "At most N; 0 means all. (default: 20 on a terminal, else all)")
]
OptionalLimit = Annotated[int | None, row_count_option("--limit", "At most N; 0 means all. (default: all)")]
Offset = Annotated[int, row_count_option("--offset", "Skip the first N.")]


def sort_option(keys: type[StrEnum]) -> Any:  # noqa: ANN401 - Typer annotates the result of Option as Any
    """Return the declaration of --sort. Its value is one of `keys`, and a leading dash reverses the order."""
    return Option(
        "--sort",
        help="Sort by this field, in descending order with -FIELD.",
        rich_help_panel=SELECTION,
        **completers.sorted_by(keys),
    )


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class OutputOptions(OptionGroup):
    """The options that select the format and the fields of the printed results."""

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
            autocompletion=completers.complete_fields,
            rich_help_panel=_OUTPUT,
        ),
    ] = None
    field: Annotated[
        str | None,
        Option(
            "--field",
            help="Print the bare values of one field.",
            metavar="NAME",
            autocompletion=completers.complete_fields,
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

    def choice(self, settings: Settings) -> OutputChoice:
        """Return the values of the output options, with defaults from the settings.

        Raises UsageError if the options contradict each other.
        """
        if self.json and self.format not in (None, OutputFormat.JSON):
            raise UsageError("--json and --format contradict each other", hint="Leave out one of them.")
        format_ = OutputFormat.JSON if self.json else self.format
        # With --field, only the values of one field are printed, so the setting `format` does not apply.
        if format_ is None and not self.field:
            format_ = settings.format
        return OutputChoice(
            format=format_,
            fields=None if self.fields is None else tuple(split_list(self.fields, "--fields")),
            field=self.field,
            csv_safe=self.csv_safe,
            pager=None if self.no_pager else settings.pager,
        )


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class PageOptions(OptionGroup):
    """The options for pages of a list.

    --after selects a page, and --page-info adds the cursor of the next page and the total to the output.
    """

    after: Annotated[
        str | None, Option("--after", help="Continue after this cursor (from the previous page).", metavar="CURSOR")
    ] = None
    page_info: Annotated[
        bool,
        Flag("--page-info", help='With --format json, print {"items": [...], "next": cursor or null, "total": N}.'),
    ] = False

    def check_format(self, output: OutputChoice) -> None:
        """Raise UsageError if --page-info is given and the output format is not JSON."""
        if self.page_info and output.format is not OutputFormat.JSON:
            raise UsageError("--page-info requires --format json", hint="Add --format json.")


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


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class References(OptionGroup):
    """References to records, such as ids or names. References are given as arguments or in a file."""

    references: list[str] | None = None
    from_file: FromFile = None

    def read(self) -> list[str]:
        """Return the references in the arguments or in the file.

        Raises UsageError if arguments and --from are both given or both missing, or if the file cannot be read. Raises
        InvalidError if the file is not UTF-8 or contains a null character.
        """
        return read_references(self.references, self.from_file)
