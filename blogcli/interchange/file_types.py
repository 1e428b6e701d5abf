"""Recognize the types of files and folders. Error messages name the type of a source that cannot be imported."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath

from ..text.json_text import parse_json
from .sources import HTML_ENDINGS, MARKDOWN_ENDINGS

_UNPACK = "Unpack it, and import the files in it."
_PLATFORM = "Convert the blog to a WordPress export or to Markdown files first."
_FEED = "Export the blog from the program that runs it: a feed contains only some of the posts."
_CONVERT = "Convert it to Markdown first."
_IMAGE = "Import only the files of posts: blogcli does not import images."


@dataclass(frozen=True, slots=True)
class FileType:
    """A type of file. Error messages say that a file looks like `description`, and then show `hint`."""

    description: str
    hint: str = _CONVERT


WORDPRESS = FileType("a WordPress export", "Use `blogcli import wordpress`.")
GHOST = FileType("a Ghost export", "Use `blogcli import ghost`.")
JSON_LINES = FileType("a file of `blogcli export jsonl`", "Use `blogcli import jsonl`.")
_HTML = FileType("an HTML page")
_JSON = FileType("JSON")
_SUBSTACK = FileType("a Substack export", _PLATFORM)
_MEDIUM = FileType("a Medium export", _PLATFORM)

# Each entry contains the first bytes of a file, and the file type that these bytes identify.
_SIGNATURES = (
    (
        b'{"blogcli_backup":',
        FileType("a backup of blogcli", "Use `blogcli db restore`, which replaces the whole blog."),
    ),
    (b"PK\x03\x04", FileType("a zip archive, or a document of an office program", _UNPACK)),
    (b"PK\x05\x06", FileType("an empty zip archive", _UNPACK)),
    (b"BZh", FileType("a bzip2 archive", _UNPACK)),
    (b"\xfd7zXZ\0", FileType("an xz archive", _UNPACK)),
    (b"7z\xbc\xaf\x27\x1c", FileType("a 7z archive", _UNPACK)),
    (b"Rar!\x1a\x07", FileType("a rar archive", _UNPACK)),
    (b"\x28\xb5\x2f\xfd", FileType("a zstd archive", _UNPACK)),
    (b"SQLite format 3\0", FileType("a SQLite database", _PLATFORM)),
    (b"PGDMP", FileType("a dump of a PostgreSQL database", _PLATFORM)),
    (b"\xd0\xcf\x11\xe0", FileType("a document of an office program")),
    (b"%PDF-", FileType("a PDF document")),
    (rb"{\rtf", FileType("a document in rich text")),
    (b"\x89PNG", FileType("an image", _IMAGE)),
    (b"\xff\xd8\xff", FileType("an image", _IMAGE)),
    (b"GIF8", FileType("an image", _IMAGE)),
)
# A tar archive contains `_TAR_SIGNATURE` at this byte position.
_TAR_POSITION = 257
_TAR_SIGNATURE = b"ustar"
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")

# Matches the start of an XML or HTML document up to the name of the root element. An XML declaration, comments and a
# document type may precede the root element.
_ROOT = re.compile(
    r"(?P<xml><\?xml[^>]*>)?(?>(?:\s+|<\?[^>]*>|<!--.*?-->|<!doctype\s+(?P<doctype>\w+)[^>]*>)*)<(?P<name>[a-z][\w:.-]*)",
    re.IGNORECASE | re.DOTALL,
)
_SVG = "svg"
_ROOTS = {
    "rdf:rdf": FileType("an RSS feed", _FEED),
    "tumblr": FileType("a Tumblr export", _PLATFORM),
    "livejournal": FileType("a LiveJournal export", _PLATFORM),
    "opml": FileType("a list of feeds (OPML)"),
    "urlset": FileType("a sitemap"),
    _SVG: FileType("an image", _IMAGE),
}
_HTML_ROOTS = {"html", "head", "body"}
_FRONT_MATTER = re.compile(r"(?:---|\+\+\+|;;;)")
_MOVABLE_TYPE = re.compile(
    r"(?:AUTHOR|TITLE|BASENAME|STATUS|DATE|UNIQUE URL|PRIMARY CATEGORY|CATEGORY|TAGS|ALLOW COMMENTS|ALLOW PINGS"
    r"|CONVERT BREAKS|NO ENTRY):"
)
_MOVABLE_TYPE_PART = re.compile(r"^-{5}[ \t]*\r?\n(?:BODY|EXTENDED BODY|EXCERPT|KEYWORDS|COMMENT|PING):", re.MULTILINE)
_SQL = re.compile(
    r"(?>(?:\s+|--[^\n-][^\n]*\n|--\r?\n|/\*(?:(?!\*/).)*\*/;?)*)"
    r"(?:CREATE (?:TABLE|DATABASE|SCHEMA)|INSERT INTO|DROP TABLE|START TRANSACTION|BEGIN TRANSACTION|PRAGMA \w"
    r"|SET [@A-Za-z_]+ ?=|LOCK TABLES|COPY [\w.]+ \()",
    re.DOTALL,
)
_SQL_DUMP = re.compile(r"--[ \t]*(?:MySQL|MariaDB|phpMyAdmin|PostgreSQL|Adminer)|-- *\r?\n-- PostgreSQL database")
_MAIL_HEADER = re.compile(r"^MIME-Version: 1", re.MULTILINE)
_COLUMN_NAME = re.compile(r'"?[A-Za-z_][\w -]{0,40}"?')
# A file without the extension .csv or .tsv is recognized as a table only if the table has one of these columns.
_POST_COLUMNS = {
    "id", "post_id", "title", "post_title", "slug", "date", "post_date", "email", "name", "status", "content", "body",
}  # fmt: skip
# The maximum number of files that are examined in a folder, and of bytes that are read from each of these files.
_MAX_FILES = 50
_START_SIZE = 64 * 1024
_MEDIUM_FILE = re.compile(r"(?:draft|\d{4}-\d\d-\d\d)_.*-[0-9a-f]{2,12}\.html")
_SUBSTACK_FILE = re.compile(r"\d+\.[^/]*\.html")


def recognize_file(start: bytes, name: str) -> FileType | None:
    """Return the type of the file that begins with `start`, or None if the file may be Markdown or plain text.

    The extension of `name`, the name of the file, is considered only if `start` does not determine the type.
    """
    for signature, file_type in _SIGNATURES:
        if start.startswith(signature):
            return file_type
    if start.startswith(_TAR_SIGNATURE, _TAR_POSITION):
        return FileType("a tar archive", _UNPACK)
    text = _decode(start)
    ending = PurePath(name).suffix.lower()
    if not text or _FRONT_MATTER.match(text):
        return None
    if "\0" in text[:1024]:
        return None if ending in MARKDOWN_ENDINGS else FileType("a binary file")
    return next(filter(None, (recognize(text, ending) for recognize in _RECOGNIZERS)), None)


def recognize_folder(folder: Path) -> tuple[str, FileType] | None:
    """Return the relative path and the type of the first recognized file in a folder or in its subfolder `posts`.

    If the whole folder is recognized as an export, returns an empty path and the type of the export. Returns None if
    neither a file nor the folder is recognized. The folder must not contain Markdown files.
    """
    paths = _list_names(folder) + [f"posts/{name}" for name in _list_names(folder / "posts")]
    names = [path.removeprefix("posts/") for path in paths]
    if "posts.csv" in names or any(map(_SUBSTACK_FILE.fullmatch, names)):
        return "", _SUBSTACK
    if any(map(_MEDIUM_FILE.fullmatch, names)):
        return "", _MEDIUM
    for path in paths[:_MAX_FILES]:
        with suppress(OSError):
            file = folder / path
            file_type = recognize_file(_read_start(file), path) if file.is_file() else None
            if file_type:
                return path, file_type
    return None


def _decode(start: bytes) -> str:
    encoding = "utf-16" if start.startswith(_UTF_16_MARKS) else "utf-8"
    return start.decode(encoding, "replace").lstrip("\ufeff \t\r\n")


def _recognize_markup(text: str, ending: str) -> FileType | None:
    root = _ROOT.match(text) if text.startswith("<") else None
    if root is None:
        return None
    name = root["name"].lower()
    if (root["doctype"] or "").lower() == "html" or name in _HTML_ROOTS:
        return _MEDIUM if "h-entry" in text and "medium.com" in text else _HTML
    if name in ("rss", "feed"):
        return _recognize_feed(name, text)
    file_type = _ROOTS.get(name) or (FileType("XML") if root["xml"] else None)
    # If the extension is missing or that of Markdown, the file may be Markdown that begins with an `svg` element.
    if name == _SVG and not root["xml"] and ending in (*MARKDOWN_ENDINGS, ""):
        return None
    return file_type or (_HTML if ending in HTML_ENDINGS else None)


def _recognize_feed(name: str, text: str) -> FileType:
    if name == "feed":
        is_blogger = "blogger" in text.lower()
        return FileType("a Blogger export (an Atom feed)", _PLATFORM) if is_blogger else FileType("an Atom feed", _FEED)
    is_wordpress = "//wordpress.org/export/" in text or "<wp:" in text
    return WORDPRESS if is_wordpress else FileType("an RSS feed", _FEED)


def _recognize_json(text: str, ending: str) -> FileType | None:
    if not re.match(r'\{\s*["}]|\[\s*\{\s*"', text) and not (ending == ".json" and text.startswith("[")):
        return None
    if re.match(r'\{"type": ?"blogcli"', text):
        return JSON_LINES
    if re.search(r'"version"\s*:\s*"https?://jsonfeed\.org/', text[:2000]):
        return FileType("a JSON feed", _FEED)
    if ending == ".ipynb":
        return FileType("a Jupyter notebook")
    # A file that begins with a JSON object may be a Markdown file whose front matter is JSON. The file is recognized
    # as JSON only if its name or the rest of its text indicates JSON as well.
    lines = text.splitlines()
    is_one_object_per_line = len(lines) > 1 and all(map(_is_object, lines[:2]))
    is_json_file = ending == ".json" or text.startswith("[") or is_one_object_per_line
    return _JSON if is_json_file or (ending not in MARKDOWN_ENDINGS and _is_object(text)) else None


def _is_object(text: str) -> bool:
    with suppress(ValueError):
        return isinstance(parse_json(text), dict)
    return False


def _recognize_movable_type(text: str, _: str) -> FileType | None:
    is_export = _MOVABLE_TYPE.match(text) and _MOVABLE_TYPE_PART.search(text)
    return FileType("an export of Movable Type or TypePad", _PLATFORM) if is_export else None


def _recognize_sql(text: str, _: str) -> FileType | None:
    return FileType("a dump of a database (SQL)", _PLATFORM) if _SQL_DUMP.match(text) or _SQL.match(text) else None


def _recognize_table(text: str, ending: str) -> FileType | None:
    header, _, rows = text.partition("\n")
    for separator, kind in ((",", "CSV"), (";", "CSV"), ("\t", "TSV")):
        columns = [column.strip() for column in header.split(separator)]
        if len(columns) < 3 or not all(map(_COLUMN_NAME.fullmatch, columns)):
            continue
        if "post_id" in columns and "is_published" in columns:
            return _SUBSTACK
        has_post_column = not _POST_COLUMNS.isdisjoint(column.strip('"').lower() for column in columns)
        first_row = rows.partition("\n")[0]
        is_complete_row = first_row.count(separator) >= len(columns) - 1
        if ending in (".csv", ".tsv") or (has_post_column and is_complete_row):
            return FileType(f"a table ({kind})")
    return None


def _recognize_mail(text: str, _: str) -> FileType | None:
    return FileType("an e-mail or a web archive") if _MAIL_HEADER.search(text.split("\n\n", 1)[0]) else None


_RECOGNIZERS: tuple[Callable[[str, str], FileType | None], ...] = (
    _recognize_markup,
    _recognize_json,
    _recognize_movable_type,
    _recognize_sql,
    _recognize_table,
    _recognize_mail,
)


def _list_names(folder: Path) -> list[str]:
    with suppress(OSError):
        return sorted(path.name for path in folder.iterdir())
    return []


def _read_start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_START_SIZE)
