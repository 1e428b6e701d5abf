"""Metas, shortcodes and blocks by which plugins of WordPress show a post, or parts of it, only to some people."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from typing import Any, Final

from ..identifiers import words_of
from ..restrictions import Verdict, is_about_restriction, verdict_on_meta
from .extra_fields import metas_of
from .xml_reader import Element

# Shortcodes around what only some people see, by plugin, in small letters, that `_GATING` does not tell.
_KNOWN: Final = {
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
_KNOWN_STARTS: Final = ("accessally_", "arm_if", "armif", "memberful", "mm_", "s2member", "wlm_private")
# Words in the names of such shortcodes and blocks.
_GATING: Final = frozenset(
    "access gated locker locked loggedin login logged member members membersonly membership memberships ismember paid "  # noqa: SIM905 - they read better so
    "passcode password paywall premium private wlmprivate protect protected protection protector restrict restricted "
    "restriction restrictions role roles subscriber subscribers subscription vip".split()
)
# Words of shortcodes that show forms and lists, or what only those see who are not members.
_OPEN: Final = frozenset(
    "account accounts anonymous button checkout count directory dropdown form forms free guest link links list "  # noqa: SIM905 - the same
    "loggedout logout message name non nonmember nonmembers not number out profile register registration signup "
    "subscribe url visitor visitors".split()
)
_TAG: Final = re.compile(r"(?<!\[)\[(?P<slash>/?)(?P<name>[A-Za-z][\w-]*)(?=[\s/\]=])[^\[\]]*\]")
# Within a comment, WordPress writes < and > as escapes of JSON.
_BLOCK: Final = re.compile(r"<!--\s+wp:(?P<name>[a-z][\w/-]*)(?P<settings>[^<>]*)-->")
# Names of settings and values that are worth a second look: most blocks have none of them.
_SETTING: Final = re.compile(
    "access|conditions|contentControls|gated|member|passw|paywall|private|protect|restrict|role|visibility",
    re.IGNORECASE,
)
# Of Content Control, Block Visibility and LifterLMS.
_KNOWN_SETTINGS: Final = {"contentControls", "blockVisibility", "llms_visibility"}
_FOR_ALL: Final = {"all", "default", "everyone", "false", "none", "", "0", "visible"}
_GATES: Final = ("jetpack/paywall", "premium-content/")


def restriction_of(item: Element) -> str | None:
    """Return what says that only some people may read a post or parts of it; None where nothing does."""
    metas = (f"the meta {key}" for key, value in metas_of(item) if verdict_on_meta(key, value) is Verdict.RESTRICTED)
    return next(chain(metas, _gates_in(item.child("content:encoded"))), None)


def doubts_about(item: Element) -> list[str]:
    """Return the names of metas and shortcodes that may restrict a post, as far as their names tell."""
    metas = [f"the meta {key}" for key, value in metas_of(item) if verdict_on_meta(key, value) is Verdict.DOUBTFUL]
    content = item.child("content:encoded")
    opened, closed = _shortcodes(content)
    lone = [name for name in opened - closed if _is_gate(name) and is_about_restriction(frozenset(words_of(name)))]
    return list(dict.fromkeys([*metas, *(f"the shortcode [{name}]" for name in sorted(lone))]))


def _gates_in(content: str) -> Iterator[str]:
    opened, closed = _shortcodes(content)
    yield from (f"the shortcode [{name}]" for name in sorted(opened & closed) if _is_gate(name))
    for block in _BLOCK.finditer(content):
        if _is_gating_block(block["name"]) or _has_gating_setting(block["settings"].strip(" \t\r\n/")):
            yield f"the block {block['name']}"


def _shortcodes(content: str) -> tuple[set[str], set[str]]:
    """Return the names of the shortcodes that are opened and of those that are closed, in small letters."""
    opened, closed = set[str](), set[str]()
    if "[" in content:
        for tag in _TAG.finditer(content):
            (closed if tag["slash"] else opened).add(tag["name"].lower())
    return opened, closed


def _is_gate(name: str) -> bool:
    words = frozenset(words_of(name))
    is_known = name in _KNOWN or name.startswith(_KNOWN_STARTS)
    return is_known or (bool(words & _GATING) and not words & _OPEN)


def _is_gating_block(name: str) -> bool:
    if name.startswith(_GATES):
        return True
    words = frozenset(words_of(name.rpartition("/")[2]))
    is_known = name.endswith("/ld-student") or name.startswith("memberful/")
    return is_known or (bool(words & _GATING - {"login", "subscription", "premium"}) and not words & _OPEN)


def _has_gating_setting(text: str) -> bool:
    if not _SETTING.search(text):
        return False
    with suppress(ValueError, RecursionError):
        settings = json.loads(text)
        return isinstance(settings, dict) and any(map(_is_gating, settings, settings.values()))
    return False


def _is_gating(name: str, value: Any) -> bool:  # noqa: ANN401 - a value of JSON
    if name in _KNOWN_SETTINGS:
        is_off = isinstance(value, dict) and value.get("enabled") is False
        return not is_off and any(leaf not in _FOR_ALL for leaf in _leaves(value))
    return verdict_on_meta(name, value if isinstance(value, str) else json.dumps(value)) is Verdict.RESTRICTED


def _leaves(value: Any) -> Iterator[str]:  # noqa: ANN401 - the same
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _leaves(inner)
    elif value is not None:
        yield str(value).strip().lower()
