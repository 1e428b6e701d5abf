"""The options that choose posts, which are the same for every command."""

from datetime import MAXYEAR, MINYEAR, UTC, datetime
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from ... import schemas
from ...cli import completers
from ...cli.context import Flag, Options
from ...cli.filter_values import ids_in, sorting, status_named, text_fields_in
from ...cli.options import SELECTION, DryRun, FromFile, IgnoreMissing, Limit, Offset, OptionalLimit, Yes
from ...cli.prompts import read_references, single_references, split_lists
from ...dates import parse_end, parse_start
from ...enums import PostSort, TextField
from ...errors import InvalidError, UsageError
from ...settings import Settings

if TYPE_CHECKING:
    from ...schemas import PostSelection, Terms

_CHANGE = "Changing"
_NEWEST_FIRST = "-date"


class Filters(Options):
    """Which posts are meant; filters combine with AND."""

    tag: Annotated[
        list[str] | None,
        Option(
            "--tag", help="Has this tag; with several (a,b), any of them.", rich_help_panel=SELECTION, **completers.TAG
        ),
    ] = None
    all_tags: Annotated[
        bool, Flag("--all-tags", help="Has all of the tags given with --tag.", rich_help_panel=SELECTION)
    ] = False
    not_tag: Annotated[
        list[str] | None,
        Option("--not-tag", help="Does not have this tag.", rich_help_panel=SELECTION, **completers.TAG),
    ] = None
    untagged: Annotated[bool, Flag("--untagged", help="Has no tag.", rich_help_panel=SELECTION)] = False
    author: Annotated[
        list[str] | None,
        Option(
            "--author", help="By this user; with several, any of them.", rich_help_panel=SELECTION, **completers.USER
        ),
    ] = None
    status: Annotated[
        list[str] | None,
        Option(
            "--status",
            help="Has this status: draft, scheduled, published or trashed (default: all but trashed).",
            metavar="STATUS",
            autocompletion=completers.statuses,
            rich_help_panel=SELECTION,
        ),
    ] = None
    since: Annotated[
        str | None,
        Option(
            "--since", help="Published (or created) at or after this time.", metavar="WHEN", rich_help_panel=SELECTION
        ),
    ] = None
    until: Annotated[
        str | None,
        Option(
            "--until",
            help="Published (or created) at or before this time; a date includes the whole day.",
            metavar="WHEN",
            rich_help_panel=SELECTION,
        ),
    ] = None
    contains: Annotated[
        list[str] | None,
        Option("--contains", help="Contains this text (case-insensitive).", metavar="TEXT", rich_help_panel=SELECTION),
    ] = None
    fields_in: Annotated[
        str | None,
        Option(
            "--in",
            help="Fields that --contains searches (default: title,content).",
            metavar="FIELDS",
            autocompletion=completers.text_fields,
            rich_help_panel=SELECTION,
        ),
    ] = None
    ids: Annotated[
        str | None,
        Option("--ids", help="Has one of these ids, such as 4,5,6.", metavar="IDS", rich_help_panel=SELECTION),
    ] = None

    def selection(self, settings: Settings, **more: object) -> "PostSelection":
        """Return the selection that the options describe; raises UsageError for a value that is not possible."""
        now = datetime.now(UTC)
        try:
            since = None if self.since is None else parse_start(self.since, settings.zone, now=now)
            until = None if self.until is None else parse_end(self.until, settings.zone, now=now)
        except InvalidError as error:
            raise UsageError(error.message, hint=error.hint) from None
        if self.all_tags and not self.tag:
            raise UsageError("--all-tags needs --tag", hint="Name the tags, as in --tag a,b --all-tags.")
        if self.fields_in is not None and not self.contains:
            raise UsageError("--in needs --contains", hint="Give the text to search for with --contains TEXT.")
        values = {
            "ids": None if self.ids is None else ids_in(self.ids),
            "tags": split_lists(self.tag, "--tag"),
            "all_tags": self.all_tags,
            "not_tags": split_lists(self.not_tag, "--not-tag"),
            "untagged": self.untagged,
            "authors": split_lists(self.author, "--author"),
            "statuses": [status_named(name) for name in split_lists(self.status, "--status")],
            "since": since,
            "until": until,
            "contains": self.contains or [],
            "fields": text_fields_in(self.fields_in) if self.fields_in else [TextField.TITLE, TextField.CONTENT],
        }
        return schemas.PostSelection.checked(**values | more)

    @property
    def any_given(self) -> bool:
        """Whether at least one option was given that narrows the selection."""
        return self.narrows_besides(set())

    def narrows_besides(self, names: set[str]) -> bool:
        """Return whether an option other than these was given."""
        others = [option.name for option in Filters.parameters() if option.name not in names]
        return any(getattr(self, name) not in (None, [], False) for name in others)


