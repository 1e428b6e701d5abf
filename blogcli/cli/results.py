"""The results that commands return; `rendering.render` prints them by the output options.

They are named tuples, because every start of the program creates their classes, and the creation of a frozen dataclass
takes seven times as long.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Union

from ..errors import ExitCode
from ..output.records import Columns
from .context import CliContext
from .fields import POST_DETAILS, POST_HITS, POSTS, TAGS, USERS

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from ..schemas import Changes, Page

Record = Union[Mapping[str, Any], "DataclassInstance"]
# A function that prints the records as a table for people.
ShowTable = Callable[[CliContext, Sequence[Mapping[str, Any]]], None]


class RecordType(NamedTuple):
    """A kind of record: its noun, the field that names one of them in messages, and the fields to print."""

    noun: str
    name_field: str
    columns: Columns


POST = RecordType("post", "slug", POSTS)
POST_DETAIL = RecordType("post", "slug", POST_DETAILS)
POST_HIT = RecordType("post", "slug", POST_HITS)
TAG = RecordType("tag", "name", TAGS)
USER = RecordType("user", "email", USERS)


class ChangeReport(NamedTuple):
    """The records that a command changed or, in a dry run, would change.

    `verb` is a key of `verbs.VERBS`, and `detail` follows the name of the record in the message. `is_single` is set by
    a command that changes one record only, which is then printed as one record. `preview` holds the records that a dry
    run lists on a terminal; without it, these are the changed records unless `is_single` is set.
    """

    changes: "Changes[Any]"
    record_type: RecordType
    verb: str
    dry_run: bool
    detail: str = ""
    is_single: bool = False
    preview: "Sequence[DataclassInstance] | None" = None


class ActionReport(NamedTuple):
    """A message about what a command did, and the records that it concerns.

    Programs receive the values of `key_field` if no output option is given.
    """

    message: str
    records: "Sequence[DataclassInstance]"
    columns: Columns
    key_field: str


class RecordPage(NamedTuple):
    """One page of a list.

    The size of the page and of the list is printed for a table on a terminal, or always if `prints_total` is set.
    """

    page: "Page[Any]"
    record_type: RecordType
    prints_total: bool = False
    page_info: bool = False
    show_table: ShowTable | None = None


class RecordStream(NamedTuple):
    """All records of a list in batches, which are printed while the next ones are read."""

    batches: Iterable[Sequence[Mapping[str, Any]]]
    record_type: RecordType
    prints_total: bool = False


class RecordList(NamedTuple):
    """A complete list of records, and a message to print after them."""

    records: Iterable[Record]
    columns: Columns
    message: str = ""
    exit_code: ExitCode = ExitCode.DONE
    show_table: ShowTable | None = None


class RecordDetails(NamedTuple):
    """Records that were selected by name: a single one is printed as one record, several are printed as a list.

    The `related` records follow below, after an empty line.
    """

    records: Sequence[Record]
    columns: Columns
    related: RecordList | None = None


class RawText(NamedTuple):
    """Text to print without changes."""

    chunks: Iterable[str]


class PagedLines(NamedTuple):
    """Lines of text for people, which are shown in the pager if they do not fit on the screen."""

    lines: Iterable[str]


Result = (
    ChangeReport | ActionReport | RecordPage | RecordStream | RecordList | RecordDetails | RawText | PagedLines | None
)
