"""Text -> the tokens that both indexes hold, so that neither database's own tokenizer decides anything; pure."""

import re
import unicodedata
from operator import add

from .markup import without_markup

# tsvector takes lexemes of 2,046 bytes.
LONGEST_TOKEN = 255

# Han, Kana, Hangul, Thai, Lao, Burmese, Khmer: scripts in which words run together.
UNSPACED = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e50-\u0e59\u0e81-\u0ece\u0ed0-\u0edf\u1000-\u1049\u1050-\u109d\u1100-\u11ff"
    "\u1780-\u17d3\u17d7\u17dc\u17dd\u17e0-\u17e9\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    "\u3131-\u318e\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97c\ua9e0-\ua9fe\uaa60-\uaa7f\uac00-\ud7fb"
    "\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U000323af"
)
# What the Indic and other scripts spell their vowels and tones with, and accents on letters that need them.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0711\u0730-\u074a\u07a6-\u07b0\u07eb-\u07f3\u0816-\u082d\u0900-\u0963\u0966-\u0dff"
    "\u0f18-\u0f39\u0f3e-\u0f84\u135d-\u135f\u1712-\u1734\u18a9\u1920-\u193b\u1a17-\u1a1b\u1a55-\u1a7f\u1ab0-\u1aff"
    "\u1b00-\u1b44\u1b80-\u1bad\u1be6-\u1bf3\u1c24-\u1c37\u1cd0-\u1cf9\u1dc0-\u1dff\u20d0-\u20f0\u2cef-\u2cf1\u2de0-\u2dff"
    "\ua66f-\ua67d\ua69e\ua69f\ua802-\ua82c\ua880-\ua8c5\ua8e0-\ua8f1\ua926-\ua953\ua980-\ua9c0\uaa29-\uaa36\uabe3-\uabed"
)
_LETTER = rf"[^\W_{UNSPACED}]"
_TOKEN = re.compile(rf"[{UNSPACED}]+|{_LETTER}+(?:[{_MARKS}]+{_LETTER}*)*(?:(?:\+\+|#)(?![^\W_]))?")
# ASCII text, most of what there is, is split in a fifth of the time.
_ASCII_TOKEN = re.compile(r"[a-z0-9]+(?:(?:\+\+|#)(?![a-z0-9]))?")
_ASCII_BLANKS = {code: " " for code in range(128) if not chr(code).isalnum()}
# Other text in two thirds, where words are nothing but letters and digits.
_WORD = re.compile(r"\w+")
_SPECIAL = re.compile(f"[{UNSPACED}{_MARKS}]")
# What may end a word, where one begins so.
_SIGN = re.compile(r"[+#](?<=[^\W_][+#])")
_FIRST_UNSPACED = "\u0e01"
_IS_UNSPACED = re.compile(f"[{UNSPACED}]")

# Letters on which Latin, Greek, Hebrew and Arabic writers may leave out every mark, in decomposed text.
_LENIENT = "a-z\u00df-\u02af\u0370-\u03ff\u05d0-\u05f2\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f\u08a0-\u08c7"
_OMITTED = (
    "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08e1\u08e3-\u08ff\u1ab0-\u1aff\u1dc0-\u1dff"
)
# Soft hyphens, joiners, variation selectors, and the stroke that lengthens Arabic words.
_SOFT = "\u00ad\u0640\u200c\u200d\u2060\ufe00-\ufe0f\ufeff"
# Looking for a character of a set is quick; what stands before it is looked at there.
_LEFT_OUT = re.compile(
    rf"[{_OMITTED}{_SOFT}](?:(?<=[{_LENIENT}][{_OMITTED}])[{_OMITTED}]*|(?<=[{_SOFT}])"
    # Of Cyrillic, the dots of a yo, and the stress on a vowel.
    "|(?<=\u0435\u0308)|(?<=[\u0430\u0435\u0438\u043e\u0443\u044b\u044d\u044e\u044f][\u0300\u0301]))"
)


def fold(text: str) -> str:
    """The text as it is compared: compatibility forms and cases made one, marks that may be left out dropped."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    bare, left_out = _LEFT_OUT.subn("", unicodedata.normalize("NFD", folded))
    return unicodedata.normalize("NFC", bare) if left_out else folded


def words(text: str) -> list[str]:
    """The words of a plain text, folded, in order; a run of a script without spaces is one."""
    folded = fold(text)
    if text.isascii():
        return _ASCII_TOKEN.findall(folded) if _SIGN.search(folded) else folded.translate(_ASCII_BLANKS).split()
    if _SIGN.search(folded) or _SPECIAL.search(folded):
        return _TOKEN.findall(folded)
    return _WORD.findall(folded.replace("_", " "))


def is_unspaced(word: str) -> bool:
    """Whether a word is a run of a script without spaces."""
    return word[0] >= _FIRST_UNSPACED and _IS_UNSPACED.match(word) is not None


def pairs(run: str) -> list[str]:
    """The tokens of a run of a script without spaces: overlapping pairs, and the last character alone."""
    return [*map(add, run, run[1:]), run[-1]]


def tokens(text: str) -> list[str]:
    """The tokens of a plain text, such as a title, in order."""
    found: list[str] = []
    split = words(text)
    if max(split, default="") < _FIRST_UNSPACED and max(map(len, split), default=0) <= LONGEST_TOKEN:
        return split
    for word in split:
        if word[0] >= _FIRST_UNSPACED and is_unspaced(word):
            found += pairs(word)
        else:
            found.append(word if len(word) <= LONGEST_TOKEN else word[:LONGEST_TOKEN])
    return found


def markdown_tokens(text: str) -> list[str]:
    """The tokens of what a reader of Markdown sees: no tags, link addresses or entities."""
    return tokens(without_markup(text))
