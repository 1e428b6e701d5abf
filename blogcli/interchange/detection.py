"""What a file or a folder looks like that is not in the format in which it is to be imported."""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath

from .sources import HTML_ENDINGS, MARKDOWN_ENDINGS

_UNPACK = "Unpack it, and import the files in it."
_PLATFORM = "There is no import for it. Export the blog to WordPress or Markdown with a converter first."
_FEED = "A feed holds only some posts. Export the blog from the program that runs it."
_CONVERT = "Convert it to Markdown first."


@dataclass(frozen=True, slots=True)
class Likeness:
    """What a file looks like, with its article, and what a person can do about it."""

    name: str
    hint: str = _CONVERT


WORDPRESS = Likeness("a WordPress export", "Use `blogcli import wordpress`.")
GHOST = Likeness("a Ghost export", "Use `blogcli import ghost`.")
JSON_LINES = Likeness("a file of `blogcli export jsonl`", "Use `blogcli import jsonl`.")
_HTML = Likeness("an HTML page")
_JSON = Likeness("JSON")
_SUBSTACK = Likeness("a Substack export", _PLATFORM)
_MEDIUM = Likeness("a Medium export", _PLATFORM)

# By the bytes that such files begin with.
_SIGNATURES = (
    (b"PK\x03\x04", Likeness("a zip archive, or a document of an office program", _UNPACK)),
    (b"PK\x05\x06", Likeness("an empty zip archive", _UNPACK)),
    (b"BZh", Likeness("a bzip2 archive", _UNPACK)),
    (b"\xfd7zXZ\0", Likeness("an xz archive", _UNPACK)),
    (b"7z\xbc\xaf\x27\x1c", Likeness("a 7z archive", _UNPACK)),
    (b"Rar!\x1a\x07", Likeness("a rar archive", _UNPACK)),
    (b"\x28\xb5\x2f\xfd", Likeness("a zstd archive", _UNPACK)),
    (b"SQLite format 3\0", Likeness("a SQLite database", _PLATFORM)),
    (b"PGDMP", Likeness("a dump of a PostgreSQL database", _PLATFORM)),
    (b"\xd0\xcf\x11\xe0", Likeness("a document of an office program")),
    (b"%PDF-", Likeness("a PDF document")),
    (rb"{\rtf", Likeness("a document in rich text")),
    (b"\x89PNG", Likeness("an image", "Import the posts; images stay where they are.")),
    (b"\xff\xd8\xff", Likeness("an image", "Import the posts; images stay where they are.")),
    (b"GIF8", Likeness("an image", "Import the posts; images stay where they are.")),
)
_TAR_AT, _TAR = 257, b"ustar"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")

