"""What the name of a file is without its endings, and the language that may stand before them."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence

# ISO 639-1.
_CODES = frozenset(
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en "  # noqa: SIM905 - they read better so
    "eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv "
    "ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne "
    "ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st "
    "su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu".split()
)
_LANGUAGE = re.compile(r"(?P<code>[a-z]{2})(?:[-_][A-Za-z]{2,4})?")
_POSTS = (".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".mdx", ".html", ".htm")
_ENDINGS = (".gz", *_POSTS)


def stem_of(name: str) -> str:
    """The name of a file without the endings of a text."""
    for ending in _ENDINGS:
        if name.lower().endswith(ending) and len(name) > len(ending):
            name = name[: -len(ending)]
    # macOS may have taken the letters apart.
    return unicodedata.normalize("NFC", name)


def split_language(stem: str) -> tuple[str, str | None]:
    """The stem without what may be a language at its end, and that; None where nothing may be one."""
    name, _, ending = stem.rpartition(".")
    return (name, ending) if name and is_language(ending) else (stem, None)


def is_language(name: str) -> bool:
    """Whether it has the form of a language, `de` or `pt-BR`; `is` and `io` have it too."""
    found = _LANGUAGE.fullmatch(name)
    return found is not None and found["code"] in _CODES


def find_languages(names: Sequence[str]) -> frozenset[str]:
    """The languages by which those names of files differ that are the same but for them."""
    # Most folders have none, and many files.
    if all(name.count(".") < 2 for name in names):
        return frozenset()
    found = defaultdict[str, set[str | None]](set)
    for name in names:
        if name.lower().endswith(_POSTS):
            stem, language = split_language(stem_of(name))
            found[stem].add(language)
    return frozenset(each for several in found.values() if len(several) > 1 for each in several if each)
