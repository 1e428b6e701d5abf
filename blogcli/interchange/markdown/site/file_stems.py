"""Split file names into stems, languages and endings, and recognize languages in names."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence

from ...sources import HTML_ENDINGS, MARKDOWN_ENDINGS

# The language codes of ISO 639-1.
_LANGUAGE_CODES = frozenset(
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en "  # noqa: SIM905 - a list of literals takes a line per word
    "eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv "
    "ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne "
    "ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st "
    "su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu".split()
)
_LANGUAGE = re.compile(r"(?P<code>[a-z]{2})(?:[-_][A-Za-z]{2,4})?")
_POST_ENDINGS = (*MARKDOWN_ENDINGS, *HTML_ENDINGS)
_ENDINGS = (".gz", *_POST_ENDINGS)


def stem_of(name: str) -> str:
    """Return the name of a text file without its endings, for example `post` for `post.md.gz`."""
    for ending in _ENDINGS:
        if name.lower().endswith(ending) and len(name) > len(ending):
            name = name[: -len(ending)]
    # Accents in file names from macOS may be separate characters. NFC joins each accent with its letter.
    return unicodedata.normalize("NFC", name)


def split_language(stem: str) -> tuple[str, str | None]:
    """Split a stem such as `post.de` into the name `post` and the language `de`.

    Returns the whole stem and None if the stem does not end with a language.
    """
    name, _, language = stem.rpartition(".")
    return (name, language) if name and is_language(language) else (stem, None)


def is_language(name: str) -> bool:
    """Return whether a name is a language code, such as `de`, or a code with a region or script, such as `pt-BR`.

    Words that are also language codes, such as `is` and `io`, cannot be distinguished from languages.
    """
    match = _LANGUAGE.fullmatch(name)
    return match is not None and match["code"] in _LANGUAGE_CODES


def find_languages(names: Sequence[str]) -> frozenset[str]:
    """Return the languages of files whose names differ only in the language, such as `de` for `x.md` and `x.de.md`."""
    # Most folders contain no translations. For such a folder, this fast check avoids splitting all names.
    if all(name.count(".") < 2 for name in names):
        return frozenset()
    languages_by_stem = defaultdict[str, set[str | None]](set)
    for name in names:
        if name.lower().endswith(_POST_ENDINGS):
            stem, language = split_language(stem_of(name))
            languages_by_stem[stem].add(language)
    translated = [languages for languages in languages_by_stem.values() if len(languages) > 1]
    return frozenset(language for languages in translated for language in languages if language)
