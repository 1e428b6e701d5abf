"""Tests of the settings and the sources of their values."""

from pathlib import Path

import pytest

from blogcli.errors import ConfigurationError
from blogcli.settings import Overrides, Settings, load_settings, profile_names

FILE = """
[default]
database_url = "default.db"
author = "default@example.org"
[profiles.live]
database_url = "live.db"
[profiles.test]
database_url = "test.db"
"""


def loaded(home: Path, text: str = FILE, overrides: Overrides | None = None, **environ: str) -> Settings:
    folder = home / ".config" / "blogcli"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(text, "utf-8")
    return load_settings(overrides or Overrides(), {"XDG_CONFIG_HOME": str(home / ".config"), **environ})


@pytest.mark.parametrize(
    ("overrides", "environ", "url", "origin"),
    [
        (Overrides(), {}, "default.db", "config file"),
        (Overrides(profile="live"), {}, "live.db", "profile live"),
        (Overrides(), {"BLOGCLI_PROFILE": "live"}, "live.db", "profile live"),
        (Overrides(), {"BLOGCLI_DATABASE_URL": "variable.db"}, "variable.db", "BLOGCLI_DATABASE_URL"),
        (Overrides(profile="test"), {"BLOGCLI_DATABASE_URL": "variable.db"}, "test.db", "profile test"),
        (Overrides(profile="test"), {"BLOGCLI_PROFILE": "live"}, "test.db", "profile test"),
        (
            Overrides(),
            {"BLOGCLI_PROFILE": "live", "BLOGCLI_DATABASE_URL": "variable.db"},
            "variable.db",
            "BLOGCLI_DATABASE_URL",
        ),
        (
            Overrides(database_url="option.db", profile="live"),
            {"BLOGCLI_DATABASE_URL": "variable.db"},
            "option.db",
            "--database-url",
        ),
        (Overrides(), {"BLOGCLI_DATABASE_URL": ""}, "default.db", "config file"),
    ],
)
def test_settings_use_first_source_with_value(
    tmp_path: Path, overrides: Overrides, environ: dict[str, str], url: str, origin: str
) -> None:
    settings = loaded(tmp_path, overrides=overrides, **environ)
    assert (settings.database_url, settings.origins["database_url"]) == (url, origin)


def test_settings_fall_back_from_profile(tmp_path: Path) -> None:
    live = Overrides(profile="live")
    assert loaded(tmp_path, overrides=live).author == "default@example.org"
    assert loaded(tmp_path, overrides=live, BLOGCLI_AUTHOR="ann@example.org").author == "ann@example.org"


def test_settings_use_profile_of_file(tmp_path: Path) -> None:
    text = FILE.replace("[default]", '[default]\nprofile = "live"')
    assert loaded(tmp_path, text).database_url == "live.db"
    assert loaded(tmp_path, text, BLOGCLI_PROFILE="test").database_url == "test.db"
    assert loaded(tmp_path, text, BLOGCLI_DATABASE_URL="variable.db").database_url == "variable.db"


