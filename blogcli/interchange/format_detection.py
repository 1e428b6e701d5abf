"""Detect the format of sources, and refuse those that are in another format than expected."""

from collections.abc import Sequence
from contextlib import suppress

from ..errors import InvalidError, UsageError
from .detection import GHOST, JSON_LINES, WORDPRESS, Likeness, likeness_of, likeness_of_folder
from .registry import FORMATS, reader_of
from .sources import Source

# Formats whose files can be told by how they begin, and what such a file is called.
_MARKED = {"jsonl": JSON_LINES, "ghost": GHOST, "wordpress": WORDPRESS}
_MARKDOWN = "markdown"


def detect_format(sources: Sequence[Source]) -> str:
    """Return the name of the format that all sources are in.

    Raises InvalidError for a source in no known format, and UsageError for sources in several formats.
    """
    names = {_format_of(source) for source in sources}
    if len(names) > 1:
        raise UsageError("The sources are in different formats", hint="Import them one by one.")
    return names.pop()


def _format_of(source: Source) -> str:
    own = next((name for name in _MARKED if reader_of(name).detect(source)), None)
    if own:
        return own
    likeness = None if source.path.is_dir() else _likeness_of(source)
    if likeness is None and reader_of(_MARKDOWN).detect(source):
        return _MARKDOWN
    where, found = _likeness_in(source) if source.path.is_dir() else ("", likeness)
    if found:
        what = f": {where} looks like {found.name}" if where else f": it looks like {found.name}"
        raise InvalidError(f"{source.name} is in no known format{what}", hint=found.hint)
    hint = f"Say which, if it is one of {', '.join((*_MARKED, _MARKDOWN))}."
    raise InvalidError(f"{source.name} is in no known format", hint=hint)


def require_format(name: str, source: Source) -> None:
    """Raise InvalidError, with the name of what it looks like, for a source that is not in the format of that name."""
    if source.path.is_dir():
        if name == _MARKDOWN and not reader_of(name).detect(source):
            _refuse_folder(source)
        return
    if _is_damaged(source) or (name != _MARKDOWN and reader_of(name).detect(source)):
        return
    own = next((other for other in _MARKED if other != name and reader_of(other).detect(source)), None)
    found = _MARKED[own] if own else _likeness_of(source)
    # What may be in that format is left to the reader, which says what is wrong with it.
    if found and found is not _MARKED.get(name) and not (name == "ghost" and found.name == "JSON"):
        raise InvalidError(f"{source.name}: {FORMATS[name].denial}: it looks like {found.name}", hint=found.hint)


def _refuse_folder(source: Source) -> None:
    where, found = _likeness_in(source)
    if found:
        what = f"{where} in it looks like {found.name}" if where else f"it looks like {found.name}"
        raise InvalidError(f"{source.name}: no Markdown files in it: {what}", hint=found.hint)


def _is_damaged(source: Source) -> bool:
    try:
        source.start()
    except InvalidError:
        return True
    return False


def _likeness_of(source: Source) -> Likeness | None:
    with suppress(InvalidError):
        return likeness_of(source.start(), source.path.name)
    return None


def _likeness_in(source: Source) -> tuple[str, Likeness | None]:
    return likeness_of_folder(source.path) or ("", None)
