"""The options with which commands select and sort posts."""

from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from typer import Argument, Option

from ... import schemas
from ...cli import completers
from ...cli.context import CliContext
from ...cli.filter_values import parse_ids, parse_searched_fields, parse_sort, parse_status, reject_unlimited_time
from ...cli.option_group import Flag, OptionGroup
from ...cli.options import (
    SELECTION,
    DryRun,
    FromFile,
    IgnoreMissing,
    Limit,
    MaxAffected,
    Offset,
    OptionalLimit,
    PlanFile,
    Yes,
    sort_option,
)
from ...cli.prompts import read_references, single_references, split_lists
from ...dates import parse_end, parse_start
from ...enums import PostSort
from ...errors import InvalidError, UsageError
from ...settings import Settings

if TYPE_CHECKING:
    from ...schemas import BulkOptions, PostSelection

_NEWEST_FIRST = "-date"
# Longer than usual intervals between runs of `post publish-due`, so that an overdue post means that no run takes place.
_OVERDUE_AFTER = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Filters(OptionGroup):
    """The filters that select posts. A post is selected if it matches all given filters."""

    # The option that selects the fields for --contains.
    fields_option: ClassVar[str] = "--in"

    tag: Annotated[
        list[str] | None,
        Option(
            "--tag",
            help="Only posts with this tag, or with any of several tags (a,b).",
            rich_help_panel=SELECTION,
            **completers.TAG,
        ),
    ] = None
    all_tags: Annotated[
        bool, Flag("--all-tags", help="Only posts with all of the tags given with --tag.", rich_help_panel=SELECTION)
    ] = False
    not_tag: Annotated[
        list[str] | None,
        Option("--not-tag", help="Only posts without this tag.", rich_help_panel=SELECTION, **completers.TAG),
    ] = None
    untagged: Annotated[bool, Flag("--untagged", help="Only posts without tags.", rich_help_panel=SELECTION)] = False
    author: Annotated[
        list[str] | None,
        Option(
            "--author",
            help="Only posts by this user, or by any of several users (a,b).",
            rich_help_panel=SELECTION,
            **completers.USER,
        ),
    ] = None
    status: Annotated[
        list[str] | None,
        Option(
            "--status",
            help="Only posts with this status: draft, scheduled, published or trashed (default: all but trashed; "
            "restore: trashed; feed: published).",
            metavar="STATUS",
            autocompletion=completers.complete_statuses,
            rich_help_panel=SELECTION,
        ),
    ] = None
    since: Annotated[
        str | None,
        Option(
            "--since",
            help="Only posts published (drafts: created) at or after this time.",
            metavar="WHEN",
            rich_help_panel=SELECTION,
        ),
    ] = None
    until: Annotated[
        str | None,
        Option(
            "--until",
            help="Only posts published (drafts: created) at or before this time; a date includes the whole day.",
            metavar="WHEN",
            rich_help_panel=SELECTION,
        ),
    ] = None
    due: Annotated[bool, Flag("--due", help="Only posts that publish-due changes.", rich_help_panel=SELECTION)] = False
    overdue: Annotated[bool, Flag("--overdue", help="Only posts due for an hour.", rich_help_panel=SELECTION)] = False
    contains: Annotated[
        list[str] | None,
        Option(
            "--contains",
            help="Only posts that contain this text (case-insensitive).",
            metavar="TEXT",
            rich_help_panel=SELECTION,
        ),
    ] = None
    fields_in: Annotated[
        str | None,
        Option(
            "--in",
            help="Fields that --contains searches (default: title,content).",
            metavar="FIELDS",
            autocompletion=completers.complete_text_fields,
            rich_help_panel=SELECTION,
        ),
    ] = None
    ids: Annotated[
        str | None,
        Option("--ids", help="Only posts with these ids, such as 4,5,6.", metavar="IDS", rich_help_panel=SELECTION),
    ] = None

    def selection(self, settings: Settings, **other_values: Any) -> "PostSelection":  # noqa: ANN401 - any fields
        """Return a selection of posts by these filters.

        `other_values` are the other fields of the selection, such as the order. Raises UsageError if the value of an
        option is invalid.
        """
        now = datetime.now(UTC)
        try:
            since = None if self.since is None else parse_start(self.since, settings.zone, now=now)
            until = None if self.until is None else parse_end(self.until, settings.zone, now=now)
        except InvalidError as error:
            raise UsageError(error.message, hint=error.hint) from None
        if self.all_tags and not self.tag:
            raise UsageError("--all-tags needs --tag", hint="Name the tags, as in --tag a,b --all-tags.")
        return schemas.PostSelection(
            ids=None if self.ids is None else parse_ids(self.ids),
            tags=split_lists(self.tag, "--tag"),
            all_tags=self.all_tags,
            not_tags=split_lists(self.not_tag, "--not-tag"),
            untagged=self.untagged,
            authors=split_lists(self.author, "--author"),
            statuses=[parse_status(name) for name in split_lists(self.status, "--status")],
            since=since,
            until=until,
            due_by=self._due_by(now),
            contains=self.contains or [],
            fields=parse_searched_fields(self.fields_in, self.fields_option, has_text=bool(self.contains)),
            **other_values,
        )

    def _due_by(self, now: datetime) -> datetime | None:
        if self.overdue:
            return now - _OVERDUE_AFTER
        return now if self.due else None

    def is_given(self, *, ignored: frozenset[str] = frozenset()) -> bool:
        """Return whether at least one filter is given, apart from the filters whose names are in `ignored`."""
        names = [field.name for field in fields(Filters) if field.name not in ignored]
        return any(getattr(self, name) not in (None, [], False) for name in names)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Order(OptionGroup):
    """The options that sort posts, and then select a part of the sorted posts by a limit and an offset."""

    sort: Annotated[str | None, sort_option(PostSort)] = _NEWEST_FIRST
    limit: OptionalLimit = None
    offset: Offset = 0

    @property
    def includes_all(self) -> bool:
        """Whether no posts are left out, because there is neither a limit nor an offset."""
        return not self.limit and not self.offset

    def selection_values(self, *, default_limit: int = 0) -> dict[str, Any]:
        """Return the order, limit and offset as fields of a selection.

        Raises UsageError if the sort field is unknown.
        """
        key, descending = parse_sort(self.sort or _NEWEST_FIRST, PostSort)
        limit = default_limit if self.limit is None else self.limit
        return {"sort": key, "descending": descending, "limit": limit, "offset": self.offset}


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ListOrder(Order):
    """The order of a list. On a terminal, the list has a default limit, and the help of --limit contains this limit."""

    limit: Limit = None


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class PostTargetOptions(Order, Filters):
    """The options that select the posts to change, either by references or by filters."""

    references: Annotated[
        list[str] | None,
        Argument(help="Id or slug; write id:7 or slug:2024 if it could be either.", **completers.POST),
    ] = None
    from_file: FromFile = None
    all: Annotated[bool, Flag("--all", help="All posts except trashed ones.", rich_help_panel=SELECTION)] = False
    ignore_missing: IgnoreMissing = False
    max_affected: MaxAffected = None
    yes: Yes = False
    dry_run: DryRun = False
    plan: PlanFile = None

    @property
    def is_trial(self) -> bool:
        """Whether nothing is changed, because --dry-run or --plan is given."""
        return self.dry_run or self.plan is not None

    def target_selection(self, settings: Settings, **defaults: Any) -> "PostSelection":  # noqa: ANN401 - the keywords are fields of PostSelection
        """Return the selection of the posts to change.

        `defaults` are additional fields of a selection by filters, and are ignored in a selection by references. Raises
        UsageError if references and filters are both given or both missing. Also raises UsageError if the only filters
        are --since and --until, and they include every date.
        """
        has_filters = self.is_given() or self.all
        if self.references or self.from_file:
            if has_filters:
                raise UsageError("Post references and filters cannot be combined")
            references = single_references(read_references(self.references, self.from_file))
            return schemas.PostSelection(references=references)
        if not has_filters:
            raise UsageError("No posts selected", hint="Name the posts, or give a filter such as --tag, or --all.")
        selection = self.selection(settings, **self.selection_values(), **defaults)
        if not (self.all or self.is_given(ignored=frozenset({"since", "until"}))):
            reject_unlimited_time(selection.since, selection.until)
        return selection

    def bulk_options(self, context: CliContext) -> "BulkOptions":
        """Return the options that every service for bulk changes accepts."""
        max_affected = context.settings.max_affected if self.max_affected is None else self.max_affected
        return schemas.BulkOptions(
            dry_run=self.is_trial,
            ignore_missing=self.ignore_missing,
            max_affected=max_affected,
            max_records=context.max_records,
        )
