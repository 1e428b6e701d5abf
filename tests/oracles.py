"""Count posts, drafts, authors and tags in blogs of other systems, using only the standard library.

Tests compare the counts with the result of an import. The parsers support only the features that occur in the samples.
For example, they read only strings and lists of strings in YAML, and do not parse Markdown.
"""

import json
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

_ENDINGS = {".md", ".mdx", ".markdown"}
_FIELD = re.compile(r"(?P<name>\w+)\s*:(?:\s+(?P<value>.*))?")
_ITEM = re.compile(r"\s*-\s+(?P<value>.*)")
# Matches a date in a file name, in the names of folders or in the path of a URL.
_DAY = re.compile(r"\b\d{4}([-/])\d\d\1\d\d\b")
_NAME_SEPARATORS = re.compile(r",(?: and)? | and ")
_TAXONOMIES = {"category", "post_tag", "tag", None}


@dataclass
class Counted:
    """The number of posts and drafts, the names of authors, and the case-folded names of tags in a blog."""

    posts: int = 0
    drafts: int = 0
    authors: set[str] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)
    # The number of files that cannot be read and therefore do not become posts.
    unreadable: int = 0

    def add_tags(self, *names: str | None) -> None:
        """Add the tags whose names are not empty."""
        self.tags |= {unicodedata.normalize("NFKC", name).casefold() for name in names if name and name.strip()}


def count_markdown(folder: Path) -> Counted:
    """Count the posts in a folder of Markdown files."""
    counted = Counted()
    for path in sorted(folder.rglob("*")):
        # Pages are not posts, so they are not counted. In Hexo, each page has its own folder, next to the folder that
        # contains the posts.
        is_page = path.name.startswith("_index.") or (path.parents[1].name == "source" and path.parent.name[0] != "_")
        if path.suffix in _ENDINGS and not is_page and "authors" not in path.relative_to(folder).parts:
            _count_file(path, counted)
    return counted


def _count_file(path: Path, counted: Counted) -> None:
    fields, body = _split_document(path.read_text("utf-8-sig"))
    if fields is None:
        counted.unreadable += 1
        return
    if not fields.get("title") and not body.strip():
        return
    counted.posts += 1
    is_draft = fields.get("draft") in (True, "true") or fields.get("published") == "false" or "_drafts" in path.parts
    is_hidden = fields.get("eleventyExcludeFromCollections") == "true"
    counted.drafts += is_draft or is_hidden or not _has_status(path, fields)
    names = next((_as_list(fields[name]) for name in ("author", "authors", "by") if fields.get(name)), ["nobody"])
    first = names[0] if len(names) > 1 or names[0].count(",") == 1 else _NAME_SEPARATORS.split(names[0])[0]
    # The import derives a missing e-mail address from the name in lower case, so names that differ only in case are
    # counted as one author.
    counted.authors.add(first.lower())
    taxonomies = fields.get("taxonomies") or {}
    for name in ("tags", "tag", "categories", "category"):
        counted.add_tags(*_as_list(fields.get(name)), *_as_list(taxonomies.get(name)))


def _has_status(path: Path, fields: dict[str, Any]) -> bool:
    """Return whether the status of a post is known from a field, a date or the folder `_posts` of Jekyll and Hexo.

    A post whose status is unknown is counted as a draft, because the samples contain no configuration files of sites.
    """
    has_field = any(fields.get(name) for name in ("date", "published", "draft", "status"))
    return has_field or "_posts" in path.parts or _DAY.search(f"{path.as_posix()} {fields.get('path', '')}") is not None


def _as_list(value: Any) -> list[str]:
    if isinstance(value, list):
        return value
    return [value] if value else []


def _split_document(text: str) -> tuple[dict[str, Any] | None, str]:
    """Split a document into the fields of its front matter and its text.

    The fields are None if the front matter is program code. Eleventy supports such front matter.
    """
    for mark, read in (("---", _yaml), ("+++", tomllib.loads)):
        if text.startswith(f"{mark}\n"):
            block, _, body = text[len(mark) + 1 :].partition(f"\n{mark}")
            return read(f"{block}\n"), body
    if text.startswith("---"):
        return None, ""
    block, mark, body = text.partition("\n---\n")
    return (_yaml(block), body) if mark and _FIELD.match(block) else ({}, text)


