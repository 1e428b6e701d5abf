"""The context of a command: the console, the settings and the output options."""

import logging
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from ..config_file import locate_config_file
from ..enums import OutputFormat
from ..errors import ConfigurationError, NotConfirmedError, mask_secrets, mask_url
from ..output.console import Console
from ..output.records import OutputChoice
from ..output.text import safe_line, safe_text
from ..settings import Overrides, Settings, load_settings
from .invocation import Invocation

DEFAULT_LIMIT = 20
# The maximum number of posts that are changed without a confirmation, on a terminal or in a protected profile.
MAX_UNCONFIRMED = 10


class CliContext:
    """The console, the settings and the output options of one command."""

    def __init__(self, given: Mapping[str, Any], command: str = "", invocation: Invocation | None = None) -> None:
        """Create the context of a command such as `post list`, which was called by a command line.

        `given` maps the names of global options to values. Raises UsageError if the command line is a line of a batch
        and cannot be used there.
        """
        self.command = command
        self.invocation = invocation or Invocation()
        self._batch = self.invocation.batch
        if self._batch:
            given = self._batch.line_options(command, given)
        self.given = given
        self.verbose = bool(given.get("verbose"))
        self.console = Console(quiet=bool(given.get("quiet")), color=given.get("color"))
        # If the command has output options, the decorator `command` replaces this default.
        self.output = OutputChoice()
        # Whether the command is confirmed by the option --confirm.
        self.is_confirmed = False
        # The reason why the settings are invalid, if a command replaces them by the defaults.
        self.settings_error: ConfigurationError | None = None
        self.overrides = Overrides(
            database_url=given.get("database_url"),
            profile=given.get("profile"),
            config=given.get("config"),
            echo=bool(given.get("debug")),
            verb=command,
            arguments=self.invocation.arguments,
        )

    def start_logging(self) -> None:
        """Configure the loggers to print messages on stderr. In a batch, the lines use the loggers of the batch.

        Warnings of services are always printed, the steps of migrations are printed with --verbose or --debug, and SQL
        statements are printed with --debug.
        """
        if self._batch:
            return
        logging.getLogger("blogcli").handlers = [_WarningHandler(self.console)]
        if self.verbose or self.overrides.echo:
            handler = logging.StreamHandler(sys.stderr)
            handler.setFormatter(_SafeFormatter("%(name)s: %(message)s"))
            sql = ["sqlalchemy.engine.Engine"] if self.overrides.echo else []
            for name in ("alembic.runtime.migration", *sql):
                logging.getLogger(name).addHandler(handler)
                logging.getLogger(name).setLevel(logging.INFO)

    @cached_property
    def settings(self) -> Settings:
        """The settings, which are read on first use.

        Raises ConfigurationError if the settings are invalid.
        """
        if self._batch:
            settings = self._batch.settings
            command = settings.command._replace(verb=self.command, arguments=self.invocation.arguments)
            return replace(settings, command=command)
        return load_settings(self.overrides)

    def settings_of(self, profile: str) -> Settings:
        """Return the settings of another profile.

        Raises ConfigurationError if the profile does not exist.
        """
        return load_settings(replace(self.overrides, database_url=None, profile=profile))

    def ignore_invalid_settings(self) -> None:
        """Use the built-in defaults and store the error in `settings_error` if the settings are invalid."""
        try:
            self.settings = load_settings(self.overrides)
        except ConfigurationError as error:
            self.settings_error = error
            self.settings = Settings(database_url="")

    @property
    def config_path(self) -> Path:
        """The path of the config file, which may not exist.

        Raises ConfigurationError if no file is named and there is no home directory.
        """
        path, _ = locate_config_file(self.overrides.config)
        if path is None:
            raise ConfigurationError(
                "There is no home directory for the config file", hint="Use --config, or set XDG_CONFIG_HOME."
            )
        return path.absolute()

    @property
    def is_in_batch(self) -> bool:
        """Whether the command is a line of a batch."""
        return self._batch is not None

    @property
    def dialect(self) -> str:
        """The name of the database system: `postgresql` or `sqlite`."""
        scheme = self.settings.database_url.partition(":")[0]
        return "postgresql" if scheme.startswith("postgres") else "sqlite"

    @property
    def sqlite_path(self) -> Path | None:
        """The path of the SQLite file, or None if the database is on a PostgreSQL server.

        Raises ConfigurationError if the database URL is invalid.
        """
        from ..urls import SqliteUrl, parse_database_url  # noqa: PLC0415 - only few commands parse the URL themselves

        url = parse_database_url(self.settings.database_url)
        return url.path if isinstance(url, SqliteUrl) else None

    @property
    def database(self) -> str:
        """The description of the database in messages: the URL without passwords, and the profile if there is one."""
        url = mask_url(self.settings.database_url)
        return f"{url} (profile {self.settings.profile})" if self.settings.profile else url

    @property
    def profile_name(self) -> str:
        """The name by which the user confirms a change: that of the profile, or of the section [default]."""
        return self.settings.profile or "default"

    def prompt(self, text: str) -> str:
        """Return the text of a prompt, which begins with the name of the profile if there is one."""
        profile = self.settings.profile
        return f"Profile {safe_line(profile)}: {text}" if profile else text

    def accept_confirmation(self, name: str) -> None:
        """Remember that the option --confirm names the profile.

        Raises NotConfirmedError if it names another profile, even if the profile is not protected.
        """
        if name != self.profile_name:
            raise NotConfirmedError(
                f"--confirm names the profile {name}, but the command would use {self.database}",
                hint=f"Select the profile with --profile, or add --confirm {self.profile_name}.",
            )
        self.is_confirmed = True

    @property
    def prints_table(self) -> bool:
        """Whether records are printed as a table."""
        return self.output.format_for(self.console) is OutputFormat.TABLE

    @property
    def prints_default_table(self) -> bool:
        """Whether records are printed as a table with the default columns."""
        return self.prints_table and not self.output.fields and not self.output.field

    @property
    def default_limit(self) -> int:
        """The limit of a list if --limit is not given: 20 for a table on a terminal, and otherwise 0, meaning all."""
        return DEFAULT_LIMIT if self.prints_table and self.console.stdout_is_terminal else 0

    @property
    def max_records(self) -> int | None:
        """The maximum number of changed records that a service returns.

        If an output option is given, the maximum is None, and a service returns all records. Otherwise, a service
        returns only the first records, which are enough for a preview.
        """
        return None if self.output.is_explicit else DEFAULT_LIMIT

    def call_after_commit(self, function: Callable[[], None]) -> None:
        """Call a function now or, in an atomic batch, after the changes of all lines were committed."""
        if self._batch and self._batch.is_atomic:
            self._batch.hooks.append(function)
        else:
            function()

    def suggest_undo(self) -> None:
        """Say how to revert a change, unless stderr is not a terminal or the command is a line of a batch."""
        if self.console.stderr_is_terminal and not self.is_in_batch:
            self.console.say("`blogcli undo` reverts this.")

    def warn_of_invalid_row(self, fault: str) -> None:
        """Print a warning about a database row that contains an invalid value."""
        self.console.warn(f"Warning: {fault}")


class _SafeFormatter(logging.Formatter):
    """A formatter that masks passwords and escapes control characters, which can be part of SQL statements."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the text of a log record."""
        return safe_text(mask_secrets(super().format(record)).expandtabs())


class _WarningHandler(logging.Handler):
    """A logging handler that prints each warning of a service as a line on stderr."""

    def __init__(self, console: Console) -> None:
        super().__init__(logging.WARNING)
        self._console = console

    def emit(self, record: logging.LogRecord) -> None:
        """Print the message of a log record."""
        self._console.warn(f"Warning: {record.getMessage()}")
