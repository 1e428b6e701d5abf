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
# The chunk with an error is parsed again in this number of parts to locate the error.
_PARTS = 64
# Without traps, a number that is too large becomes NaN instead of raising an exception.
_ANY_NUMBER = Context(traps=[])
_BOM = b"\xef\xbb\xbf"
# ijson raises its own exception, and exceptions of Python for invalid texts and numbers.
_ERRORS = (ijson.JSONError, ValueError, ArithmeticError, SystemError)


def iter_event_batches(source: Source) -> Iterator[tuple[int, Sequence[Event]]]:
    """Yield batches of events, each with the number of bytes from the start of the file to the end of the batch.

    Raises InvalidError with the position of the error for a source that is not JSON.
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
            # The parser scans an incomplete text again with each chunk. Larger chunks reduce this work for long texts.
            next_chunk.size = _CHUNK_SIZE if batch else min(2 * next_chunk.size, _MAX_CHUNK_SIZE)
            yield position, batch
            batch.clear()


def parse_start(start: bytes) -> Sequence[Event]:
    """Return the events in the start of a file, up to the first error."""
    events = ijson.sendable_list()
    try:
        _feed(ijson.basic_parse_coro(events), start)
    except _ERRORS:
        return list(events)
    return list(events)


def _feed(parser: Any, chunk: bytes) -> None:  # noqa: ANN401 - ijson does not export the type of the coroutine
    """Feed a chunk to the parser, or close it if the chunk is empty."""
    with localcontext(_ANY_NUMBER):
        parser.send(chunk) if chunk else parser.close()


@dataclass
class _NextChunk:
    """The size of the next chunk, which changes while a file is read."""

    size: int


def _read_chunks(source: Source, file: BinaryIO, next_chunk: _NextChunk) -> Iterator[bytes]:
    yield source.read(file, next_chunk.size).removeprefix(_BOM)
    while chunk := source.read(file, next_chunk.size):
        yield chunk


def _make_error(source: Source, error: Exception, span: tuple[int, int]) -> InvalidError:
    """Return the exception for an error in a chunk.

    `span` is the position and the length of the chunk.
    """
    # For an invalid number, C code raises an exception whose cause contains the reason.
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
    """Return the line and the approximate byte position of an error in the chunk of `length` bytes at `start`."""
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
    """A receiver of events that discards them."""

    def send(self, event: Event) -> None:
        """Discard an event."""
