"""Find the mistakes in a config file."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ...config_file import locate_config_file, parse_document, read_document
from ...errors import ConfigurationError, mask_url
from ...schemas.config import ConfigProblem
from ...setting_types import make_argon2_costs, parse_values
from ...settings import Overrides, load_settings
from ...urls import parse_database_url

_READABLE_BY_OTHERS = 0o044
_TABLES = ("default", "profiles")


def check_file(overrides: Overrides, environ: Mapping[str, str] = os.environ) -> list[ConfigProblem]:
    """Return all mistakes in the config file, and those in the environment if the file has no errors."""
    path, must_exist = locate_config_file(overrides.config, environ)
    problems: list[ConfigProblem] = []
    try:
        document = read_document(path, must_exist=must_exist) if path else None
    except ConfigurationError as error:
        problems.append(_make_problem("file", error, path))
    else:
        if path and document:
            problems += [*find_problems(path, document), *_find_exposed_passwords(path, document)]
    if not any(problem.level == "error" for problem in problems):
        problems += _find_problems_of_environment(overrides, environ)
    return problems


def find_problems(path: Path, document: Mapping[str, Any]) -> Iterator[ConfigProblem]:
    """Yield the mistakes in the content of a config file."""
    for location, part in _split(document):
        try:
            content = parse_document(path, part)
            for texts in (content.default, *content.profiles.values()):
                _check_values(texts)
        except ConfigurationError as error:
            yield _make_problem(location, error, path)
    yield from _find_unknown_profile(document)


def _find_unknown_profile(document: Mapping[str, Any]) -> Iterator[ConfigProblem]:
    """Yield a problem if the section [default] selects a profile that does not exist."""
    default, profiles = (section if isinstance(section := document.get(name), dict) else {} for name in _TABLES)
    profile = default.get("profile")
    if isinstance(profile, str) and profile.strip() and profile not in profiles:
        yield ConfigProblem(
            location="default.profile",
            level="error",
            problem=f"No profile {profile!r}",
            repair=f"Add a table [profiles.{profile}] to the file.",
        )


def _split(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the location of each key, and a document with only this key, so that each mistake is found by itself."""
    for section, content in document.items():
        if section == "profiles" and isinstance(content, dict):
            for profile, values in content.items():
                for location, part in _split_table(f"profiles.{profile}", values):
                    yield location, {"profiles": {profile: part}}
        else:
            for location, part in _split_table(section, content):
                yield location, {section: part}


def _split_table(name: str, table: object) -> Iterator[tuple[str, Any]]:
    if not isinstance(table, dict) or not table:
        yield name, table
        return
    for key, value in table.items():
        yield f"{name}.{key}", {key: value}


def _check_values(texts: Mapping[str, str]) -> None:
    """Raise ConfigurationError if the value of a setting is invalid."""
    make_argon2_costs(parse_values(texts))
    if "database_url" in texts:
        parse_database_url(texts["database_url"])


def _find_problems_of_environment(overrides: Overrides, environ: Mapping[str, str]) -> Iterator[ConfigProblem]:
    try:
        settings = load_settings(overrides, environ)
        parse_database_url(settings.database_url)
    except ConfigurationError as error:
        yield _make_problem("environment", error)


def _find_exposed_passwords(path: Path, document: Mapping[str, Any]) -> Iterator[ConfigProblem]:
    """Yield a problem if the file contains a URL with a password and can be read by other users."""
    mode = path.stat().st_mode & 0o777
    if not mode & _READABLE_BY_OTHERS:
        return
    for location, part in _split(document):
        value = _first_value(part)
        if location.endswith(".database_url") and isinstance(value, str) and mask_url(value) != value:
            yield ConfigProblem(
                location=location,
                level="warning",
                problem=f"The URL contains a password, and other users can read {path} (mode {mode:04o})",
                repair=f"Run `chmod 600 {path}`.",
            )


def _first_value(part: object) -> object:
    """Return the first value in nested tables that is not a table, or None if there is no such value."""
    while isinstance(part, dict):
        part = next(iter(part.values()), None)
    return part


def _make_problem(location: str, error: ConfigurationError, path: Path | None = None) -> ConfigProblem:
    problem = error.message.removeprefix(f"{path}: ")
    return ConfigProblem(location=location, level="error", problem=problem, repair=error.hint or "")
