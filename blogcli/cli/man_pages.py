"""Find and format the man pages that were installed with the program."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

# Installers put the package into a folder such as lib/python3.11/site-packages, and the man pages into share/man/man1
# of the same environment. There are no man pages beside a checkout.
_PAGES = Path(__file__, "../../../../../../share/man/man1").resolve()
_MAX_WIDTH = 100
# Matches the start of the formatting of a bold or underlined character, which is printed over another one.
_OVERSTRIKE = re.compile(r".\x08")


def format_man_page(words: Sequence[str], pager: str) -> str | None:
    """Return the man page of a command as text for the pager, or None if the page or the program `man` is missing.

    `words` are the words of the command, such as `post` and `list`.
    """
    page = f"{_PAGES}/{'-'.join(('blogcli', *words))}.1"
    # `exists` returns False for words that cannot be part of a file name, such as very long words.
    if not os.path.exists(page):  # noqa: PTH110 - Path.exists raises an exception for such words
        return None
    # The output is captured instead of shown by `man`, because the setting `pager` and the size of the screen decide
    # how it is shown. GROFF_NO_SGR selects the kind of formatting that a pager shows without an option.
    width = min(shutil.get_terminal_size().columns, _MAX_WIDTH)
    environ = (
        {"MANWIDTH": str(width)} | os.environ | {"MANPAGER": "cat", "MAN_KEEP_FORMATTING": "1", "GROFF_NO_SGR": "1"}
    )
    try:
        process = subprocess.run(  # noqa: S603 - the path is that of an installed page
            ["man", page],  # noqa: S607 - PATH decides which `man` is run
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError:
        return None
    text = process.stdout.decode(errors="replace").rstrip("\n")
    # On systems without man pages, such as containers, `man` may be a script that prints only an explanation.
    if process.returncode != 0 or "(1)" not in text:
        return None
    return text if Path(pager.partition(" ")[0]).name == "less" else _OVERSTRIKE.sub("", text)
