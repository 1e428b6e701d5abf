"""The selection language on the command line: the same options wherever posts are chosen."""

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

from typer import Argument, Option

from .. import schemas
from ..dates import parse_end, parse_start
from ..enums import PostSort, PostStatus, TextField
from ..errors import InvalidError, UsageError
from ..settings import Settings
from . import candidates
from .inputs import read_references, single_references
from .invocation import Flag, Options
from .options import DryRun, IgnoreMissing, Limit, Offset, OptionalLimit

if TYPE_CHECKING:
    from ..schemas import PostSelection, Terms

K = TypeVar("K", bound=StrEnum)

_CHOOSING = "Choosing posts"
_CHANGE = "Changing"
# SQLite takes 32,766 parameters a statement.
_MOST_IDS = 10_000
_NEWEST_FIRST = "-date"


class Filters(Options):
    """Which posts are meant; filters combine with AND."""

    tag: Annotated[
        list[str] | None,
        Option("--tag", help="Has this tag; repeat for any of several.", rich_help_panel=_CHOOSING, **candidates.TAG),
    ] = None
    all_tags: Annotated[bool, Flag("--all-tags", help="Has all tags given.", rich_help_panel=_CHOOSING)] = False
    not_tag: Annotated[
        list[str] | None,
        Option("--not-tag", help="Has not this tag.", rich_help_panel=_CHOOSING, **candidates.TAG),
    ] = None
    untagged: Annotated[bool, Flag("--untagged", help="Has no tag.", rich_help_panel=_CHOOSING)] = False
    author: Annotated[
        list[str] | None,
        Option(
            "--author", help="By this user; repeat for any of several.", rich_help_panel=_CHOOSING, **candidates.USER
        ),
    ] = None
    status: Annotated[
        list[PostStatus] | None,
        Option(
            "--status",
            help="Is draft, scheduled, published or trashed; repeat for several (default: all but trashed)",
            metavar="STATUS",
            rich_help_panel=_CHOOSING,
        ),
    ] = None
    since: Annotated[
        str | None,
        Option("--since", help="Published, else created, at or after.", metavar="WHEN", rich_help_panel=_CHOOSING),
    ] = None
    until: Annotated[
        str | None,
        Option(
            "--until", help="The same, at or before; a day counts whole.", metavar="WHEN", rich_help_panel=_CHOOSING
        ),
    ] = None
    contains: Annotated[
        list[str] | None,
        Option("--contains", help="Holds this text, in any case.", metavar="TEXT", rich_help_panel=_CHOOSING),
    ] = None
    fields_in: Annotated[
        str | None,
        Option(
            "--in",
            help="Where --contains looks. (default: title,content)",
            metavar="FIELDS",
            autocompletion=candidates.text_fields,
            rich_help_panel=_CHOOSING,
        ),
    ] = None
    ids: Annotated[
        str | None, Option("--ids", help="Has one of these ids, as 4,5,6.", metavar="IDS", rich_help_panel=_CHOOSING)
    ] = None

    def selection(self, settings: Settings, **more: object) -> "PostSelection":
        """The selection that the options describe; UsageError for a value that cannot be."""
        now = datetime.now(UTC)
        try:
            since = parse_start(self.since, settings.zone, now=now) if self.since else None
            until = parse_end(self.until, settings.zone, now=now) if self.until else None
        except InvalidError as error:
            raise UsageError(error.message, hint=error.hint) from None
        values = {
            "ids": None if self.ids is None else _ids(self.ids),
            "tags": self.tag or [],
            "all_tags": self.all_tags,
            "not_tags": self.not_tag or [],
            "untagged": self.untagged,
            "authors": self.author or [],
            "statuses": self.status or [],
            "since": since,
            "until": until,
            "contains": [text for text in self.contains or [] if text],
            "fields": _text_fields(self.fields_in) if self.fields_in else [TextField.TITLE, TextField.CONTENT],
        }
        return schemas.PostSelection.checked(**values | more)

    @property
    def any_given(self) -> bool:
        """Whether at least one filter was given."""
        return any(getattr(self, option.name) not in (None, [], False) for option in Filters.parameters())


class Order(Options):
    """In what order posts come, and from where."""

    sort: Annotated[
        str | None,
        Option("--sort", help="Sort by a field; -FIELD turns it round.", **candidates.sorted_by(PostSort)),
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
    """The same where a screenful is enough for a person."""

    limit: Limit = None


class Targets(Order, Filters):
    """The posts a command changes: named one by one, or described by filters."""

    references: Annotated[
        list[str] | None,
        Argument(help="Id or slug; id:7 and slug:2024 say which.", **candidates.POST),
    ] = None
    from_file: Annotated[
        Path | None, Option("--from", help="Read references from a file, one per line; - is stdin.", metavar="FILE")
    ] = None
    all: Annotated[bool, Flag("--all", help="Every post outside the trash, on purpose.", rich_help_panel=_CHOOSING)] = (
        False
    )
    ignore_missing: IgnoreMissing = False
    max_affected: Annotated[
        int | None,
        Option(
            "--max-affected", min=0, help="Change nothing if more would change.", metavar="N", rich_help_panel=_CHANGE
        ),
    ] = None
    dry_run: DryRun = False

    def chosen(self, settings: Settings, **defaults: object) -> "PostSelection":
        """The posts to change; UsageError when nothing says which, or two things do."""
        described = self.any_given or self.all
        if self.references or self.from_file:
            if described:
                raise UsageError("Name the posts or describe them with filters, not both")
            references = single_references(read_references(self.references, self.from_file))
            return schemas.PostSelection.checked(references=references)
        if not described:
            raise UsageError("Nothing says which posts", hint="Name them, give a filter such as --tag, or say --all.")
        if "statuses" in defaults and self.status:
            defaults.pop("statuses")
        return self.selection(settings, **self.listing(), **defaults)

    def terms(self) -> "Terms":
        """On what terms they are changed."""
        return schemas.Terms(dry_run=self.dry_run, ignore_missing=self.ignore_missing, max_affected=self.max_affected)


def sorting(text: str, keys: type[K]) -> tuple[K, bool]:
    """The sort key and whether it is turned round; UsageError naming the valid ones."""
    name = text.removeprefix("-")
    try:
        return keys(name), text.startswith("-")
    except ValueError:
        raise UsageError(f"Cannot sort by {name!r}", hint=f"Fields: {', '.join(keys)}.") from None


def _text_fields(text: str) -> list[TextField]:
    try:
        return [TextField(name.strip()) for name in text.split(",")]
    except ValueError:
        raise UsageError(f"--in knows no {text!r}", hint=f"Fields: {', '.join(TextField)}.") from None


def _ids(text: str) -> list[int]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isascii() and part.isdecimal() and len(part) < 10 for part in parts):
        raise UsageError(f"--ids takes numbers as 4,5,6, not {text!r}")
    if len(parts) > _MOST_IDS:
        raise UsageError(f"--ids takes {_MOST_IDS:,} ids at the most", hint="Read them with --from FILE.")
    return [int(part) for part in parts]
