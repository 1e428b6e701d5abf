"""What the path of a file says about a post."""

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import PurePath

# ISO 639-1.
_LANGUAGES = frozenset(
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en "  # noqa: SIM905 - they read better so
    "eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv "
    "ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne "
    "ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st "
    "su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu".split()
)
_LANGUAGE = re.compile(r"(?P<code>[a-z]{2})(?:[-_][A-Za-z]{2,4})?")
# Below these, Hugo, Zola and Docusaurus have a folder for each language.
_TRANSLATED = {"content", "i18n"}
_DRAFTS = "_drafts"
_AUTHORS = "authors"
_HTML = {".html", ".htm"}
_JEKYLL = {"_posts", _DRAFTS}
_NO_DAY = date.min.isoformat()
# Ghost's importer of Markdown reads the status from the name too.
_DATED = re.compile(
    r"(?:(?P<status>published|draft)-)?(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)(?:[-_](?P<slug>.+))?", re.ASCII
)
_NUMBERS = (r"[0-9]{4}", r"[0-9]{1,2}", r"[0-9]{1,2}")
_NOT_POSTS = {
    "readme", "changelog", "license", "licence", "copying", "contributing", "code_of_conduct", "contributors",
    "security", "support", "authors", "maintainers", "pull_request_template", "issue_template",
}  # fmt: skip
_ENDINGS = (".gz", ".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".mdx", ".html", ".htm")


@dataclass(frozen=True, slots=True)
class Place:
    """What a path says; `day` is the text of a day."""

    slug: str
    day: str | None
    is_draft: bool
    language: str | None
    is_of_jekyll: bool
    # It is for those who work on the blog.
    is_beside_the_blog: bool
    is_about_authors: bool
    # It is the page of a folder.
    is_of_folder: bool
    is_html: bool


def place_of(path: PurePath) -> Place:
    """What the path says, which begins with the name of the blog's folder."""
    folders, stem = path.parts[:-1], _stem(path.name)
    stem, language = _without_language(stem)
    is_of_folder = stem == "_index"
    if stem == "index" and len(folders) > 1:
        # A bundle: what belongs to a post is in a folder that has its name.
        folders, stem = folders[:-1], folders[-1]
    named = _DATED.fullmatch(stem)
    day = day_text(*named.group("year", "month", "day")) if named else None
    is_draft = bool(named and day and named["status"] == "draft")
    return Place(
        slug=named["slug"] or stem if named and day else stem,
        day=_day_of(folders) if day is None else None if day == _NO_DAY else day,
        is_draft=is_draft or _DRAFTS in folders,
        language=language or _language_of(folders),
        is_of_jekyll=not _JEKYLL.isdisjoint(folders) and "source" not in folders,
        is_beside_the_blog=is_about_files(stem),
        is_about_authors=_AUTHORS in folders,
        is_of_folder=is_of_folder,
        is_html=path.suffix.lower() in _HTML,
    )


def is_about_files(stem: str) -> bool:
    """Whether a file of that name is for those who work on the blog."""
    return stem.lower().replace("-", "_") in _NOT_POSTS


def _stem(name: str) -> str:
    for ending in _ENDINGS:
        if name.lower().endswith(ending) and len(name) > len(ending):
            name = name[: -len(ending)]
    return name


def _without_language(stem: str) -> tuple[str, str | None]:
    name, _, ending = stem.rpartition(".")
    return (name, ending) if name and _is_language(ending) else (stem, None)


def _is_language(name: str) -> bool:
    found = _LANGUAGE.fullmatch(name)
    return found is not None and found["code"] in _LANGUAGES


def _language_of(folders: tuple[str, ...]) -> str | None:
    return next((name for above, name in pairwise(folders) if above in _TRANSLATED and _is_language(name)), None)


def _day_of(folders: tuple[str, ...]) -> str | None:
    numbers = folders[-3:]
    return day_text(*numbers) if len(numbers) == 3 and all(map(re.fullmatch, _NUMBERS, numbers)) else None


def day_text(year: str, month: str, day: str) -> str | None:
    """The day by ISO 8601; None where the calendar has none."""
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
