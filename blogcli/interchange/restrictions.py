"""Metas of WordPress plugins by which only some people may read a post.

The plugins that are in use are listed by the keys of their metas. Beside the list there is a general rule, for plugins
that nobody has listed: a key that speaks of restricted access restricts the post if it has a value; a key that only
speaks of people, such as `team_role`, may do so. A value that says nothing, or that everybody may read the post,
restricts nothing, since plugins write such metas to every post.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from enum import Enum, auto
from typing import Any

from .identifiers import words_of
from .php_values import is_serialized, leaves_of


class Verdict(Enum):
    """What a meta or a shortcode says about who may read a post."""

    RESTRICTED = auto()
    # It may restrict who reads the post, but nothing here knows that.
    DOUBTFUL = auto()


# By plugin, in small letters; keys that the general rule understands are not listed.
_KNOWN_KEYS = {
    "rcp_subscription_level", "rcp_access_level", "rcp_user_level", "_is_paid", "rcuserlevel",  # Restrict Content (Pro)
    "_members_access_role", "members_access_role",  # Members
    "um_content_restriction", "_um_custom_access_settings",  # Ultimate Member
    "s2member_ccaps_req",  # s2Member
    "pms-content-restrict-subscription-plan", "pms-content-restrict-user-status",  # Paid Member Subscriptions
    "pms-content-restrict-all-subscription-plans", "wppb-content-restrict-user-status",  # the same, Profile Builder
    "wppb-content-restrict-user-role",
    "_wpmem_block",  # WP-Members
    "groups-read", "groups-groups_read_post",  # Groups
    "memberful_acl", "memberful_available_to_any_registered_user",  # Memberful
    "_llms_is_restricted", "_llms_restricted_levels",  # LifterLMS
    "patreon-level",  # Patreon
    "passster_activate_protection",  # Passster
    "_issuem_leaky_paywall_visibility",  # Leaky Paywall
    "_jetpack_newsletter_access",  # Jetpack
    "_onlyloggedin",  # EventON
    "ihc_mb_who",  # Ultimate Membership Pro
    "_is4wp_membership_levels", "_is4wp_any_membership", "_is4wp_any_loggedin_user",  # Memberium
    "_wpac_is_members_only",  # WordPress Access Control
}  # fmt: skip
# ARMember has such a row for each plan, and the plan 0 for posts that no plan gives access to.
_KEYS_OF_ANY_VALUE = {"arm_access_plan"}

# Words of keys that restrict a post, and words that do so beside one of the first list.
_STRONG = frozenset(
    "access gated loggedin membership memberships passcode passphrase password passwords paywall paywalled private "  # noqa: SIM905 - they read better so
    "protect protected protection restrict restricted restriction restrictions restricts".split()
)
_WEAK = frozenset({"member", "members", "role", "roles", "subscriber", "subscribers"})
_STRENGTHENING = frozenset({"allowed", "level", "levels", "only", "plan", "plans", "required"})
# Of what people are told or shown who may not read a post, and of keys that are no rule at all.
_ABOUT_OTHERS = frozenset(
    "comment comments count date email error excerpt expiry form hint label log message messages name note notes photo "  # noqa: SIM905 - the same
    "public redirect style teaser template text time timestamp title token tokens type url views".split()
)
_FOR_ALL = frozenset(
    "0 all anyone default disable disabled everybody everyone false free guest inactive inherit n no none null off "  # noqa: SIM905 - the same
    "open public visible".split()
)


def verdict_on_meta(key: str, value: str) -> Verdict | None:
    """Return what a meta says about who may read its post; None if it restricts nothing."""
    if is_known_restriction(key, value):
        return Verdict.RESTRICTED
    words = frozenset(words_of(key))
    if not words & (_STRONG | _WEAK) or words & _ABOUT_OTHERS or not _is_set(key, value):
        return None
    is_strong = words & _STRONG or words & _STRENGTHENING
    return Verdict.RESTRICTED if is_strong else Verdict.DOUBTFUL


def is_known_restriction(key: str, value: str) -> bool:
    """Return whether a meta is a rule of a plugin that is listed here, and restricts its post."""
    name = key.strip().lower()
    return (name in _KEYS_OF_ANY_VALUE and bool(value.strip())) or (name in _KNOWN_KEYS and _is_set(name, value))


def is_about_restriction(words: frozenset[str]) -> bool:
    """Return whether a name of these words speaks of restricted access, and not of what others are told about it."""
    return bool(words & _STRONG) and not words & _ABOUT_OTHERS


def _is_set(key: str, value: str) -> bool:
    leaves = list(_leaves(value.strip()))
    # Ultimate Member keeps all its settings in one map, and this one says whether the others count.
    switches = [leaf for name, leaf in leaves if name == "_um_custom_access_settings"]
    if switches or key == "um_content_restriction":
        leaves = [("", leaf) for leaf in switches]
    return any(leaf.strip().lower() not in _FOR_ALL for _, leaf in leaves if leaf.strip())


def _leaves(value: str) -> Iterator[tuple[str, str]]:
    if is_serialized(value):
        return leaves_of(value)
    if value[:1] in ("[", "{"):
        with suppress(ValueError, RecursionError):
            return _leaves_of_json("", json.loads(value))
    return iter([("", value)])


def _leaves_of_json(key: str, value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - a value of JSON
    match value:
        case dict():
            for name, inner in value.items():
                yield from _leaves_of_json(name, inner)
        case list():
            for inner in value:
                yield from _leaves_of_json(key, inner)
        case None:
            return
        case _:
            yield key, str(value)
