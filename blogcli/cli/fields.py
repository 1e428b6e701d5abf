"""The fields of the records that commands print, in their documented order."""

from collections.abc import Iterable

from .. import schemas
from ..enums import PostGroup
from ..output.records import Columns

_POST_TABLE = ("id", "title", "status", "published_at", "author", "tags")

USERS = Columns(
    lambda: schemas.UserSummary.model_fields, table=("id", "email", "full_name", "is_active", "posts", "created_at")
)
POSTS = Columns(lambda: schemas.PostSummary.model_fields, table=_POST_TABLE)
POST_DETAILS = Columns(lambda: schemas.PostDetail.model_fields, table=_POST_TABLE)
POST_HITS = Columns(lambda: schemas.PostHit.model_fields, table=_POST_TABLE)
DRAFTS = Columns(lambda: ("name", "saved_at", "first_line", "path"))
TAGS = Columns(lambda: schemas.TagSummary.model_fields)
OVERVIEWS = Columns(lambda: schemas.Overview.model_fields)
REVISIONS = Columns(
    lambda: schemas.MigrationRevision.model_fields, table=("revision", "message", "is_head", "is_current")
)
DATABASES = Columns(lambda: schemas.DatabaseStatus.model_fields)
PROBLEMS = Columns(lambda: schemas.Problem.model_fields)
_POST_COUNTS = Columns(lambda: (*PostGroup, "posts", "words"))

# The columns of the records that a command prints, by command, else by noun.
_BY_COMMAND = {
    "post create": POST_DETAILS,
    "post search": POST_HITS,
    "post show": POST_DETAILS,
    "post": POSTS,
    "user": USERS,
    "tag": TAGS,
    "stats overview": OVERVIEWS,
    "stats posts": _POST_COUNTS,
    "db check": PROBLEMS,
    "db status": DATABASES,
    "db": REVISIONS,
}


def fields_of(command: str) -> Iterable[str]:
    """Return the fields that a command such as `post list` can print, for the values of `--fields`."""
    columns = _BY_COMMAND.get(command) or _BY_COMMAND.get(command.partition(" ")[0])
    return columns.fields if columns else ()
