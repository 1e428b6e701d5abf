"""The events of a JSON file, however large it is, and the place where it turns out to be none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Context, localcontext
from itertools import chain
from typing import Any, BinaryIO, TypeAlias

import ijson  # type: ignore[import-untyped]

from ....errors import InvalidError
from ...sources import Source
from .surrogates import without_halves

Event: TypeAlias = tuple[str, Any]

_CHUNK, _LONGEST_CHUNK = 64 * 1024, 2 * 1024 * 1024
# In which the place of a fault is looked for.
_STEPS = 64
_ANY_NUMBER = Context(traps=[])
_BOM = b"\xef\xbb\xbf"
# Beside its own error, ijson lets pass what Python says of text and numbers that cannot be.
_FAULTS = (ijson.JSONError, ValueError, ArithmeticError, SystemError)


def events(source: Source) -> Iterator[tuple[int, Sequence[Event]]]:
    """Batches of events, each with the number of the bytes up to its end; InvalidError, with the place, for no JSON."""
    found, position = ijson.sendable_list(), 0
    parser, reading = ijson.basic_parse_coro(found), _Reading(_CHUNK)
    with source.open() as file:
        for chunk in chain(without_halves(_chunks(source, file, reading)), [b""]):
            try:
                _feed(parser, chunk)
            except _FAULTS as error:
                raise _no_json(source, error, (position, len(chunk))) from None
            position += len(chunk)
            # A long text is looked at from its beginning with each chunk, so it gets fewer and longer ones.
            reading.size = _CHUNK if found else min(2 * reading.size, _LONGEST_CHUNK)
            yield position, found
            found.clear()


def first_events(start: bytes) -> Sequence[Event]:
    """The events of the start of a file, up to its first fault."""
    found = ijson.sendable_list()
    try:
        _feed(ijson.basic_parse_coro(found), start)
    except _FAULTS:
        return list(found)
    return list(found)


def _feed(parser: Any, chunk: bytes) -> None:  # noqa: ANN401 - a coroutine of C
    """Pass on the chunk, or the end where it is empty; a number that is beyond decimals arrives as NaN."""
    with localcontext(_ANY_NUMBER):
        parser.send(chunk) if chunk else parser.close()


@dataclass
class _Reading:
    """How much is read next."""

    size: int


def _chunks(source: Source, file: BinaryIO, reading: _Reading) -> Iterator[bytes]:
    yield source.read(file, reading.size).removeprefix(_BOM)
    while chunk := source.read(file, reading.size):
        yield chunk


def _no_json(source: Source, error: Exception, span: tuple[int, int]) -> InvalidError:
    # What is the matter with a number is only the cause of what comes out of C.
    reason = " ".join(str(error.__cause__ or error).removeprefix("b'").split("\\n")[0].split("\n")[0].split())
    if "premature" in reason:
        hint = "It was not copied to its end; export it again."
        return InvalidError(f"{source.name}: it ends in the middle of its JSON, at byte {span[0]:,}", hint=hint)
    line, place = _place(source, *span)
    hint = "Export it again, or mend it there."
    return InvalidError(f"{source.name}: line {line:,}, near byte {place:,}: not JSON: {reason}", hint=hint)


def _place(source: Source, start: int, length: int) -> tuple[int, int]:
    # The line, and the byte but for a few, of a fault in as many bytes behind the start.
    parser, step = ijson.basic_parse_coro(_Nowhere()), max(length // _STEPS, _STEPS)
    reading = _Reading(min(start, _LONGEST_CHUNK) or step)
    line, position = 1, 0
    with source.open() as file:
        for chunk in without_halves(_chunks(source, file, reading)):
            try:
                _feed(parser, chunk)
            except _FAULTS:
                break
            line += chunk.count(b"\n")
            position += len(chunk)
            reading.size = min(max(start - position, 0), _LONGEST_CHUNK) or step
    return line, position


class _Nowhere:
    """Takes events and forgets them."""

    def send(self, event: Event) -> None:
        """Nothing."""
