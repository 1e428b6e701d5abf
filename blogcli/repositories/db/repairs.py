"""Repair what is derived from other content, or defined by the program."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from sqlalchemy import Connection, bindparam, text, update
from sqlalchemy.orm import Session

from ...models.journal import JournalOperation
from ...search.indexing import read_batches
from ..journal.consistency import find_wrong_counts
from .derived_values import find_wrong_tag_keys, find_wrong_words
from .faults import Fault

_SET_WORDS = text("UPDATE posts SET words = :words WHERE id = :id")
_SET_KEY = text("UPDATE tags SET key = :key WHERE id = :id")


def run_repairs(connection: Connection, checks: Iterable[Callable[[Connection], Iterator[Fault]]]) -> None:
    """Execute the statements that repair the faults that `checks` find."""
    for find_faults in checks:
        for fault in list(find_faults(connection)):
            for statement in fault.statements:
                connection.exec_driver_sql(statement)


def correct_counts(connection: Connection) -> None:
    """Store the correct numbers of changes in the operations of the journal."""
    table = JournalOperation.__table__
    statement = update(JournalOperation).where(table.c.id == bindparam("operation")).values(counts=bindparam("actual"))
    for wrong in list(find_wrong_counts(connection)):
        connection.execute(statement, {"operation": wrong.operation_id, "actual": wrong.actual})


def correct_tag_keys(session: Session) -> None:
    """Correct the keys of tags, except those that another tag has or needs."""
    for wrong in find_wrong_tag_keys(session.connection()):
        if wrong.new_key is not None:
            session.execute(_SET_KEY, {"id": wrong.tag_id, "key": wrong.new_key})


def correct_words(session: Session, ids: Sequence[int] | None) -> None:
    """Correct the numbers of words of the posts with these ids, or of all posts if `ids` is None."""
    connection = session.connection()
    for texts in read_batches(connection, ids):
        for wrong in list(find_wrong_words(connection, texts)):
            session.execute(_SET_WORDS, {"id": wrong.post_id, "words": wrong.actual})
