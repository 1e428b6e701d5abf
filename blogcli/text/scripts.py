"""Ranges of the code points of scripts, for use in character classes of regular expressions."""

# Chinese and Japanese characters. They are written without spaces, so each character counts as one word.
HAN_AND_KANA = (
    "\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U000323af"
)
# The scripts in which spaces do not reliably separate words: Han, Kana, Hangul, Thai, Lao, Burmese and Khmer. Hangul is
# written with spaces, but particles are attached to the words.
UNSPACED = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e50-\u0e59\u0e81-\u0ece\u0ed0-\u0edf\u1000-\u1049\u1050-\u109d\u1100-\u11ff"
    "\u1780-\u17d3\u17d7\u17dc\u17dd\u17e0-\u17e9\u3131-\u318e\ua960-\ua97c\ua9e0-\ua9fe\uaa60-\uaa7f\uac00-\ud7fb"
    f"{HAN_AND_KANA}"
)
# The scripts of India, in which vowel signs and other marks are part of the spelling.
INDIC = "\u0900-\u0963\u0966-\u0dff"
