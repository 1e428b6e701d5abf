"""Split texts into the tokens of the search index.

SQLite and PostgreSQL both store the tokens that this module returns, so that search results do not depend on the
tokenizer of the database.
"""

import re
import unicodedata
from functools import cache
from operator import add

from ..text.scripts import INDIC, UNSPACED
from .markup import remove_markup

# The maximum number of characters in a token. PostgreSQL limits a lexeme to 2,046 bytes. 255 characters are at most
# 1,020 bytes in UTF-8.
MAX_TOKEN_LENGTH = 255

# Combining marks: the vowel signs and tone marks of Indic and other scripts, and accents.
_MARKS = (
    f"\u0300-\u036f\u0483-\u0487\u0711\u0730-\u074a\u07a6-\u07b0\u07eb-\u07f3\u0816-\u082d{INDIC}"
    "\u0f18-\u0f39\u0f3e-\u0f84\u135d-\u135f\u1712-\u1734\u18a9\u1920-\u193b\u1a17-\u1a1b\u1a55-\u1a7f\u1ab0-\u1aff"
    "\u1b00-\u1b44\u1b80-\u1bad\u1be6-\u1bf3\u1c24-\u1c37\u1cd0-\u1cf9\u1dc0-\u1dff\u20d0-\u20f0\u2cef-\u2cf1\u2de0-\u2dff"
    "\ua66f-\ua67d\ua69e\ua69f\ua802-\ua82c\ua880-\ua8c5\ua8e0-\ua8f1\ua926-\ua953\ua980-\ua9c0\uaa29-\uaa36\uabe3-\uabed"
)
_LETTER = rf"[^\W_{UNSPACED}]"
_TOKEN = rf"[{UNSPACED}]+|{_LETTER}+(?:[{_MARKS}]+{_LETTER}*)*(?:(?:\+\+|#)(?![^\W_]))?"
# The pattern for ASCII text. It needs a fifth of the time that `_TOKEN` needs.
_ASCII_TOKEN = re.compile(r"[a-z0-9]+(?:(?:\+\+|#)(?![a-z0-9]))?")
_ASCII_BLANKS = {code: " " for code in range(128) if not chr(code).isalnum()}
# The pattern for text that contains no combining marks, no scripts without spaces and no tokens such as C++. It needs
# two thirds of the time that `_TOKEN` needs.
_WORD = re.compile(r"\w+")
_SPECIAL = f"[{UNSPACED}{_MARKS}]"
# Matches a sign that can be the end of a token such as C++ or C#.
_SIGN = re.compile(r"[+#](?<=[^\W_][+#])")
_FIRST_UNSPACED = "\u0e01"
_IS_UNSPACED = f"[{UNSPACED}]"

# Letters of the Latin, Greek, Hebrew and Arabic scripts. A search ignores the marks that follow these letters in
# decomposed text.
_BASE_LETTERS = (
    "a-z\u00df-\u02af\u0370-\u03ff\u05d0-\u05f2\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f\u08a0-\u08c7"
)
_OPTIONAL_MARKS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08e1\u08e3-\u08ff\u1ab0-\u1aff\u1dc0-\u1dff"
)
# Characters that are always removed: soft hyphens, joiners, variation selectors, byte order marks, and the stroke that
# lengthens Arabic words (tatweel).
_IGNORED = "\u00ad\u0640\u200c\u200d\u2060\ufe00-\ufe0f\ufeff"
# Matches optional marks, and characters that are always removed. The pattern begins with a character class, because a
# search for a character class is fast. Lookbehinds then check the preceding characters.
_REMOVABLE = (
    rf"[{_OPTIONAL_MARKS}{_IGNORED}](?:(?<=[{_BASE_LETTERS}][{_OPTIONAL_MARKS}])[{_OPTIONAL_MARKS}]*|(?<=[{_IGNORED}])"
    # In the Cyrillic script, the optional marks are the dots of the letter yo, and stress marks on vowels.
    "|(?<=\u0435\u0308)|(?<=[\u0430\u0435\u0438\u043e\u0443\u044b\u044d\u044e\u044f][\u0300\u0301]))"
)

# Compiles patterns with large character sets on first use, because compiling them takes milliseconds and ASCII text
# does not need them.
_compiled = cache(re.compile)


def fold(text: str) -> str:
    """Normalize a text for comparison: apply NFKC normalization and case folding, and remove optional marks."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    bare, removed_count = _compiled(_REMOVABLE).subn("", unicodedata.normalize("NFD", folded))
    return unicodedata.normalize("NFC", bare) if removed_count else folded


def words(text: str) -> list[str]:
    """Return the folded words of a plain text in order.

    In a script without spaces between words, each run of adjacent characters is one word.
    """
    folded = fold(text)
    if text.isascii():
        return _ASCII_TOKEN.findall(folded) if _SIGN.search(folded) else folded.translate(_ASCII_BLANKS).split()
    if _SIGN.search(folded) or _compiled(_SPECIAL).search(folded):
        return _compiled(_TOKEN).findall(folded)
    return _WORD.findall(folded.replace("_", " "))


def is_unspaced(word: str) -> bool:
    """Return whether a word is a run of characters in a script without spaces between words."""
    return word[0] >= _FIRST_UNSPACED and _compiled(_IS_UNSPACED).match(word) is not None


def split_pairs(run: str) -> list[str]:
    """Return the tokens of a run of characters: each pair of adjacent characters, and the last character alone."""
    return [*map(add, run, run[1:]), run[-1]]


def tokens(text: str) -> list[str]:
    """Return the tokens of a plain text, such as a title, in order."""
    result: list[str] = []
    text_words = words(text)
    if max(text_words, default="") < _FIRST_UNSPACED and max(map(len, text_words), default=0) <= MAX_TOKEN_LENGTH:
        return text_words
    for word in text_words:
        if word[0] >= _FIRST_UNSPACED and is_unspaced(word):
            result += split_pairs(word)
        else:
            result.append(word if len(word) <= MAX_TOKEN_LENGTH else word[:MAX_TOKEN_LENGTH])
    return result


def tokenize_markdown(text: str) -> list[str]:
    """Return the tokens of a Markdown text in order. HTML tags, comments and the URLs of links give no tokens."""
    return tokens(remove_markup(text))
