"""Make docs/posts.svg, the picture in README.md: `python docs/make_picture.py`.

The picture shows what the program itself prints on a terminal for the sample posts of `blogcli db seed`.
"""

import os
import re
import subprocess
import sys
import tempfile
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

WIDTH = 108
COMMANDS = [
    "blogcli post list --tag python --limit 6 --fields id,title,status,published_at,tags",
    "blogcli post search 'types OR tests' --limit 2",
]
PICTURE = Path(__file__).parent / "posts.svg"
PROGRAM = Path(sys.executable).parent / "blogcli"


def run(line: str, database: Path) -> str:
    """Run a command line on this database and return what it prints, with colors as on a terminal."""
    environ = {"HOME": str(database.parent), "FORCE_COLOR": "1", "COLUMNS": str(WIDTH)}
    environ |= {"PATH": f"{PROGRAM.parent}{os.pathsep}{os.defpath}", "BLOGCLI_DATABASE_URL": str(database)}
    return subprocess.run(["/bin/sh", "-c", line], env=environ, capture_output=True, text=True, check=True).stdout


def main() -> None:
    """Write the picture."""
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True, color_system="truecolor")
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "blog.db"
        run("blogcli db upgrade && blogcli db seed", database)
        for line in COMMANDS:
            console.print(f"[bold green]$[/] {line}", highlight=False)
            console.print(Text.from_ansi(run(f"{line} --format table", database).rstrip("\n")), end="\n\n")
    svg = console.export_svg(title="blogcli", unique_id="blogcli")
    # Rich names a font on a foreign host. The reader's own monospaced font does as well.
    svg = re.sub(r"\s*<!-- Generated.*?-->", "", svg)
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    PICTURE.write_text("\n".join(line.rstrip() for line in svg.splitlines()) + "\n", "utf-8")


if __name__ == "__main__":
    main()