class Order(Options):
    """In what order posts come, and from where."""

    sort: Annotated[
        str | None,
        Option(
            "--sort",
            help="Sort by a field; -FIELD reverses the order.",
            rich_help_panel=SELECTION,
            **completers.sorted_by(PostSort),
        ),
    ] = _NEWEST_FIRST
    limit: OptionalLimit = None
    offset: Offset = 0

    @property
    def is_whole(self) -> bool:
        """Whether it leaves out none of the posts."""
        return not self.limit and not self.offset

    def listing(self, *, default_limit: int = 0) -> dict[str, object]:
        """The values of a selection that say in what order; UsageError for an unknown field."""
        key, descending = sorting(self.sort or _NEWEST_FIRST, PostSort)
        limit = default_limit if self.limit is None else self.limit
        return {"sort": key, "descending": descending, "limit": limit, "offset": self.offset}


class ListOrder(Order):
    """The order of a list, of which a person is shown one screen unless --limit says otherwise."""

    limit: Limit = None


class Targets(Order, Filters):
    """The posts a command changes: named one by one, or described by filters."""

    references: Annotated[
        list[str] | None,
        Argument(help="Id or slug; id:7 or slug:2024 to be explicit.", **completers.POST),
    ] = None
    from_file: FromFile = None
    all: Annotated[bool, Flag("--all", help="All posts except trashed ones.", rich_help_panel=SELECTION)] = False
    ignore_missing: IgnoreMissing = False
    max_affected: Annotated[
        int | None,
        Option(
            "--max-affected",
            min=0,
            help="Change nothing if more than N posts would be changed.",
            metavar="N",
            rich_help_panel=_CHANGE,
        ),
    ] = None
    yes: Yes = False
    dry_run: DryRun = False

    def chosen(self, settings: Settings, **defaults: object) -> "PostSelection":
        """Return the posts to change; raises UsageError when no option selects any, or two ways are mixed."""
        described = self.any_given or self.all
        if self.references or self.from_file:
            if described:
                raise UsageError("Name the posts or describe them with filters, not both")
            references = single_references(read_references(self.references, self.from_file))
            return schemas.PostSelection.checked(references=references)
        if not described:
            raise UsageError("No posts selected", hint="Name them, or give a filter such as --tag, or --all.")
        selection = self.selection(settings, **self.listing(), **defaults)
        if not (self.all or self.narrows_besides({"since", "until"})):
            _refuse_whole_calendar(selection)
        return selection

    def terms(self, settings: Settings) -> "Terms":
        """Return the conditions under which the posts are changed."""
        limit = settings.max_affected if self.max_affected is None else self.max_affected
        return schemas.Terms(dry_run=self.dry_run, ignore_missing=self.ignore_missing, max_affected=limit)


def _refuse_whole_calendar(selection: "PostSelection") -> None:
    """Raise UsageError for a span of time that includes every post."""
    starts_first = selection.since is None or selection.since.year == MINYEAR
    ends_last = selection.until is None or selection.until.year == MAXYEAR
    if starts_first and ends_last:
        raise UsageError("The span of time includes every post", hint="Give --all to select every post.")
