"""Find the meta fields, shortcodes and blocks with which WordPress plugins restrict access to all or part of a post."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from typing import Any, Final

from ...text.json_text import parse_json
from ..identifiers import words_of
from ..restrictions import Restriction, classify_meta, is_about_restriction
from .export_file.xml_reader import Element
from .extra_fields import iter_metas

# The names, in lower case, of shortcodes that enclose restricted content. The shortcodes belong to known plugins.
_KNOWN_SHORTCODES: Final = {
    "is_paid", "is_free", "is_active", "is_expired", "is_pending", "is_cancelled",  # Restrict Content Pro
    "mepr-show", "mepr-active", "mepr-rule",  # MemberPress
    "um_show_content",  # Ultimate Member
    "s2if", "s2drip",  # s2Member
    "content_control",  # Content Control
    "student", "course_content", "ld_group",  # LearnDash
    "lifterlms_hide_content", "ihc-hide-content",  # LifterLMS, Ultimate Membership Pro
    "sociallocker", "emaillocker", "signinlocker", "linklocker",  # Social Locker
    "showifrole", "ppwp", "passster", "groups_can", "reply", "hide",
}  # fmt: skip
_KNOWN_SHORTCODE_PREFIXES: Final = ("accessally_", "arm_if", "armif", "memberful", "mm_", "s2member", "wlm_private")
# A shortcode or block is assumed to enclose restricted content if its name contains one of these words and none of
# `_OPEN_WORDS`.
_GATING_WORDS: Final = frozenset(
    "access gated locker locked loggedin login logged member members membersonly membership memberships ismember paid "  # noqa: SIM905 - a list literal would take one line per word
    "passcode password paywall premium private wlmprivate protect protected protection protector restrict restricted "
    "restriction restrictions role roles subscriber subscribers subscription vip".split()
)
# Words in the names of shortcodes and blocks that display a form, a list, or content for visitors who are not members.
_OPEN_WORDS: Final = frozenset(
    "account accounts anonymous button checkout count directory dropdown form forms free guest link links list "  # noqa: SIM905 - a list literal would take one line per word
    "loggedout logout message name non nonmember nonmembers not number out profile register registration signup "
    "subscribe url visitor visitors".split()
)
_SHORTCODE: Final = re.compile(r"(?<!\[)\[(?P<slash>/?)(?P<name>[A-Za-z][\w-]*)(?=[\s/\]=])[^\[\]]*\]")
# WordPress writes < and > in the settings of a block as JSON escapes, so the settings contain neither character.
_BLOCK: Final = re.compile(r"<!--\s+wp:(?P<name>[a-z][\w/-]*)(?P<settings>[^<>]*)-->")
# Parsing JSON is slow, so the settings of a block are parsed only if they contain one of these words.
_SETTING_WORD: Final = re.compile(
    "access|conditions|contentControls|gated|member|passw|paywall|private|protect|restrict|role|visibility",
    re.IGNORECASE,
)
# The names of the settings in which the plugins Content Control, Block Visibility and LifterLMS store restrictions.
_KNOWN_SETTINGS: Final = {"contentControls", "blockVisibility", "llms_visibility"}
_PUBLIC_VALUES: Final = {"all", "default", "everyone", "false", "none", "", "0", "visible"}
_GATING_BLOCK_PREFIXES: Final = ("jetpack/paywall", "premium-content/")


def find_restriction(item: Element) -> str | None:
    """Return a description of the first meta field, shortcode or block that restricts access to all or part of an item.

    Returns None if nothing in the item restricts access.
    """
    metas = (
        f"the meta field {key}" for key, value in iter_metas(item) if classify_meta(key, value) is Restriction.CERTAIN
    )
    return next(chain(metas, _iter_gates(item.child("content:encoded"))), None)


def find_possible_restrictions(item: Element) -> list[str]:
    """Return descriptions of the meta fields and shortcodes whose names suggest that access to an item is restricted.

    Meta fields and shortcodes that certainly restrict access are not included.
    """
    metas = [
        f"the meta field {key}" for key, value in iter_metas(item) if classify_meta(key, value) is Restriction.POSSIBLE
    ]
    opened, closed = _list_shortcodes(item.child("content:encoded"))
    unclosed = sorted(name for name in opened - closed if _is_gating_shortcode(name))
    shortcodes = [f"the shortcode [{name}]" for name in unclosed if is_about_restriction(frozenset(words_of(name)))]
    return list(dict.fromkeys([*metas, *shortcodes]))


def _iter_gates(content: str) -> Iterator[str]:
    opened, closed = _list_shortcodes(content)
    yield from (f"the shortcode [{name}]" for name in sorted(opened & closed) if _is_gating_shortcode(name))
    for block in _BLOCK.finditer(content):
        if _is_gating_block(block["name"]) or _has_gating_setting(block["settings"].strip(" \t\r\n/")):
            yield f"the block {block['name']}"


def _list_shortcodes(content: str) -> tuple[set[str], set[str]]:
    """Return two sets of names in lower case: the names in opening shortcodes, and the names in closing shortcodes."""
    opened = set[str]()
    closed = set[str]()
    if "[" in content:
        for shortcode in _SHORTCODE.finditer(content):
            (closed if shortcode["slash"] else opened).add(shortcode["name"].lower())
    return opened, closed


def _is_gating_shortcode(name: str) -> bool:
    words = frozenset(words_of(name))
    is_known = name in _KNOWN_SHORTCODES or name.startswith(_KNOWN_SHORTCODE_PREFIXES)
    return is_known or (bool(words & _GATING_WORDS) and not words & _OPEN_WORDS)


def _is_gating_block(name: str) -> bool:
    if name.startswith(_GATING_BLOCK_PREFIXES):
        return True
    words = frozenset(words_of(name.rpartition("/")[2]))
    is_known = name.endswith("/ld-student") or name.startswith("memberful/")
    gating_words = _GATING_WORDS - {"login", "subscription", "premium"}
    return is_known or (bool(words & gating_words) and not words & _OPEN_WORDS)


def _has_gating_setting(text: str) -> bool:
    if not _SETTING_WORD.search(text):
        return False
    with suppress(ValueError):
        settings = parse_json(text)
        return isinstance(settings, dict) and any(map(_is_gating_setting, settings, settings.values()))
    return False


def _is_gating_setting(name: str, value: Any) -> bool:  # noqa: ANN401 - the argument can be any JSON value
    if name in _KNOWN_SETTINGS:
        is_off = isinstance(value, dict) and value.get("enabled") is False
        return not is_off and any(leaf not in _PUBLIC_VALUES for leaf in _iter_leaves(value))
    return classify_meta(name, value if isinstance(value, str) else json.dumps(value)) is Restriction.CERTAIN


def _iter_leaves(value: Any) -> Iterator[str]:  # noqa: ANN401 - the argument can be any JSON value
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _iter_leaves(inner)
    elif value is not None:
        yield str(value).strip().lower()
