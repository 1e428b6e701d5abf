"""The user's own editor."""

import shlex
import subprocess
import tempfile
from pathlib import Path

from ..errors import BlogError, UsageError
from .invocation import Invocation


def edit_text(invocation: Invocation, text: str) -> str:
    """The text as it comes back from the editor.

    Raises UsageError without a terminal, BlogError when the editor fails; what was written so far is kept in a file
    that the error names.
    """
    if not invocation.console.is_interactive:
        raise UsageError("There is no terminal for an editor", hint="Give the text as FILE, - or --content.")
    path = keep(text)
    _run_editor(invocation.settings.editor, path)
    try:
        edited = path.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise BlogError(f"The edited text is not UTF-8 (byte {error.start}); it is kept in {path}") from None
    path.unlink()
    return edited


def keep(text: str) -> Path:
    """A file that holds the text, so that it is not lost."""
    with tempfile.NamedTemporaryFile("w", suffix=".md", encoding="utf-8", newline="", delete=False) as file:
        file.write(text)
    return Path(file.name)


def _run_editor(editor: str, path: Path) -> None:
    try:
        status = subprocess.run([*shlex.split(editor), str(path)], check=False).returncode  # noqa: S603 - the user's own choice
    except (OSError, ValueError) as error:
        raise BlogError(
            f"Cannot run the editor {editor!r}: {error}; the text is kept in {path}",
            hint="Set EDITOR, or editor in the config.",
        ) from None
    if status:
        raise BlogError(f"The editor {editor!r} failed with status {status}; the text is kept in {path}")
