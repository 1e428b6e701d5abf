"""Measure how long blogcli commands take as whole processes, compared with baseline commands.

    python benchmarks/startup.py [--rounds 15] [--json]

Each command and its baseline run alternately. Run this script with an installed wheel (`pip install .`), because an
editable installation may compile modules at each start.
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
    """Measure all commands, and print the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="number of measured runs of each command")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = str(Path(folder) / "blog.db")
        os.environ |= {"BLOGCLI_DATABASE_URL": database, "XDG_CONFIG_HOME": folder}
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        for command in (["db", "upgrade"], ["db", "seed", "--posts", "10000"]):
            subprocess.run([BLOGCLI, "--quiet", *command], check=True, stdout=subprocess.DEVNULL)
        rows = [compare(*pair, rounds=options.rounds) for pair in list_pairs(database)]
    if options.json:
        print(json.dumps(rows, indent=2))
        return
    for row in rows:
        print(
            f"{row['name']:<42} {row['ratio']:5.2f}  target {row['target']:4.2f}"
            f"  {row['ms']:4.0f} / {row['baseline_ms']:4.0f} ms"
        )


def list_pairs(database: str) -> list[tuple[str, float, list[str], list[str]]]:
    """Return the name, the target, the command and the baseline command of each measurement."""
    listing = [BLOGCLI, "post", "list", "--limit", "20", "--format", "json"]
    plain = [PYTHON, str(HERE / "plain_script.py"), "list", database]
    bare = [PYTHON, str(HERE / "bare_typer.py"), "--help"]
    return [
        ("--version / python -c pass", 2.0, [BLOGCLI, "--version"], [PYTHON, "-c", "pass"]),
        ("--help / a bare Typer app's --help", 1.2, [BLOGCLI, "--help"], bare),
        ("post list, 10,000 posts / a plain script", 0.65, listing, plain),
    ]


def compare(name: str, target: float, command: list[str], baseline: list[str], *, rounds: int) -> dict[str, object]:
    """Run a command and its baseline alternately, and return the median ratio and the median times in milliseconds."""
    # The times of the first runs are ignored, because these runs compile the modules.
    measure_time(command)
    measure_time(baseline)
    measured = [(measure_time(command), measure_time(baseline)) for _ in range(rounds)]
    return {
        "name": name,
        "ratio": round(statistics.median(pair[0] / pair[1] for pair in measured), 3),
        "target": target,
        "ms": round(statistics.median(pair[0] for pair in measured) * 1000, 1),
        "baseline_ms": round(statistics.median(pair[1] for pair in measured) * 1000, 1),
    }


def measure_time(command: list[str]) -> float:
    """Run a command, and return how many seconds the command took."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
