"""Front matter fields, other than `status`, `draft` and `published`, that keep a post from the public.

There is one rule for all generators, so that a field that nobody has listed cannot make a private post public:

1. The name is split into words: `isDraft`, `is_draft` and `is-draft` are the same name.
2. The name has a meaning here if each of its words is a word that hides (`draft`, `private`, `hide`), a word that shows
   (`publish`, `public`, `listed`), a negation (`no`, `not`), or a word that changes nothing (`is`, `post`, `from`,
   `collections`). So `hide_title` and `private_comments` are about something else, and `noindex`, `search_exclude` and
   `nav_exclude` are only about search engines and menus.
3. A word that hides beside the value yes hides the post; so does a word that shows beside the value no or `never`. A
   negation turns this context. A name that begins with a word that shows and goes on with one that hides, such as
   `show_drafts`, is about other posts.
4. `visibility` hides unless its value says that everybody may see the post; `state`, `stage` and similar names hide if
   their value is a word that hides; a password hides whatever it is.
5. The same holds within maps that only hold further fields, such as Hugo's `params` and Zola's `extra`, and for metas
   of WordPress plugins, which exporters from WordPress write into front matter.

Rules of single generators come beside it: `build`, `_build`, `render` and `permalink` of Hugo, Zola and Eleventy.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from pydantic import JsonValue

from ..identifiers import words_of
from ..restrictions import is_known_restriction
from .values import Fields, is_blank, truth

# Values of a status or of a visibility, of Pelican, Nikola, WordPress, Ghost and others.
NOT_PUBLIC = {"hidden", "private", "skip", "unlisted", "members", "paid", "password"}

_HIDES = frozenset(
    "confidential deleted disabled draft drafts embargoed encrypt encrypted exclude excluded excludes expired headless "  # noqa: SIM905 - they read better so
    "hidden hide hides ignore ignored inactive internal invisible locked member members offline paid paywall paywalled "
    "pending premium private privately protect protected removed restricted secret skip skipped subscriber subscribers "
    "trash trashed unfinished unlist unlisted unpublish unpublished unreleased wip withdrawn".split()
)
_SHOWS = frozenset(
    "active approved discoverable display displayed enabled list listed live online output public publicly publish "  # noqa: SIM905 - the same
    "publishable published publishing ready released render rendered show shown shows visible".split()
)
_NEGATES = frozenset({"no", "non", "not", "never", "dont"})
_NEUTRAL = frozenset(
    "are article as be been blog content do doc document does entry everywhere file flag has is item make mark marked "  # noqa: SIM905 - the same
    "must my note only page post set should site status the this to web website eleventy jekyll hugo hexo astro gatsby "
    "obsidian".split()
)
_PREPOSITIONS = frozenset({"at", "by", "for", "from", "in", "on", "to", "with"})
# Places where posts are listed. They say something only behind a preposition: `show_feed` is about a link to the feed.
_PLACES = frozenset(
    "all archive archives collection collections feed feeds front home homepage listing listings lists main rss "  # noqa: SIM905 - the same
    "frontpage".split()
)
# Words that are written together: `isdraft`, `nopublish`, `membersonly`.
_TOGETHER = re.compile(rf"(is|no|not|non|dont)??({'|'.join(sorted(_HIDES | _SHOWS))})(only)?")
_KNOWN = _HIDES | _SHOWS | _NEGATES | _NEUTRAL | _PREPOSITIONS | _PLACES

# The words of names whose value is a word that says in what state the post is.
_STATES = frozenset({"access", "publication", "publish", "publishing", "stage", "state", "status", "workflow"})
_VISIBILITY = frozenset({"visibility"})
_SECRETS = frozenset({"passcode", "passphrase", "password", "passwd"})
_FOR_ALL = {
    "all",
    "always",
    "anyone",
    "everybody",
    "everyone",
    "default",
    "listed",
    "open",
    "public",
    "published",
    "visible",
}
_YES = {"1", "always", "t", "y"}
_NO = {"0", "f", "n", "never", "nobody", "none"}
_MAPS = {
    "attributes",
    "custom",
    "data",
    "extra",
    "frontmatter",
    "meta",
    "metadata",
    "options",
    "page",
    "params",
    "post",
    "settings",
}
_MAX_DEPTH = 3


def hiding_fields(fields: Fields) -> list[str]:
    """Return the names of the fields that keep a post from the public; those within maps behind the map's name."""
    return list(dict.fromkeys([*_unbuilt(fields), *(name for name, hides in _said(fields) if hides)]))