# The element that an XML or HTML document begins with, behind what may stand before it.
_ROOT = re.compile(
    r"(?P<xml><\?xml[^>]*>)?(?>(?:\s+|<\?[^>]*>|<!--.*?-->|<!doctype\s+(?P<doctype>\w+)[^>]*>)*)<(?P<name>[a-z][\w:.-]*)",
    re.IGNORECASE | re.DOTALL,
)
_DRAWING = "svg"
_ROOTS = {
    "rdf:rdf": Likeness("an RSS feed", _FEED),
    "tumblr": Likeness("a Tumblr export", _PLATFORM),
    "livejournal": Likeness("a LiveJournal export", _PLATFORM),
    "opml": Likeness("a list of feeds (OPML)"),
    "urlset": Likeness("a sitemap"),
    _DRAWING: Likeness("an image", "Import the posts; images stay where they are."),
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
_DUMP = re.compile(r"--[ \t]*(?:MySQL|MariaDB|phpMyAdmin|PostgreSQL|Adminer)|-- *\r?\n-- PostgreSQL database")
_MAIL = re.compile(r"^MIME-Version: 1", re.MULTILINE)
_COLUMN = re.compile(r'"?[A-Za-z_][\w -]{0,40}"?')
# Names of columns that tables of posts have.
_COLUMNS = {
    "id",
    "post_id",
    "title",
    "post_title",
    "slug",
    "date",
    "post_date",
    "email",
    "name",
    "status",
    "content",
    "body",
}
_MOST_LISTED = 50
_START = 64 * 1024
_MEDIUM_FILE = re.compile(r"(?:draft|\d{4}-\d\d-\d\d)_.*-[0-9a-f]{2,12}\.html")
_SUBSTACK_FILE = re.compile(r"\d+\.[^/]*\.html")


def likeness_of(start: bytes, name: str) -> Likeness | None:
    """Return what a file that begins so looks like, if it is neither Markdown nor a plain text.

    The ending of its name counts only where the text could be either.
    """
    for signature, likeness in _SIGNATURES:
        if start.startswith(signature):
            return likeness
    if start[_TAR_AT : _TAR_AT + len(_TAR)] == _TAR:
        return Likeness("a tar archive", _UNPACK)
    text = _text_of(start)
    ending = PurePath(name).suffix.lower()
    if not text or _FRONT_MATTER.match(text):
        return None
    if "\0" in text[:1024]:
        return None if ending in MARKDOWN_ENDINGS else Likeness("a binary file")
    return next(filter(None, (look(text, ending) for look in _LOOKS)), None)


def likeness_of_folder(folder: Path) -> tuple[str, Likeness] | None:
    """Return what a folder without Markdown files looks like, behind the name of the file that says so.

    The name is empty if it is the folder as a whole.
    """
    names = _names_in(folder) + [f"posts/{name}" for name in _names_in(folder / "posts")]
    bare = [name.removeprefix("posts/") for name in names]
    if "posts.csv" in bare or any(map(_SUBSTACK_FILE.fullmatch, bare)):
        return "", _SUBSTACK
    if any(map(_MEDIUM_FILE.fullmatch, bare)):
        return "", _MEDIUM
    for name in names[:_MOST_LISTED]:
        with suppress(OSError):
            path = folder / name
            found = likeness_of(_start_of(path), name) if path.is_file() else None
            if found:
                return name, found
    return None


def _text_of(start: bytes) -> str:
    encoding = "utf-16" if start.startswith(_UTF_16) else "utf-8"
    return start.decode(encoding, "replace").lstrip("\ufeff \t\r\n")


def _markup(text: str, ending: str) -> Likeness | None:
    root = _ROOT.match(text) if text.startswith("<") else None
    if root is None:
        return None
    name = root["name"].lower()
    if (root["doctype"] or "").lower() == "html" or name in _HTML_ROOTS:
        return _MEDIUM if "h-entry" in text and "medium.com" in text else _HTML
    if name in ("rss", "feed"):
        return _feed(name, text)
    likeness = _ROOTS.get(name) or (Likeness("XML") if root["xml"] else None)
    # Markdown may begin with an element of HTML, such as a drawing.
    if name == _DRAWING and not root["xml"] and ending in (*MARKDOWN_ENDINGS, ""):
        return None
    return likeness or (_HTML if ending in HTML_ENDINGS else None)


def _feed(name: str, text: str) -> Likeness:
    if name == "feed":
        is_blogger = "blogger" in text.lower()
        return Likeness("a Blogger export (an Atom feed)", _PLATFORM) if is_blogger else Likeness("an Atom feed", _FEED)
    is_wordpress = "//wordpress.org/export/" in text or "<wp:" in text
    return WORDPRESS if is_wordpress else Likeness("an RSS feed", _FEED)


def _json(text: str, ending: str) -> Likeness | None:
    if not re.match(r'\{\s*["}]|\[\s*\{\s*"', text) and not (ending == ".json" and text.startswith("[")):
        return None
    if re.match(r'\{"type": ?"blogcli"', text):
        return JSON_LINES
    if re.search(r'"version"\s*:\s*"https?://jsonfeed\.org/', text[:2000]):
        return Likeness("a JSON feed", _FEED)
    if ending == ".ipynb":
        return Likeness("a Jupyter notebook")
    # Above a text, an object is front matter; it is a file of its own with nothing below it.
    lines = text.splitlines()
    is_several = len(lines) > 1 and all(map(_is_object, lines[:2]))
    is_file = ending == ".json" or text.startswith("[") or is_several
    return _JSON if is_file or (ending not in MARKDOWN_ENDINGS and _is_object(text)) else None


def _is_object(text: str) -> bool:
    with suppress(ValueError, RecursionError):
        return isinstance(json.loads(text), dict)
    return False


def _movable_type(text: str, _: str) -> Likeness | None:
    is_one = _MOVABLE_TYPE.match(text) and _MOVABLE_TYPE_PART.search(text)
    return Likeness("an export of Movable Type or TypePad", _PLATFORM) if is_one else None


def _sql(text: str, _: str) -> Likeness | None:
    return Likeness("a dump of a database (SQL)", _PLATFORM) if _DUMP.match(text) or _SQL.match(text) else None


def _table(text: str, ending: str) -> Likeness | None:
    header, _, rest = text.partition("\n")
    for separator, kind in ((",", "CSV"), (";", "CSV"), ("\t", "TSV")):
        columns = [column.strip() for column in header.split(separator)]
        if len(columns) < 3 or not all(map(_COLUMN.fullmatch, columns)):
            continue
        if "post_id" in columns and "is_published" in columns:
            return _SUBSTACK
        is_named = not _COLUMNS.isdisjoint(column.strip('"').lower() for column in columns)
        if ending in (".csv", ".tsv") or (is_named and rest.partition("\n")[0].count(separator) >= len(columns) - 1):
            return Likeness(f"a table ({kind})")
    return None


def _mail(text: str, _: str) -> Likeness | None:
    return Likeness("an e-mail or a web archive") if _MAIL.search(text.split("\n\n", 1)[0]) else None


_LOOKS: tuple[Callable[[str, str], Likeness | None], ...] = (_markup, _json, _movable_type, _sql, _table, _mail)


def _names_in(folder: Path) -> list[str]:
    with suppress(OSError):
        return sorted(path.name for path in folder.iterdir())
    return []


def _start_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_START)
