"""Compare the lines of `blogcli batch` with processes that each run one command.

    python benchmarks/batch.py [--lines 1000] [--processes 20] [--rounds 3] [--postgresql URL] [--json]

Only a few processes are measured, and their mean time is multiplied by the number of lines. The processes and the
batches run alternately. Run this script with an installed wheel (`pip install .`), because an editable installation may
compile modules at each start. The PostgreSQL database must be migrated and empty.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BLOGCLI = str(Path(sys.executable).with_name("blogcli"))
POSTS = 1_000
# The number of times that a batch is to be as fast as the processes.
TARGET = 50.0


def main() -> None:
    """Measure batches on each database, and print one line for each kind of batch."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000, help="number of lines of a batch")
    parser.add_argument("--processes", type=int, default=20, help="number of measured processes in each round")
    parser.add_argument("--rounds", type=int, default=3, help="number of measured rounds")
    parser.add_argument("--postgresql", metavar="URL", help="an empty database for a second measurement")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CONFIG_HOME"] = folder
        rows = measure("sqlite", str(Path(folder) / "blog.db"), options)
        if options.postgresql:
            rows += measure("postgresql", options.postgresql, options)
    if options.json:
        print(json.dumps(rows, indent=2))
        return
    print("| measurement | database | ms per line | ms per process | times as fast | CPU time | target |")
    print("|---|---|--:|--:|--:|--:|--:|")
    for row in rows:
        figures = f"{row['line_ms']:.2f} | {row['process_ms']:.0f} | {row['speedup']:.0f} | {row['cpu_speedup']:.0f}"
        print(f"| {row['name']} | {row['engine']} | {figures} | {row['target']:.0f} |")


def measure(engine: str, url: str, options: argparse.Namespace) -> list[dict[str, object]]:
    """Return a row for batches with and without --atomic, each with the median of the ratios of all rounds."""
    os.environ["BLOGCLI_DATABASE_URL"] = url
    for command in (["db", "upgrade"], ["db", "seed", "--posts", str(POSTS)]):
        run(command)
    rounds = [measure_round(number, options) for number in range(options.rounds)]
    names = ["post update, one transaction each", "post update, --atomic"]
    return [
        {
            "name": name,
            "engine": engine,
            "lines": options.lines,
            "line_ms": statistics.median(times[index][0] for times in rounds) * 1000,
            "process_ms": statistics.median(times[2][0] for times in rounds) * 1000,
            "speedup": statistics.median(times[2][0] / times[index][0] for times in rounds),
            "cpu_speedup": statistics.median(times[2][1] / times[index][1] for times in rounds),
            "target": TARGET,
        }
        for index, name in enumerate(names)
    ]


def measure_round(number: int, options: argparse.Namespace) -> list[tuple[float, float]]:
    """Return the elapsed time and the CPU time per line of a batch, per line of an atomic batch, and per process."""
    separate = run(["batch"], lines=update_lines(f"{number} separate", options.lines))
    commands = enumerate(update_lines(f"{number} process", options.processes), start=1)
    processes = [run(["post", "update", str(index), "--title", title]) for index, title in commands]
    atomic = run(["batch", "--atomic"], lines=update_lines(f"{number} atomic", options.lines))
    means = [(times[0] / options.lines, times[1] / options.lines) for times in (separate, atomic)]
    return [*means, (statistics.mean(time for time, _ in processes), statistics.mean(cpu for _, cpu in processes))]


def update_lines(title: str, count: int) -> list[str]:
    """Return commands that change the titles of posts. Each command changes one post."""
    return [f"post update {index % POSTS + 1} --title 'Title {title} {index}'" for index in range(count)]


def run(arguments: list[str], *, lines: list[str] | None = None) -> tuple[float, float]:
    """Run a process that must succeed, and return the elapsed time and the CPU time in seconds that it took."""
    text = "".join(f"{line}\n" for line in lines or [])
    start = (time.perf_counter(), cpu_time())
    subprocess.run([BLOGCLI, "--quiet", *arguments], check=True, input=text.encode(), stdout=subprocess.DEVNULL)
    return time.perf_counter() - start[0], cpu_time() - start[1]


def cpu_time() -> float:
    """Return the CPU time in seconds of all processes that this process has waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