def states_public(fields: Fields) -> bool:
    """Return whether a field says in so many words that the public may see the post."""
    return any(not hides for _, hides in _said(fields))


def _said(fields: Fields, above: str = "", depth: int = 1) -> Iterator[tuple[str, bool]]:
    """Yield the names of fields that say who may see a post, each with whether it hides the post."""
    for name, value in fields.items():
        if isinstance(value, dict):
            if depth < _MAX_DEPTH and name.lower() in _MAPS:
                yield from _said(value, f"{above}{name}.", depth + 1)
            continue
        hides = _hides(name, value, is_nested=bool(above))
        if hides is not None:
            yield f"{above}{name}", hides


def _hides(name: str, value: JsonValue, *, is_nested: bool) -> bool | None:
    """Return whether the field hides its post; None where it says neither that it does nor that it does not."""
    if is_blank(value) or (name == "status" and not is_nested):
        return None
    words = frozenset(words_of(name))
    answer = _answer(value)
    if words & _SECRETS and words <= _SECRETS | _NEUTRAL | _HIDES:
        return answer is not False or None
    word = value.strip().lower() if isinstance(value, str) else ""
    if words & _VISIBILITY and words <= _VISIBILITY | _NEUTRAL:
        return answer is False or (answer is None and bool(word) and word not in _FOR_ALL)
    if word in NOT_PUBLIC | _HIDES and _may_have_state(name):
        return True
    is_taken = not is_nested and (name == "draft" or (name == "published" and truth(value) is not None))
    yes_hides = None if is_taken else _yes_hides(name)
    if yes_hides is None or answer is None:
        return True if _is_restricted(name, value) else None
    return answer is yes_hides


def _may_have_state(name: str) -> bool:
    words = frozenset(words_of(name))
    is_state = bool(words & _STATES) and words <= _STATES | _NEUTRAL
    return is_state or _yes_hides(name) is False


@lru_cache(maxsize=10_000)
def _yes_hides(name: str) -> bool | None:
    """Return whether a field of that name hides its post if it says yes; None if it is about other things."""
    words = [part for word in words_of(name) for part in _parts(word)]
    telling = [word for word in words if word in _HIDES or word in _SHOWS]
    is_about_places = not _PLACES.isdisjoint(words) and _PREPOSITIONS.isdisjoint(words)
    if not telling or is_about_places or not _KNOWN.issuperset(words):
        return None
    is_hiding = telling[0] in _HIDES
    if not is_hiding and not _HIDES.isdisjoint(telling):
        return None
    is_negated = sum(word in _NEGATES for word in words) % 2 == 1
    return is_hiding is not is_negated


def _parts(word: str) -> list[str]:
    """Return the words that are written together in one that is not known as it is."""
    together = None if word in _KNOWN else _TOGETHER.fullmatch(word)
    return [part for part in together.groups() if part] if together else [word]


def _answer(value: JsonValue) -> bool | None:
    """Return what the value says as a yes or a no; None where it is neither."""
    said = truth(value)
    if said is not None:
        return said
    word = str(value).strip().lower() if isinstance(value, str | int) else ""
    return True if word in _YES else False if word in _NO else None


def _is_restricted(name: str, value: JsonValue) -> bool:
    values = value if isinstance(value, list) else [value]
    return any(is_known_restriction(name, text) for text in values if isinstance(text, str))


def _unbuilt(fields: Fields) -> list[str]:
    """Return those of the fields by which Hugo, Zola and Eleventy make no page of a file, or list it nowhere."""
    said: Fields = {name: fields.get(name) for name in ("render", "permalink")}
    for name, key in (("build", "render"), ("_build", "render"), ("permalink", "build")):
        inner = fields.get(name)
        said |= {name: inner.get(key)} if isinstance(inner, dict) else {}
    unlisted = [name for name in ("build", "_build") if _is_never(_inner(fields, name, "list"))]
    return [name for name, value in said.items() if _is_never(value)] + unlisted


def _inner(fields: Fields, name: str, key: str) -> JsonValue:
    value = fields.get(name)
    return value.get(key) if isinstance(value, dict) else None


def _is_never(value: JsonValue) -> bool:
    # Hugo gives an address to what it renders by `link`, and writes no page there.
    return truth(value) is False or value in ("never", "link")