def test_profile_names_are_listed(tmp_path: Path) -> None:
    loaded(tmp_path)
    assert profile_names(None, {"XDG_CONFIG_HOME": str(tmp_path / ".config")}) == ["live", "test"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[default]\nauthor = ""', "author in [default] is empty"),
        ('[profiles.live]\ndatabase_url = " "', "database_url in [profiles.live] is empty"),
        ('[default]\ndatabase_url = ["postgresql://u:s3cret@h/b"]', "database_url in [default] must be a string"),
        ("[default]\nbusy_timeout = true", "busy_timeout in [default] must be a number"),
        ("[default]\nmax_affected = -1", "max_affected must be an integer"),
        ("[default]\nmax_affected = 1.5", "max_affected must be an integer"),
        ("[default]\nprotected = 'yes'", "protected in [default] must be true or false"),
        ("[default]\nread_only = 1", "read_only in [default] must be true or false"),
        ("[default]\npager = true", "pager in [default] must be a string"),
        ("[default]\nargon2_time_cost = 0", "argon2_time_cost must be an integer from 1 to 100, not 0"),
        ("[default]\nargon2_time_cost = 101", "argon2_time_cost must be an integer from 1 to 100"),
        ("[default]\nargon2_memory_cost = 31", "argon2_memory_cost must be an integer from 32 to 4194304"),
        ("[profiles.live]\nargon2_memory_cost = 4194305\n[default]\nprofile = 'live'", "argon2_memory_cost must be"),
        ("[default]\nargon2_parallelism = 65", "argon2_parallelism must be an integer from 1 to 64"),
        ("[default]\nargon2_parallelism = 'two'", "argon2_parallelism must be an integer"),
        ("[hooks]\nbefore_publish = 'x'", "unknown key before_publish in [hooks]"),
        ("hooks = 1", "[hooks] must be a table"),
        ('[default]\nprofile = "gone"', "No profile 'gone'"),
    ],
)
def test_settings_refuse_invalid_value(tmp_path: Path, text: str, expected: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        loaded(tmp_path, text)
    assert expected in caught.value.message
    assert "s3cret" not in caught.value.message


def test_profile_overrides_guards_and_limit_of_default(tmp_path: Path) -> None:
    guards = "protected = true\nread_only = true\nmax_affected = 5\n"
    text = f"[default]\n{guards}[profiles.test]\nprotected = false\nread_only = false\nmax_affected = 50"
    settings = loaded(tmp_path, text)
    assert (settings.protected, settings.read_only, settings.max_affected) == (True, True, 5)
    settings = loaded(tmp_path, text, Overrides(profile="test"))
    assert (settings.protected, settings.read_only, settings.max_affected) == (False, False, 50)
    assert loaded(tmp_path, text, Overrides(profile="test"), BLOGCLI_PROTECTED="on").protected


def test_settings_name_origin_of_profile(tmp_path: Path) -> None:
    text = FILE.replace("[default]", '[default]\nprofile = "live"')
    assert loaded(tmp_path, text).origins["profile"] == "config file"
    assert loaded(tmp_path, text, BLOGCLI_PROFILE="test").origins["profile"] == "BLOGCLI_PROFILE"
    assert loaded(tmp_path, text, Overrides(profile="test")).origins["profile"] == "--profile"


def test_settings_contain_hooks_and_limits(tmp_path: Path) -> None:
    settings = loaded(tmp_path, "[default]\nmax_affected = 50\n[hooks]\nafter_publish = 'make site'")
    assert (settings.max_affected, settings.hooks) == (50, {"after_publish": "make site"})


def test_settings_contain_parameters_of_argon2(tmp_path: Path) -> None:
    assert loaded(tmp_path, "").argon2 == (3, 65_536, 4)
    text = "[default]\nargon2_time_cost = 1\nargon2_memory_cost = 19456\nargon2_parallelism = 1"
    assert loaded(tmp_path, text, BLOGCLI_ARGON2_TIME_COST="2").argon2 == (2, 19_456, 1)


def test_config_file_without_home_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    def home(_: object) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", classmethod(home))
    assert load_settings(Overrides(database_url="blog.db"), {}).profile is None
    with pytest.raises(ConfigurationError, match="no home directory"):
        load_settings(Overrides(), {})


@pytest.mark.parametrize("name", ["file", "missing"])
def test_config_file_with_invalid_directory(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    environ = {"XDG_CONFIG_HOME": str(tmp_path / name), "XDG_DATA_HOME": str(tmp_path)}
    assert load_settings(Overrides(), environ).database_url == str(tmp_path / "blogcli" / "blog.db")
    with pytest.raises(ConfigurationError):
        load_settings(Overrides(), environ | {"BLOGCLI_CONFIG": str(tmp_path / name / "config.toml")})
