"""Tests that run the commands in the systemd units and the crontab of docs/examples as systemd and cron run them."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import pytest

from blogcli.errors import ExitCode
from tests.command_line import Cli, environment
from tests.databases import execute
from tests.subprocesses import SCRIPT, TIMEOUT

EXAMPLES = Path(__file__).parents[1] / "docs" / "examples"
PAGE = (EXAMPLES.parent / "production.md").read_text("utf-8")
UNITS = sorted(EXAMPLES.glob("*.service"))
TIMERS = sorted(EXAMPLES.glob("*.timer"))
CRONTAB = (EXAMPLES / "crontab").read_text("utf-8").splitlines()
# The environment that systemd gives to a service of a user.
SYSTEMD = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin", "LANG": "C.UTF-8", "USER": "blog"}
_JOB = re.compile(r"(?P<schedule>(?:[\d*/,-]+ +){5})(?P<command>\S.*)")
_VARIABLE = re.compile(r"(?P<name>[A-Z_]+)=(?P<value>.*)")


def read_unit(path: Path) -> ConfigParser:
    unit = ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    # The names of options in a unit are case-sensitive.
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # the documentation of ConfigParser recommends it
    unit.read_string(path.read_text("utf-8"))
    return unit


def cron_jobs() -> list[str]:
    """Return the command of each job of the crontab, in which \\% is replaced by %, as cron does."""
    lines = [line for line in CRONTAB if line and not line.startswith("#") and not _VARIABLE.fullmatch(line)]
    commands = [job["command"] for line in lines if (job := _JOB.fullmatch(line))]
    assert len(commands) == len(lines)
    for command in commands:
        assert not re.search(r"(?<!\\)%", command), f"cron ends this command at the percent sign: {command}"
    return [command.replace(r"\%", "%") for command in commands]


def cron_environment() -> dict[str, str]:
    variables = [match for line in CRONTAB if (match := _VARIABLE.fullmatch(line))]
    return {"LOGNAME": "blog"} | {match["name"]: match["value"] for match in variables}


class Machine:
    """A folder that replaces the root folder of a machine on which the program is installed."""

    def __init__(self, cli: Cli, root: Path) -> None:
        self.blog = cli
        self.root = root
        for folder in ("usr/local/bin", "etc/blogcli", "var/backups/blogcli"):
            (root / folder).mkdir(parents=True)
        (root / "usr/local/bin/blogcli").symlink_to(SCRIPT)
        # The config file is that of the page, with the database of the test.
        (config,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
        config = re.sub(r'(?<=database_url = ").*(?=")', lambda _: cli.url, config)
        (root / "etc/blogcli/config.toml").write_text(config, "utf-8")

    def on_disk(self, text: str) -> str:
        """Replace the folders of the machine by folders below `root`."""
        return re.sub(r"(?<![\w/])/(?=usr/local/|etc/|var/)", f"{self.root}/", text)

    def run(self, command: str, environ: dict[str, str]) -> "subprocess.CompletedProcess[str]":
        """Run a command with only the given variables, without a terminal, and return its output."""
        return subprocess.run(
            ["/bin/sh", "-c", self.on_disk(command)],
            env={"HOME": str(self.root), **{name: self.on_disk(value) for name, value in environ.items()}},
            cwd=self.root,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=TIMEOUT,
        )


@pytest.fixture
def machine(cli: Cli, tmp_path: Path) -> Machine:
    """Return a machine with a blog in which one post has been due for a long time."""
    cli.ok("user", "create", "ann@example.org", "--no-password")
    cli.ok("post", "create", "--title", "Äpfel", "--author", "ann@example.org")
    cli.ok("post", "schedule", "1", "--at", "2090-01-01")
    execute(cli.url, "UPDATE posts SET published_at = '2020-01-01T00:00:00.000000Z'")
    assert cli.ok("post", "list", "--overdue", "--format", "ids").stdout == "1\n"
    return Machine(cli, tmp_path / "root")


def is_backup(name: str) -> bool:
    return name.endswith(".blogcli.gz")


def test_jobs_of_crontab_print_nothing_if_they_succeed(machine: Machine) -> None:
    jobs = cron_jobs()
    (check_overdue,) = [command for command in jobs if "--overdue" in command]
    assert machine.run(check_overdue, cron_environment()).stdout == "Posts are overdue\n"
    for command in jobs:
        result = machine.run(command, cron_environment())
        assert (result.returncode, result.stdout, result.stderr) == (0, "", ""), command
    assert machine.blog.ok("post", "list", "--status", "published", "--format", "ids").stdout == "1\n"
    exported, backup = sorted((path.name for path in (machine.root / "var/backups/blogcli").iterdir()), key=is_backup)
    assert is_backup(backup)
    assert re.fullmatch(r"export-\d{4}-\d\d\.jsonl\.gz", exported)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_jobs_of_crontab_print_errors(machine: Machine) -> None:
    (machine.root / "etc/blogcli/config.toml").write_text("[default]\nno_such_setting = 1\n", "utf-8")
    for command in cron_jobs():
        result = machine.run(command, cron_environment())
        assert "Error: " in result.stderr, command


def test_services_run(machine: Machine) -> None:
    for path in UNITS:
        service = read_unit(path)["Service"]
        name, _, value = service["Environment"].partition("=")
        result = machine.run(service["ExecStart"], SYSTEMD | {name: value})
        assert (result.returncode, result.stderr) == (0, ""), path.name
    assert list((machine.root / "var/backups/blogcli").glob("*.blogcli.gz"))
    assert machine.blog.ok("post", "list", "--status", "published", "--format", "ids").stdout == "1\n"


def test_every_timer_has_service_and_man_page_of_command() -> None:
    assert [path.stem for path in TIMERS] == [path.stem for path in UNITS]
    for path in UNITS:
        unit = read_unit(path)
        program, *arguments = shlex.split(unit["Service"]["ExecStart"])
        assert program == "/usr/local/bin/blogcli"
        verbs = [word for word in arguments if not word.startswith("-")][:2]
        assert unit["Unit"]["Documentation"] == f"man:blogcli-{'-'.join(verbs)}(1)"
        assert unit["Service"].get("SuccessExitStatus", str(int(ExitCode.TRY_AGAIN))) == str(int(ExitCode.TRY_AGAIN))


# The options of a timer that the examples use, and their possible values. Times of a calendar are times of the day.
TIMER_OPTIONS = {
    "OnCalendar": re.compile(r"(\*|[01]\d|2[0-3]):[0-5]?\d(/[1-5]?\d)?"),
    "RandomizedDelaySec": re.compile(r"\d+(s|min|h)"),
    "AccuracySec": re.compile(r"\d+(s|min|h)"),
    "Persistent": re.compile(r"true|false"),
}


@pytest.mark.parametrize("path", TIMERS, ids=lambda path: path.name)
def test_timers_have_valid_options(path: Path) -> None:
    unit = read_unit(path)
    assert unit.sections() == ["Unit", "Timer", "Install"]
    assert "OnCalendar" in unit["Timer"]
    for name, value in unit["Timer"].items():
        assert TIMER_OPTIONS[name].fullmatch(value), f"{name}={value}"
    assert dict(unit["Install"]) == {"WantedBy": "timers.target"}


def test_units_are_valid_for_systemd(tmp_path: Path) -> None:
    systemd = shutil.which("systemd-analyze")
    if systemd is None:
        pytest.skip("systemd-analyze is not installed. The other tests read the units without it.")
    for path in (*UNITS, *TIMERS):
        (tmp_path / path.name).write_text(
            path.read_text("utf-8").replace("/usr/local/bin/blogcli", str(SCRIPT)), "utf-8"
        )
    units = sorted(tmp_path.iterdir())
    assert len(units) == 4
    process = subprocess.run(
        [systemd, "verify", "--man=no", *units], capture_output=True, text=True, check=False, timeout=TIMEOUT
    )
    assert (process.returncode, process.stderr) == (0, "")


@pytest.fixture
def roles(postgres_url: str) -> Iterator[dict[str, str]]:
    """Create the roles of docs/production.md under unique names, and yield their names by the names on the page."""
    (statements,) = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
    suffix = uuid4().hex
    names = {name: f"{name}_{suffix}" for name in re.findall(r"CREATE ROLE (\w+)", statements)}
    statements = re.sub(r"\b(blog\w*)\b", lambda match: names[match[0]], statements)
    # The server of the tests may require passwords.
    execute(postgres_url, statements.replace(" LOGIN;", " LOGIN PASSWORD 'secret';"))
    yield names
    for name in names.values():
        execute(postgres_url, f"DROP OWNED BY {name}; DROP ROLE {name}")


@pytest.mark.postgresql
def test_roles_have_only_rights_for_their_duties(postgres_url: str, roles: dict[str, str], tmp_path: Path) -> None:
    parts = urlsplit(postgres_url)
    address = parts.netloc.rpartition("@")[2]
    owner, writer, reader = (
        Cli(environment(urlunsplit(parts._replace(netloc=f"{roles[name]}:secret@{address}")), tmp_path))
        for name in ("blog_owner", "blog", "blog_reader")
    )
    owner.ok("db", "upgrade")
    writer.ok("user", "create", "ann@example.org", "--no-password")
    writer.ok("post", "create", "--title", "Hello", "--author", "ann@example.org", "--tag", "python")
    writer.ok("post", "publish-due")
    writer.ok("db", "check")
    writer.ok("db", "backup", str(tmp_path / "backup.blogcli.gz"))
    assert reader.ok("post", "search", "hello", "--format", "ids").stdout == "1\n"
    assert "denied the permission" in reader("post", "publish", "1").stderr
    assert "denied the permission" in writer("db", "downgrade", "-1", "--yes").stderr
