"""What the path of a file says about a post."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import PurePath

from .context import JEKYLL_FOLDERS, Surroundings
from .file_stems import is_language, parted, stem_of

# Below these, Hugo and Docusaurus have a folder for each language.
_CONTENT, _TRANSLATIONS = "content", "i18n"
_DRAFTS = "_drafts"
_NIKOLA = "conf.py"
_AUTHORS = "authors"
_HTML = {".html", ".htm"}
_NO_DAY = date.min.isoformat()
# Ghost's importer of Markdown reads the status from the name too.
_DATED = re.compile(
    r"(?:(?P<status>published|draft)-)?(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)(?:[-_](?P<slug>.+))?", re.ASCII
)
_NUMBERS = (r"[0-9]{4}", r"[0-9]{1,2}", r"[0-9]{1,2}")
_NOT_POSTS = {
    "readme", "changelog", "license", "licence", "copying", "contributing", "code_of_conduct", "contributors",
    "authors", "maintainers", "pull_request_template", "issue_template",
}  # fmt: skip
# Below the top a blog may write about them.
_NOT_POSTS_AT_THE_TOP = {"security", "support"}


@dataclass(frozen=True, slots=True)
class Place:
    """What a path says; `day` is the text of a day."""

    slug: str
    day: str | None
    is_draft: bool
    language: str | None
    categories: tuple[str, ...]
    is_of_jekyll: bool
    is_of_nikola: bool
    # It is part of a site of a generator that is known, which decides what is published.
    is_of_generator: bool
    # It is for those who work on the blog.
    is_beside_the_blog: bool
    is_about_authors: bool
    is_html: bool
    # The file that keeps all posts of its folder from the public.
    hidden_by: str | None


def place_of(path: PurePath, around: Surroundings) -> Place:
    """What the path says, which begins with the name of the blog's folder, and what is around it."""
    folders, whole = path.parts[:-1], stem_of(path.name)
    stem, language = parted(whole)
    if language not in around.languages:
        stem, language = whole, None
    if stem == "index" and len(folders) > 1:
        # A bundle: what belongs to a post is in a folder that has its name.
        folders, stem = folders[:-1], unicodedata.normalize("NFC", folders[-1])
    named = _DATED.fullmatch(stem)
    day = day_text(*named.group("year", "month", "day")) if named else None
    is_draft = bool(named and day and named["status"] == "draft")
    return Place(
        slug=named["slug"] or stem if named and day else stem,
        day=_day_of(folders) if day is None else None if day == _NO_DAY else day,
        is_draft=is_draft or _DRAFTS in folders,
        language=language or _language_of(folders, around.languages),
        categories=around.categories,
        is_of_jekyll=not JEKYLL_FOLDERS.isdisjoint(folders) and "source" not in folders,
        is_of_nikola=_NIKOLA in around.marks,
        is_of_generator=around.is_of_generator or not JEKYLL_FOLDERS.isdisjoint(folders),
        is_beside_the_blog=is_about_files(stem) or (len(path.parts) == 2 and stem.lower() in _NOT_POSTS_AT_THE_TOP),
        is_about_authors=_AUTHORS in folders,
        is_html=path.suffix.lower() in _HTML,
        hidden_by=around.hidden_by,
    )


def is_about_files(stem: str) -> bool:
    """Whether a file of that name is for those who work on the blog."""
    return stem.lower().replace("-", "_") in _NOT_POSTS


def _language_of(folders: tuple[str, ...], languages: Collection[str]) -> str | None:
    for above, name in pairwise(folders):
        if (above == _CONTENT and name in languages) or (above == _TRANSLATIONS and is_language(name)):
            return name
    return None


def _day_of(folders: tuple[str, ...]) -> str | None:
    numbers = folders[-3:]
    return day_text(*numbers) if len(numbers) == 3 and all(map(re.fullmatch, _NUMBERS, numbers)) else None


def day_text(year: str, month: str, day: str) -> str | None:
    """The day by ISO 8601; None where the calendar has none."""
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
