"""Parse a JSON file of any size into events, and locate errors in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Context, localcontext
from itertools import chain
from typing import Any, BinaryIO, TypeAlias

import ijson  # type: ignore[import-untyped]  # ijson has no type hints

from ....errors import InvalidError
from ...sources import Source
from .surrogates import replace_lone_surrogates

Event: TypeAlias = tuple[str, Any]

_CHUNK_SIZE = 64 * 1024
_MAX_CHUNK_SIZE = 2 * 1024 * 1024
# To locate an error in a chunk, the chunk is parsed again in about this number of parts.
_PARTS = 64
# In a decimal context without traps, a number that is too large becomes NaN and raises no exception. A single number of
# that size must not make the whole file unreadable.
_ANY_NUMBER = Context(traps=[])
_BOM = b"\xef\xbb\xbf"
# The exceptions that the parser raises: JSONError of ijson, and built-in exceptions for invalid strings and numbers.
_ERRORS = (ijson.JSONError, ValueError, ArithmeticError, SystemError)


def iter_event_batches(source: Source) -> Iterator[tuple[int, Sequence[Event]]]:
    """Yield pairs of a position and a batch of events.

    The position is the number of bytes from the start of the file to the end of the batch. Raises InvalidError if the
    source is not JSON. The error message contains the position of the error.
    """
    batch = ijson.sendable_list()
    parser = ijson.basic_parse_coro(batch)
    position = 0
    next_chunk = _NextChunk(_CHUNK_SIZE)
    with source.open() as file:
        for chunk in chain(replace_lone_surrogates(_read_chunks(source, file, next_chunk)), [b""]):
            try:
                _feed(parser, chunk)
            except _ERRORS as error:
                raise _make_error(source, error, (position, len(chunk))) from None
            position += len(chunk)
            # If a chunk ends inside a string, the parser scans the string again from its start with the next chunk.
            # After a chunk that completes no event, the next chunk is larger, so that a long string is scanned less
            # often.
            next_chunk.size = _CHUNK_SIZE if batch else min(2 * next_chunk.size, _MAX_CHUNK_SIZE)
            yield position, batch
            batch.clear()


def parse_start(start: bytes) -> Sequence[Event]:
    """Parse the first bytes of a file, and return the events up to the first error."""
    events = ijson.sendable_list()
    try:
        _feed(ijson.basic_parse_coro(events), start)
    except _ERRORS:
        return list(events)
    return list(events)


def _feed(parser: Any, chunk: bytes) -> None:  # noqa: ANN401 - ijson does not export the type of the coroutine
    """Feed a chunk to the parser, or close the parser if the chunk is empty."""
    with localcontext(_ANY_NUMBER):
        parser.send(chunk) if chunk else parser.close()


@dataclass
class _NextChunk:
    """The size in bytes of the next chunk to read. The size may be changed before each chunk."""

    size: int


def _read_chunks(source: Source, file: BinaryIO, next_chunk: _NextChunk) -> Iterator[bytes]:
    yield source.read(file, next_chunk.size).removeprefix(_BOM)
    while chunk := source.read(file, next_chunk.size):
        yield chunk


def _make_error(source: Source, error: Exception, span: tuple[int, int]) -> InvalidError:
    """Return an InvalidError for an error of the parser in a chunk.

    `span` contains the position of the chunk in the file and the length of the chunk.
    """
    # For an invalid number, the C code of ijson raises a general exception. Only the `__cause__` of the exception
    # contains the reason.
    message = str(error.__cause__ or error).removeprefix("b'")
    reason = " ".join(message.split("\\n")[0].split("\n")[0].split())
    start, length = span
    if "premature" in reason:
        hint = "Export it again: the file is truncated."
        return InvalidError(f"{source.name}: unexpected end of JSON at byte {start:,}", hint=hint)
    line, position = _locate_error(source, start, length)
    hint = "Export it again, or repair that line by hand."
    return InvalidError(f"{source.name}: line {line:,}, near byte {position:,}: not JSON: {reason}", hint=hint)


def _locate_error(source: Source, start: int, length: int) -> tuple[int, int]:
    """Return the line number and the approximate byte position of an error.

    `start` is the position of the chunk that contains the error, and `length` is the length of the chunk.
    """
    parser = ijson.basic_parse_coro(_NullTarget())
    part_size = max(length // _PARTS, _PARTS)
    next_chunk = _NextChunk(min(start, _MAX_CHUNK_SIZE) or part_size)
    line = 1
    position = 0
    with source.open() as file:
        for chunk in replace_lone_surrogates(_read_chunks(source, file, next_chunk)):
            try:
                _feed(parser, chunk)
            except _ERRORS:
                break
            line += chunk.count(b"\n")
            position += len(chunk)
            next_chunk.size = min(max(start - position, 0), _MAX_CHUNK_SIZE) or part_size
    return line, position


class _NullTarget:
    """An object that receives the events of a parser and discards them."""

    def send(self, event: Event) -> None:
        """Discard an event."""
