"""The events of a JSON file, however large it is, and the place where it turns out to be none."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any, BinaryIO, TypeAlias

import ijson  # type: ignore[import-untyped]

from ...errors import InvalidError
from ..sources import Source
from .escapes import without_halves

Event: TypeAlias = tuple[str, Any]

_CHUNK, _LONGEST_CHUNK = 64 * 1024, 8 * 1024 * 1024
# In which the place of a fault is looked for.
_STEPS = 256
_BOM = b"\xef\xbb\xbf"
# Beside its own error, ijson lets pass what Python says of text and numbers that cannot be.
_FAULTS = (ijson.JSONError, ValueError, ArithmeticError, SystemError)


def events(source: Source) -> Iterator[tuple[int, Sequence[Event]]]:
    """Batches of events, each with the number of the bytes up to its end; InvalidError, with the place, for no JSON."""
    found, position, size = ijson.sendable_list(), 0, _CHUNK
    parser = ijson.basic_parse_coro(found, use_float=True)
    with source.open() as file:
        for chunk in chain(without_halves(_chunks(source, file, lambda: size)), [b""]):
            try:
                parser.send(chunk) if chunk else parser.close()
            except _FAULTS as error:
                raise _no_json(source, error, (position, len(chunk))) from None
            position += len(chunk)
            # A long text is looked at from its beginning with each chunk, so it gets fewer and longer ones.
            size = _CHUNK if found else min(2 * size, _LONGEST_CHUNK)
            yield position, found
            found.clear()


def first_events(start: bytes) -> Sequence[Event]:
    """The events of the start of a file, up to its first fault."""
    found = ijson.sendable_list()
    try:
        ijson.basic_parse_coro(found, use_float=True).send(start)
    except _FAULTS:
        return list(found)
    return list(found)


def _chunks(source: Source, file: BinaryIO, size: Callable[[], int]) -> Iterator[bytes]:
    yield source.read(file, size()).removeprefix(_BOM)
    while chunk := source.read(file, size()):
        yield chunk


def _no_json(source: Source, error: Exception, span: tuple[int, int]) -> InvalidError:
    reason = " ".join(str(error).removeprefix("b'").split("\\n")[0].split("\n")[0].split())
    if "premature" in reason:
        hint = "It was not copied to its end; export it again."
        return InvalidError(f"{source.name}: it ends in the middle of its JSON, at byte {span[0]:,}", hint=hint)
    line, place = _place(source, *span)
    hint = "Export it again, or mend it there."
    return InvalidError(f"{source.name}: line {line:,}, near byte {place:,}: not JSON: {reason}", hint=hint)


def _place(source: Source, start: int, length: int) -> tuple[int, int]:
    # The line, and the byte but for a few, of a fault in this many bytes behind the start.
    parser = ijson.basic_parse_coro(_Nowhere(), use_float=True)
    step = max(length // _STEPS, _STEPS)
    line, position = 1, 0
    with source.open() as file:
        chunks = without_halves(
            _chunks(source, file, lambda: step if position >= start else min(start - position, _LONGEST_CHUNK))
        )
        for chunk in chunks:
            try:
                parser.send(chunk)
            except _FAULTS:
                break
            line += chunk.count(b"\n")
            position += len(chunk)
    return line, position


class _Nowhere:
    """Takes events and forgets them."""

    def send(self, event: Event) -> None:
        """Nothing."""
