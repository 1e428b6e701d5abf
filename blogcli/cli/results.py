"""The results that commands return and `rendering.render` prints.

The results are named tuples. Their classes are defined at every start of the program, and defining a frozen dataclass
takes seven times as long as defining a named tuple.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Union

from ..errors import ExitCode
from ..output.records import Columns
from .context import CliContext
from .fields import (
    CHANGES,
    EVENTS,
    FINDINGS,
    OPERATIONS,
    POST_DETAILS,
    POST_HITS,
    POST_REPLACEMENTS,
    POSTS,
    TAGS,
    USERS,
)

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from ..schemas import Changes, Page

Record = Union[Mapping[str, Any], "DataclassInstance"]
# A function that prints the records as a table for people.
ShowTable = Callable[[CliContext, Sequence[Mapping[str, Any]]], None]
# A function that prints records as a table for people while the records are read.
ShowLongTable = Callable[[CliContext, Iterable[Mapping[str, Any]]], None]


class RecordType(NamedTuple):
    """A type of record: its noun, the field that names a record in messages, and the fields to print."""

    noun: str
    name_field: str
    columns: Columns


POST = RecordType("post", "slug", POSTS)
POST_DETAIL = RecordType("post", "slug", POST_DETAILS)
POST_HIT = RecordType("post", "slug", POST_HITS)
POST_REPLACEMENT = RecordType("post", "slug", POST_REPLACEMENTS)
OPERATION = RecordType("operation", "command", OPERATIONS)
CHANGE = RecordType("change", "table", CHANGES)
EVENT = RecordType("event", "slug", EVENTS)
TAG = RecordType("tag", "name", TAGS)
USER = RecordType("user", "email", USERS)
FINDING = RecordType("finding", "rule", FINDINGS)


class ChangeReport(NamedTuple):
    """The records that a command changed or, in a dry run, would change.

    `verb` is a key of `messages.VERBS`, and `detail` follows the records in the message. If `is_single` is set, the
    command changes only one record, and the record is printed with all details instead of as a list. `preview` contains
    the records that a dry run lists on a terminal. If `preview` is None, a dry run lists the records in `changes`
    unless `is_single` is set. `show_preview` prints something else instead of this list. `phrases` contains the phrases
    for the planned and for the completed action if they are not those of the verb. `is_one_operation` is false if the
    records were changed by several operations, which a single `undo` does not revert. If `prints_records` is false,
    nothing is printed on stdout, because the command has written something else there.
    """

    changes: "Changes[Any]"
    record_type: RecordType
    verb: str
    dry_run: bool
    detail: str = ""
    is_single: bool = False
    preview: "Sequence[DataclassInstance] | None" = None
    show_preview: Callable[[CliContext], None] | None = None
    phrases: tuple[str, str] | None = None
    is_one_operation: bool = True
    prints_records: bool = True


class ActionReport(NamedTuple):
    """A message about what a command did, and the records that the message is about.

    If an output option is given, the records are printed. Otherwise, the values of `key_field` are printed, unless
    stdout is a terminal.
    """

    message: str
    records: "Sequence[DataclassInstance]"
    columns: Columns
    key_field: str


class RecordPage(NamedTuple):
    """One page of a list.

    After a table on a terminal, a message says how many records the page and the list contain. After any other output,
    the message is printed only if `prints_total` is set. If `page_info` is set, the output is one JSON object that
    contains the records, the cursor of the next page and the total. `show_table` prints the table if the user has not
    chosen its columns.
    """

    page: "Page[Any]"
    record_type: RecordType
    prints_total: bool = False
    page_info: bool = False
    show_table: ShowTable | None = None


class RecordStream(NamedTuple):
    """All records of a list in batches. Each batch is printed before the next batch is read.

    `show_table` prints the default table. `conclude` is called after the last record has been printed, and returns a
    message and the exit code.
    """

    batches: Iterable[Sequence[Record]]
    record_type: RecordType
    prints_total: bool = False
    show_table: ShowLongTable | None = None
    conclude: Callable[[], tuple[str, ExitCode]] | None = None


class RecordList(NamedTuple):
    """A complete list of records, and an optional message that is printed after the records."""

    records: Iterable[Record]
    columns: Columns
    message: str = ""
    exit_code: ExitCode = ExitCode.DONE
    show_table: ShowTable | None = None


class RecordDetails(NamedTuple):
    """The records of a command that shows individual records, such as `post show`.

    A single record is printed with all details, and several records are printed as a list. The `related` records are
    printed after an empty line.
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