def _yaml(block: str) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    name = ""
    for line in block.splitlines():
        if match := _FIELD.fullmatch(line):
            name, value = match["name"], (match["value"] or "").strip()
            is_list = value.startswith("[") and value.endswith("]")
            fields[name] = [_plain(item) for item in value[1:-1].split(",")] if is_list else _plain(value)
        elif (item := _ITEM.fullmatch(line)) and not (fields.get(name) and isinstance(fields[name], str)):
            fields[name] = [*_as_list(fields.get(name)), _plain(item["value"])]
    return fields


def _plain(value: str) -> str:
    return value.partition(" #")[0].strip().strip("'\"")


def count_wordpress(file: Path) -> Counted:
    """Count the posts in a WordPress export."""
    counted = Counted()
    logins: dict[str, str] = {}
    for element in ET.parse(file).getroot().iter():  # noqa: S314 - the samples contain no malicious XML
        match _local_name(element):
            case "author" if element.tag != "author":
                login = _text(element, "author_login")
                logins |= {login: login, _text(element, "author_email"): login}
            case "category" | "tag" if len(element):
                counted.add_tags(unescape(_text(element, "cat_name") or _text(element, "tag_name")))
            case "term" if _text(element, "term_taxonomy") in _TAXONOMIES:
                counted.add_tags(unescape(_text(element, "term_name")))
            case "item" if _text(element, "post_type") == "post":
                _count_item(element, counted, logins)
    counted.authors |= set(logins.values())
    return counted


def _count_item(item: ET.Element, counted: Counted, logins: dict[str, str]) -> None:
    counted.posts += 1
    is_public = _text(item, "status") in {"publish", "future"} and not _text(item, "post_password")
    counted.drafts += not is_public
    creator = _text(item, "creator")
    counted.authors.add(logins.get(creator, creator))
    categories = (child for child in item if _local_name(child) == "category" and child.get("domain") in _TAXONOMIES)
    counted.add_tags(*(unescape(category.text or "") for category in categories))


def _local_name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _text(element: ET.Element, name: str) -> str:
    return next((child.text.strip() for child in element if _local_name(child) == name and child.text), "")


def count_ghost(file: Path) -> Counted:
    """Count the posts in a Ghost export."""
    export = json.loads(file.read_text("utf-8"))
    export = export["db"][0] if "db" in export else export
    tables: dict[str, list[dict[str, Any]]] = export.get("data", export)
    users = {user["id"] for user in tables.get("users", [])}
    counted = Counted(authors={str(user) for user in users})
    counted.add_tags(*(tag["name"] for tag in tables.get("tags", [])))
    writers = {row["post_id"]: row["author_id"] for row in tables.get("posts_authors", [])}
    for post in tables["posts"]:
        if not post.get("page") and post.get("type", "post") == "post":
            counted.posts += 1
            counted.drafts += post["status"] == "draft" or post.get("visibility", "public") != "public"
            author = writers.get(post["id"], post.get("author_id"))
            counted.authors.add(str(author) if author in users else _embedded_author(post))
            counted.add_tags(*(tag["name"] for tag in post.get("tags", [])))
    return counted


def _embedded_author(post: dict[str, Any]) -> str:
    return str(next(iter(post.get("authors", [])), {"email": "nobody"})["email"])


def blogs_in(folder: Path) -> Iterator[tuple[str, Path, Callable[[Path], Counted]]]:
    """For each blog below a folder, yield its format, its path and the function that counts its posts."""
    for path in sorted(folder.rglob("*")):
        if path.is_dir() and path.parent.name == "markdown":
            yield "markdown", path, count_markdown
        elif path.suffix == ".xml":
            yield "wordpress", path, count_wordpress
        elif path.suffix == ".json" and "ghost" in path.relative_to(folder).parts:
            yield "ghost", path, count_ghost
