"""Detect the format of sources, and reject sources that are not in the expected format."""

from collections.abc import Sequence
from contextlib import suppress

from ..errors import InvalidError, UsageError
from .file_types import GHOST, JSON_LINES, WORDPRESS, FileType, recognize_file, recognize_folder
from .registry import FORMATS, get_reader
from .sources import Source

# Maps the formats that can be read, except Markdown, to their file types. Markdown has no file type, because Markdown
# files cannot be identified by their first bytes.
_FILE_TYPES = {"jsonl": JSON_LINES, "ghost": GHOST, "wordpress": WORDPRESS}
_MARKDOWN = "markdown"


def detect_format(sources: Sequence[Source]) -> str:
    """Return the name of the format of the sources, which must all be in the same format.

    Raises InvalidError if a source is damaged or in an unknown format. Raises UsageError if a source cannot be read, or
    if the sources are in different formats.
    """
    names = {_detect_source_format(source) for source in sources}
    if len(names) > 1:
        raise UsageError("The sources are in different formats", hint="Import them one by one.")
    return names.pop()


def _detect_source_format(source: Source) -> str:
    name = next((name for name in _FILE_TYPES if get_reader(name).detect(source)), None)
    if name:
        return name
    file_type = None if source.is_folder else _recognize_source(source)
    if file_type is None and get_reader(_MARKDOWN).detect(source):
        return _MARKDOWN
    file_name = ""
    if source.is_folder:
        file_name, file_type = _recognize_file_in_folder(source)
    if file_type:
        message = f"{source.name}: unknown format: {file_name or 'it'} looks like {file_type.description}"
        raise InvalidError(message, hint=file_type.hint)
    names = ", ".join((*_FILE_TYPES, _MARKDOWN))
    hint = f"Use `blogcli import FORMAT` if it is in one of these formats: {names}."
    raise InvalidError(f"{source.name}: unknown format", hint=hint)


def require_format(name: str, source: Source) -> None:
    """Raise InvalidError if a source is recognized as a file or folder in another format than `name`."""
    if source.is_folder:
        if name == _MARKDOWN and not get_reader(name).detect(source):
            _reject_recognized_folder(source)
        return
    if _is_damaged(source) or (name != _MARKDOWN and get_reader(name).detect(source)):
        return
    other_name = next((other for other in _FILE_TYPES if other != name and get_reader(other).detect(source)), None)
    file_type = _FILE_TYPES[other_name] if other_name else _recognize_source(source)
    # A file that is recognized only as JSON may be a damaged Ghost export. Such a file is not rejected here, so that
    # the Ghost reader can report the position of the damage.
    is_ghost_candidate = name == "ghost" and file_type is not None and file_type.description == "JSON"
    if file_type and file_type is not _FILE_TYPES.get(name) and not is_ghost_candidate:
        message = f"{source.name}: {FORMATS[name].mismatch_message}: it looks like {file_type.description}"
        raise InvalidError(message, hint=file_type.hint)


def _reject_recognized_folder(source: Source) -> None:
    file_name, file_type = _recognize_file_in_folder(source)
    if file_type:
        subject = f"{file_name} in it" if file_name else "it"
        message = f"{source.name}: no Markdown files in it: {subject} looks like {file_type.description}"
        raise InvalidError(message, hint=file_type.hint)


def _is_damaged(source: Source) -> bool:
    try:
        source.read_start()
    except InvalidError:
        return True
    return False


def _recognize_source(source: Source) -> FileType | None:
    with suppress(InvalidError):
        return recognize_file(source.read_start(), source.path.name)
    return None


def _recognize_file_in_folder(source: Source) -> tuple[str, FileType | None]:
    return recognize_folder(source.path) or ("", None)
