"""What blogs of other systems hold, counted with nothing but the standard library, to be held against what came in.

It knows no more than the samples need: of YAML lists, texts and nothing else; of Markdown the first line.
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
# In names of files, in folders, and in addresses.
_DAY = re.compile(r"\b\d{4}([-/])\d\d\1\d\d\b")
_SEVERAL = re.compile(r",(?: and)? | and ")
_TAXONOMIES = {"category", "post_tag", "tag", None}


@dataclass
class Counted:
    """How many posts, and how many of them are drafts; who wrote them; the tags, whatever their case."""

    posts: int = 0
    drafts: int = 0
    authors: set[str] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)
    # That cannot be read, so that no post can come of them.
    unreadable: int = 0

    def add_tags(self, *names: str | None) -> None:
        """Those that have a name."""
        self.tags |= {unicodedata.normalize("NFKC", name).casefold() for name in names if name and name.strip()}


def count_markdown(folder: Path) -> Counted:
    """The posts in a folder of Markdown files."""
    found = Counted()
    for path in sorted(folder.rglob("*")):
        # Hexo's pages stand in folders of their own beside the one of the posts.
        is_page = path.name.startswith("_index.") or (path.parents[1].name == "source" and path.parent.name[0] != "_")
        if path.suffix in _ENDINGS and not is_page and "authors" not in path.relative_to(folder).parts:
            _count_file(path, found)
    return found


def _count_file(path: Path, found: Counted) -> None:
    fields, body = _parts(path.read_text("utf-8-sig"))
    if fields is None:
        found.unreadable += 1
        return
    if not fields.get("title") and not body.strip():
        return
    found.posts += 1
    is_draft = fields.get("draft") in (True, "true") or fields.get("published") == "false" or "_drafts" in path.parts
    is_hidden = fields.get("eleventyExcludeFromCollections") == "true"
    found.drafts += is_draft or is_hidden or not _is_stated(path, fields)
    names = next((_listed(fields[name]) for name in ("author", "authors", "by") if fields.get(name)), ["nobody"])
    first = names[0] if len(names) > 1 or names[0].count(",") == 1 else _SEVERAL.split(names[0])[0]
    # Of those who are known by a name only, the address is made of it, and addresses have no case.
    found.authors.add(first.lower())
    taxonomies = fields.get("taxonomies") or {}
    for name in ("tags", "tag", "categories", "category"):
        found.add_tags(*_listed(fields.get(name)), *_listed(taxonomies.get(name)))


def _is_stated(path: Path, fields: dict[str, Any]) -> bool:
    """Whether a post says that it is public, or when; the samples come without the configuration of their sites.

    Jekyll's and Hexo's folder says it too.
    """
    is_said = any(fields.get(name) for name in ("date", "published", "draft", "status"))
    return is_said or "_posts" in path.parts or _DAY.search(f"{path.as_posix()} {fields.get('path', '')}") is not None


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


def _parts(text: str) -> tuple[dict[str, Any] | None, str]:
    """The fields and the text behind them; None for a program."""
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
        if said := _FIELD.fullmatch(line):
            name, value = said["name"], (said["value"] or "").strip()
            is_list = value.startswith("[") and value.endswith("]")
            fields[name] = [_plain(each) for each in value[1:-1].split(",")] if is_list else _plain(value)
        elif (item := _ITEM.fullmatch(line)) and not (fields.get(name) and isinstance(fields[name], str)):
            fields[name] = [*_listed(fields.get(name)), _plain(item["value"])]
    return fields


def _plain(value: str) -> str:
    return value.partition(" #")[0].strip().strip("'\"")


def count_wordpress(file: Path) -> Counted:
    """The posts in an export of WordPress."""
    found, logins = Counted(), dict[str, str]()
    for element in ET.parse(file).getroot().iter():  # noqa: S314 - samples
        match _local(element):
            case "author" if element.tag != "author":
                login = _text(element, "author_login")
                logins |= {login: login, _text(element, "author_email"): login}
            case "category" | "tag" if len(element):
                found.add_tags(unescape(_text(element, "cat_name") or _text(element, "tag_name")))
            case "term" if _text(element, "term_taxonomy") in _TAXONOMIES:
                found.add_tags(unescape(_text(element, "term_name")))
            case "item" if _text(element, "post_type") == "post":
                _count_item(element, found, logins)
    found.authors |= set(logins.values())
    return found


def _count_item(item: ET.Element, found: Counted, logins: dict[str, str]) -> None:
    found.posts += 1
    is_open = _text(item, "status") in {"publish", "future"} and not _text(item, "post_password")
    found.drafts += not is_open
    creator = _text(item, "creator")
    found.authors.add(logins.get(creator, creator))
    named = (each for each in item if _local(each) == "category" and each.get("domain") in _TAXONOMIES)
    found.add_tags(*(unescape(each.text or "") for each in named))


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _text(element: ET.Element, name: str) -> str:
    return next((each.text.strip() for each in element if _local(each) == name and each.text), "")


def count_ghost(file: Path) -> Counted:
    """The posts in an export of Ghost."""
    export = json.loads(file.read_text("utf-8"))
    export = export["db"][0] if "db" in export else export
    tables: dict[str, list[dict[str, Any]]] = export.get("data", export)
    users = {user["id"] for user in tables.get("users", [])}
    found = Counted(authors={str(user) for user in users})
    found.add_tags(*(tag["name"] for tag in tables.get("tags", [])))
    writers = {row["post_id"]: row["author_id"] for row in tables.get("posts_authors", [])}
    for post in tables["posts"]:
        if not post.get("page") and post.get("type", "post") == "post":
            found.posts += 1
            found.drafts += post["status"] == "draft" or post.get("visibility", "public") != "public"
            author = writers.get(post["id"], post.get("author_id"))
            found.authors.add(str(author) if author in users else _embedded(post))
            found.add_tags(*(tag["name"] for tag in post.get("tags", [])))
    return found


def _embedded(post: dict[str, Any]) -> str:
    return str(next(iter(post.get("authors", [])), {"email": "nobody"})["email"])


def blogs_in(folder: Path) -> Iterator[tuple[str, Path, Callable[[Path], Counted]]]:
    """The format of each blog below a folder, where it is, and what counts it."""
    for path in sorted(folder.rglob("*")):
        if path.is_dir() and path.parent.name == "markdown":
            yield "markdown", path, count_markdown
        elif path.suffix == ".xml":
            yield "wordpress", path, count_wordpress
        elif path.suffix == ".json" and "ghost" in path.relative_to(folder).parts:
            yield "ghost", path, count_ghost
