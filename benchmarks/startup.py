"""Time to first output, as ratios within one run: each command and its yardstick in turn, whole processes.

    python benchmarks/startup.py [--rounds 15] [--json]

Run it from an installed wheel (`pip install .`): an editable checkout may be compiled at every start.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
PYTHON = sys.executable
BLOGCLI = str(Path(PYTHON).with_name("blogcli"))


def main() -> None:
    """Measure, and print one line a pair."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="counted runs of each command")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = str(Path(folder) / "blog.db")
        os.environ |= {"BLOGCLI_DATABASE_URL": database, "XDG_CONFIG_HOME": folder}
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        for command in (["db", "upgrade"], ["db", "seed", "--posts", "10000"]):
            subprocess.run([BLOGCLI, "--quiet", *command], check=True, stdout=subprocess.DEVNULL)
        rows = [compare(*pair, rounds=options.rounds) for pair in pairs(database)]
    if options.json:
        print(json.dumps(rows, indent=2))
        return
    for row in rows:
        print(
            f"{row['what']:<42} {row['ratio']:5.2f}  target {row['target']:4.2f}"
            f"  {row['ms']:4.0f} / {row['floor_ms']:4.0f} ms"
        )


def pairs(database: str) -> list[tuple[str, float, list[str], list[str]]]:
    """What is measured, its target, our command, and its yardstick."""
    listing = [BLOGCLI, "post", "list", "--limit", "20", "--format", "json"]
    plain = [PYTHON, str(HERE / "plain_script.py"), "list", database]
    bare = [PYTHON, str(HERE / "bare_typer.py"), "--help"]
    return [
        ("--version / python -c pass", 2.0, [BLOGCLI, "--version"], [PYTHON, "-c", "pass"]),
        ("--help / a bare Typer app's --help", 1.2, [BLOGCLI, "--help"], bare),
        ("post list, 10,000 posts / a plain script", 0.65, listing, plain),
    ]


def compare(what: str, target: float, ours: list[str], floor: list[str], *, rounds: int) -> dict[str, object]:
    """The median of the ratios of neighbouring runs, and the median times in milliseconds."""
    timed(ours), timed(floor)
    measured = [(timed(ours), timed(floor)) for _ in range(rounds)]
    return {
        "what": what,
        "ratio": round(statistics.median(a / b for a, b in measured), 3),
        "target": target,
        "ms": round(statistics.median(a for a, _ in measured) * 1000, 1),
        "floor_ms": round(statistics.median(b for _, b in measured) * 1000, 1),
    }


def timed(command: list[str]) -> float:
    """The seconds that a command takes, from its start to its end."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
