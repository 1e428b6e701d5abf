"""Derive the slug, the date, the language and other facts about a post from its path."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import PurePath

from ...sources import HTML_ENDINGS
from .context import JEKYLL_FOLDERS, FolderContext
from .file_stems import is_language, split_language, stem_of

# In these folders, Hugo (`content`) and Docusaurus (`i18n`) have one subfolder for each language.
_CONTENT = "content"
_TRANSLATIONS = "i18n"
_DRAFTS = "_drafts"
_NIKOLA = "conf.py"
_AUTHORS = "authors"
_NO_DAY = date.min.isoformat()
# Matches the stem of a file name that begins with a date, as in Jekyll. The status may precede the date, because the
# Markdown importer of Ghost reads such file names.
_DATED = re.compile(
    r"(?:(?P<status>published|draft)-)?(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)(?:[-_](?P<slug>.+))?", re.ASCII
)
_DAY_FOLDERS = (r"[0-9]{4}", r"[0-9]{1,2}", r"[0-9]{1,2}")
_PROJECT_FILES = {
    "readme", "changelog", "license", "licence", "copying", "contributing", "code_of_conduct", "contributors",
    "authors", "maintainers", "pull_request_template", "issue_template",
}  # fmt: skip
# Files with these names are project documentation only in the root folder of the site.
_PROJECT_FILES_OF_ROOT = {"security", "support"}


@dataclass(frozen=True, slots=True)
class PathInfo:
    """The facts about a post that are derived from the path of its file. `day` is a date in ISO 8601 format."""

    slug: str
    day: str | None
    is_draft: bool
    language: str | None
    categories: tuple[str, ...]
    is_jekyll: bool
    is_nikola: bool
    # Whether the site is made by a known site generator. In such a site, a post without a status is public.
    has_generator: bool
    # Whether the file is documentation of a software project, such as a README.
    is_project_file: bool
    is_about_authors: bool
    is_html: bool
    # The name of the file that marks all posts in the folder as drafts, or None.
    hidden_by: str | None


def inspect_path(path: PurePath, context: FolderContext) -> PathInfo:
    """Derive facts about a post from the path of its file and from the context of its folder.

    The first part of `path` is the name of the root folder of the site.
    """
    folders = path.parts[:-1]
    full_stem = stem_of(path.name)
    stem, language = split_language(full_stem)
    if language not in context.languages:
        stem, language = full_stem, None
    if stem == "index" and len(folders) > 1:
        # The file is in a page bundle, which is a folder with the text and the images of one post. The name of the post
        # is the name of this folder.
        stem = unicodedata.normalize("NFC", folders[-1])
        folders = folders[:-1]
    slug, day, is_draft = _split_dated_stem(stem)
    return PathInfo(
        slug=slug,
        day=_day_in_folders(folders) if day is None else _without_placeholder(day),
        is_draft=is_draft or _DRAFTS in folders,
        language=language or _language_of(folders, context.languages),
        categories=context.categories,
        is_jekyll=not JEKYLL_FOLDERS.isdisjoint(folders) and "source" not in folders,
        is_nikola=_NIKOLA in context.marks,
        has_generator=context.has_generator or not JEKYLL_FOLDERS.isdisjoint(folders),
        is_project_file=is_project_file_name(stem) or (len(path.parts) == 2 and stem.lower() in _PROJECT_FILES_OF_ROOT),
        is_about_authors=_AUTHORS in folders,
        is_html=path.suffix.lower() in HTML_ENDINGS,
        hidden_by=context.hidden_by,
    )


def _split_dated_stem(stem: str) -> tuple[str, str | None, bool]:
    """Return the slug and the day in the stem of a file name, and whether the stem marks the post as a draft."""
    match = _DATED.fullmatch(stem)
    day = day_text(*match.group("year", "month", "day")) if match else None
    if match is None or day is None:
        return stem, None, False
    return match["slug"] or stem, day, match["status"] == "draft"


def is_project_file_name(stem: str) -> bool:
    """Return whether a file with this stem is documentation of a software project, such as a README."""
    return stem.lower().replace("-", "_") in _PROJECT_FILES


def _language_of(folders: tuple[str, ...], languages: Collection[str]) -> str | None:
    for parent, name in pairwise(folders):
        if (parent == _CONTENT and name in languages) or (parent == _TRANSLATIONS and is_language(name)):
            return name
    return None


def _day_in_folders(folders: tuple[str, ...]) -> str | None:
    """Return the day in the names of the last three folders, such as `2024/05/31`, or None if they contain no day."""
    numbers = folders[-3:]
    return day_text(*numbers) if len(numbers) == 3 and all(map(re.fullmatch, _DAY_FOLDERS, numbers)) else None


def _without_placeholder(day: str) -> str | None:
    # Hugo writes the day `_NO_DAY` if a post has no date, so the day is ignored.
    return None if day == _NO_DAY else day


def day_text(year: str, month: str, day: str) -> str | None:
    """Return a date in ISO 8601 format, or None if the date does not exist."""
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
