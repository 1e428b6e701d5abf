"""The fields of the records that commands print, in their documented order."""

from collections.abc import Iterable
from dataclasses import fields

from .. import schemas
from ..enums import PostGroup
from ..output.records import Columns


def _field_names(record_type: type) -> Iterable[str]:
    return [field.name for field in fields(record_type)]


_POST_TABLE = ("id", "title", "status", "published_at", "author", "tags")

USERS = Columns(
    lambda: _field_names(schemas.UserSummary), table=("id", "email", "full_name", "is_active", "posts", "created_at")
)
POSTS = Columns(lambda: _field_names(schemas.PostSummary), table=_POST_TABLE)
POST_DETAILS = Columns(lambda: _field_names(schemas.PostDetail), table=_POST_TABLE)
POST_REPLACEMENTS = Columns(lambda: _field_names(schemas.PostReplacement))
POST_HITS = Columns(lambda: _field_names(schemas.PostHit), table=_POST_TABLE)
POST_VERSIONS = Columns(lambda: _field_names(schemas.PostVersion))
POST_DIFFERENCES = Columns(lambda: ("field", "change", "text"))
DRAFTS = Columns(lambda: ("name", "saved_at", "first_line", "path"))
TAGS = Columns(lambda: _field_names(schemas.TagSummary))
OVERVIEWS = Columns(lambda: _field_names(schemas.Overview))
REVISIONS = Columns(
    lambda: _field_names(schemas.MigrationRevision), table=("revision", "message", "is_head", "is_current")
)
DATABASES = Columns(lambda: _field_names(schemas.DatabaseStatus))
BACKUPS = Columns(lambda: _field_names(schemas.BackupFile), table=("file", "posts", "size", "problem"))
COPIES = Columns(lambda: _field_names(schemas.BlogCopy))
SETTINGS = Columns(lambda: ("setting", "value"))
SETTINGS_WITH_ORIGINS = Columns(lambda: _field_names(schemas.SettingValue))
PROFILES = Columns(lambda: _field_names(schemas.Profile))
CONFIG_PROBLEMS = Columns(lambda: _field_names(schemas.ConfigProblem))
REVERSIONS = Columns(lambda: _field_names(schemas.Reversion))
OPERATIONS = Columns(
    lambda: _field_names(schemas.Operation),
    table=("id", "ended_at", "actor", "command", "users", "posts", "tags", "links", "undone_by"),
)
CHANGES = Columns(lambda: ("table", "id", "other", "action", "from", "to"))
JOURNAL_PARTS = Columns(lambda: _field_names(schemas.JournalPart))
ERASED_VALUES = Columns(lambda: _field_names(schemas.ErasedValues))
PROBLEMS = Columns(lambda: _field_names(schemas.Problem))
DIAGNOSES = Columns(lambda: _field_names(schemas.Diagnosis))
OPTIMIZATIONS = Columns(lambda: _field_names(schemas.Optimization))
EVENTS = Columns(
    lambda: _field_names(schemas.ScheduledEvent), table=("due_at", "event", "id", "title", "status", "author")
)
FINDINGS = Columns(lambda: _field_names(schemas.Finding))
_POST_COUNTS = Columns(lambda: (*PostGroup, "posts", "words"))

# The columns of the records that commands print, by command or by noun. The entry of a command takes precedence over
# the entry of its noun.
_BY_COMMAND = {
    "post create": POST_DETAILS,
    "post diff": POST_DIFFERENCES,
    "post history": POST_VERSIONS,
    "post replace": POST_REPLACEMENTS,
    "post search": POST_HITS,
    "post show": POST_DETAILS,
    "post": POSTS,
    "user": USERS,
    "tag": TAGS,
    "schedule": EVENTS,
    "check": FINDINGS,
    "stats overview": OVERVIEWS,
    "stats posts": _POST_COUNTS,
    "config show": SETTINGS_WITH_ORIGINS,
    "config profiles": PROFILES,
    "config check": CONFIG_PROBLEMS,
    "db backup": BACKUPS,
    "db backups": BACKUPS,
    "db check": PROBLEMS,
    "db copy": COPIES,
    "db optimize": OPTIMIZATIONS,
    "db restore": BACKUPS,
    "db verify": BACKUPS,
    "doctor": DIAGNOSES,
    "db status": DATABASES,
    "db": REVISIONS,
    "log prune": JOURNAL_PARTS,
    "log forget": ERASED_VALUES,
    "log show": CHANGES,
    "log": OPERATIONS,
    "undo": REVERSIONS,
    "redo": REVERSIONS,
}


def columns_of(command: str) -> Columns | None:
    """Return the columns of the records that a command such as `post list` prints, or None if it prints none."""
    return _BY_COMMAND.get(command) or _BY_COMMAND.get(command.partition(" ")[0])


def fields_of(command: str) -> Iterable[str]:
    """Return the fields that --fields can select in a command such as `post list`."""
    columns = columns_of(command)
    return columns.fields if columns else ()
