"""The enumerations that all layers share, and the mark of search hits in snippets."""

from enum import StrEnum


class PostStatus(StrEnum):
    """The status of a post. Every post in the trash has the status `trashed`."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    TRASHED = "trashed"


class EventKind(StrEnum):
    """The changes of a post that take place at a time that was set before."""

    PUBLISH = "publish"
    UNPUBLISH = "unpublish"


class OutputFormat(StrEnum):
    """The formats in which commands print data to stdout."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    TSV = "tsv"
    YAML = "yaml"
    IDS = "ids"
    COUNT = "count"


class PostGroup(StrEnum):
    """The properties by which posts can be grouped for counting."""

    AUTHOR = "author"
    TAG = "tag"
    STATUS = "status"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class CountSort(StrEnum):
    """The fields by which the counts of groups can be sorted.

    Instead of `group`, commands also accept the name of the property by which posts are grouped, such as `month`.
    """

    GROUP = "group"
    POSTS = "posts"
    WORDS = "words"


class TextField(StrEnum):
    """The fields that `--contains` can search."""

    TITLE = "title"
    CONTENT = "content"
    EXCERPT = "excerpt"


class PostSort(StrEnum):
    """The fields by which posts can be sorted.

    `date` is the date of publication or, if a post has no date of publication, the date of its creation.
    """

    ID = "id"
    DATE = "date"
    TITLE = "title"
    SLUG = "slug"
    STATUS = "status"
    AUTHOR = "author"
    WORDS = "words"
    PUBLISHED_AT = "published_at"
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"
    TRASHED_AT = "trashed_at"
    EXPIRES_AT = "expires_at"


class UserSort(StrEnum):
    """The fields by which users can be sorted."""

    ID = "id"
    EMAIL = "email"
    FULL_NAME = "full_name"
    IS_ACTIVE = "is_active"
    POSTS = "posts"
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"


class TagSort(StrEnum):
    """The fields by which tags can be sorted."""

    ID = "id"
    NAME = "name"
    POSTS = "posts"


class ConflictPolicy(StrEnum):
    """The ways in which an import handles a post that was edited in blogcli since the previous import."""

    UPDATE = "update"
    SKIP = "skip"
    FAIL = "fail"


class Flavor(StrEnum):
    """The conventions for file names, folders and field names in a Markdown export."""

    PLAIN = "plain"
    JEKYLL = "jekyll"
    HUGO = "hugo"


class FeedKind(StrEnum):
    """The formats of feeds."""

    ATOM = "atom"
    RSS = "rss"
    JSON = "json"


class CheckLevel(StrEnum):
    """The levels of the findings of a content check, from the most to the least serious."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class HealthLevel(StrEnum):
    """The levels of the findings of `blogcli doctor`."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


class CheckRule(StrEnum):
    """The rules of the content check, in the order in which the documentation lists them."""

    BROKEN_LINK = "broken-link"
    UNRESOLVED_LINK = "unresolved-link"
    BROKEN_ANCHOR = "broken-anchor"
    LINK_TO_UNPUBLISHED = "link-to-unpublished"
    IMAGE_WITHOUT_ALT = "image-without-alt"
    EMPTY_POST = "empty-post"
    FRONT_MATTER_IN_BODY = "front-matter-in-body"
    MOJIBAKE = "mojibake"
    INVISIBLE_SLUG_CHARACTER = "invisible-slug-character"
    OVERDUE_POST = "overdue-post"
    DUPLICATE_TITLE = "duplicate-title"
    SIMILAR_TAGS = "similar-tags"
    TAG_ON_ONE_POST = "tag-on-one-post"


class IfMissing(StrEnum):
    """The ways in which a migration command handles a missing SQLite file."""

    CREATE = "create"
    # A dry run uses an empty database in memory instead of creating the file.
    PRETEND = "pretend"
    REFUSE = "refuse"


# The mark before and after each match in a snippet. In Markdown, two asterisks before and after a text make it bold.
HIT_MARK = "**"
