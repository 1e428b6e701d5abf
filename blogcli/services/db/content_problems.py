"""Find invalid values, wrong word counts and faults of the search index."""

from collections.abc import Iterator

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from ...repositories import invalid_values
from ...repositories.db import derived_values
from ...schemas.db import Problem
from ...search import get_index_check
from ...search.documents import IndexedText
from ...search.indexing import find_differing_ids

_REINDEX = "Run `blogcli db reindex`"
_REPAIR = "Run `blogcli db check --repair`"
_CORRECT = "Correct the value with SQL, or delete the row"


def find_content_problems(connection: Connection, *, is_broken: bool, full: bool) -> Iterator[Problem]:
    """Yield the problems of values, word counts and the search index. `is_broken` adds that the index is broken.

    If `full` is false, only texts whose digests do not match are analyzed.
    """
    repairable_lines = {wrong.line for wrong in derived_values.find_wrong_tag_keys(connection) if wrong.new_key}
    for line in invalid_values.find_invalid_values(connection):
        is_repairable = line in repairable_lines
        yield Problem(code="value", text=line, repair=_REPAIR if is_repairable else _CORRECT, repairable=is_repairable)
    yield from _find_text_problems(connection, is_broken=is_broken, full=full)


def _find_text_problems(connection: Connection, *, is_broken: bool, full: bool) -> Iterator[Problem]:
    texts = _TextProblems(connection)
    differing: list[int] = []
    orphans: list[int] = []
    try:
        check = get_index_check(connection.dialect.name)
        ids = None if full else check.find_unverified(connection)
        differing += find_differing_ids(connection, ids, on_texts=texts.check)
        orphans += check.find_orphans(connection)
    except DBAPIError:
        is_broken = True
    yield from texts.problems
    if is_broken:
        yield _search_problem("The search index is broken")
    for id_ in differing:
        yield _search_problem(f"The search index is wrong for post {id_}")
    for id_ in orphans:
        yield _search_problem(f"The search index contains post {id_}, which does not exist")


def _search_problem(text: str) -> Problem:
    return Problem(code="search", text=text, repair=_REINDEX, repairable=True)


class _TextProblems:
    """Collects the problems of contents and of their numbers of words."""

    def __init__(self, connection: Connection) -> None:
        self.problems: list[Problem] = []
        self._connection = connection

    def check(self, texts: list[IndexedText]) -> None:
        """Check the contents and the numbers of words of a batch of posts."""
        for id_, _, content in texts:
            line = invalid_values.check_content(id_, content)
            if line:
                self.problems.append(Problem(code="value", text=line, repair=_CORRECT))
        for wrong in derived_values.find_wrong_words(self._connection, texts):
            line = f"Post {wrong.post_id}: words is {wrong.stored}, but the content has {wrong.actual}"
            self.problems.append(Problem(code="words", text=line, repair=_REPAIR, repairable=True))
