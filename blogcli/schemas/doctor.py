"""The findings of `blogcli doctor`."""

from dataclasses import dataclass

from ..enums import HealthLevel


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """A finding about the settings, the files or the database, and the command that repairs what is wrong."""

    code: str
    level: HealthLevel
    text: str
    repair: str | None = None
