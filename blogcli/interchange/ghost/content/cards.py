"""Convert the cards of Ghost, which have almost the same names in Mobiledoc and Lexical, to fragments."""

import json
import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Any, TypeAlias

from ..gated_markers import GATE_END_COMMENT, PAYWALL_COMMENT, format_gate_start
from ..values import as_object, as_text, is_true, list_objects
from .fragments import Fragment, make_block
from .raw_html import format_raw_html

Payload: TypeAlias = Mapping[str, Any]

_ALIASES = {
    "card-markdown": "markdown",
    "codeblock": "code",
    "code-block": "code",
    "horizontalrule": "hr",
    "header-v2": "header",
    "embed-card": "embed",
}
_MAX_STARS = 5
# These keys identify a node to Lexical and are not part of the card.
_STRUCTURE = {"type", "version"}
_PARAGRAPH = re.compile(r"\s*<p(?=[\s>])[^>]*>")
_FENCE = re.compile(r"^[^\S\n]*(`{3,})", re.MULTILINE)


def convert_card(name: str, payload: Payload) -> tuple[list[Fragment], bool]:
    """Return the fragments of a card, and whether they represent it completely.

    An unknown card becomes a comment with its values, and a card for e-mail only has no fragments. A card that is not
    public is enclosed in the comments that Ghost uses for that.
    """
    fragments, is_complete = _convert(_ALIASES.get(name, name), payload)
    gate = format_gate_start(payload)
    if gate is None or not fragments:
        return fragments, is_complete
    return [Fragment(gate, is_html=False), *fragments, Fragment(GATE_END_COMMENT, is_html=False)], is_complete


def get_markdown(name: str, payload: Payload) -> str | None:
    """Return the text of a Markdown card; None for any other card."""
    text = payload.get("markdown") if _ALIASES.get(name, name) == "markdown" else None
    return text if isinstance(text, str) else None


def is_email_only(name: str) -> bool:
    """Return whether cards with this name are shown in e-mails only, not on the site."""
    return name in {"email", "email-cta"}


def _convert(name: str, payload: Payload) -> tuple[list[Fragment], bool]:
    convert = _CARDS.get(name)
    if convert:
        return convert(payload), True
    if is_email_only(name):
        return [], False
    html = _get_text(payload, "html")
    if html.strip():
        return [Fragment(format_raw_html(html), is_html=False), *_caption(payload)], False
    return [_comment(name, payload)], False


def _comment(name: str, payload: Payload) -> Fragment:
    values = {key: value for key, value in payload.items() if key not in _STRUCTURE}
    # Two hyphens would end the comment.
    text = json.dumps(values, ensure_ascii=False).replace("--", "-\\u002d")
    return Fragment(f"<!-- ghost:{re.sub('[^a-z0-9]+', '-', name.lower()).strip('-')} {text} -->", is_html=False)


def _get_text(payload: Payload, name: str) -> str:
    return as_text(payload.get(name)) or ""


def _caption(payload: Payload) -> list[Fragment]:
    return make_block("p", _get_text(payload, "caption"))


def _link(href: str, html: str) -> str:
    return f'<a href="{escape(href)}">{html}</a>' if href else html


def _picture(payload: Payload, src: str = "src") -> str:
    values = {"src": _get_text(payload, src), "alt": _get_text(payload, "alt"), "title": _get_text(payload, "title")}
    attributes = " ".join(f'{name}="{escape(value)}"' for name, value in values.items() if value or name == "alt")
    return _link(_get_text(payload, "href"), f"<img {attributes}>") if values["src"] else ""


def _image(payload: Payload) -> list[Fragment]:
    return [*make_block("p", _picture(payload)), *_caption(payload)]


def _gallery(payload: Payload) -> list[Fragment]:
    images = payload.get("images")
    return [fragment for image in list_objects(images) for fragment in _image(image)] + _caption(payload)


def _markdown(payload: Payload) -> list[Fragment]:
    return [Fragment(_get_text(payload, "markdown"), is_html=False)]


def _html(payload: Payload) -> list[Fragment]:
    return [Fragment(format_raw_html(_get_text(payload, "html")), is_html=False)]


def _code(payload: Payload) -> list[Fragment]:
    code = _get_text(payload, "code")
    fence = "`" * max([3, *(len(match[1]) + 1 for match in _FENCE.finditer(code))])
    language = re.sub(r"[\s`]+", "-", _get_text(payload, "language").strip())
    ending = "" if code.endswith("\n") else "\n"
    return [Fragment(f"{fence}{language}\n{code}{ending}{fence}", is_html=False), *_caption(payload)]


def _rule(_: Payload) -> list[Fragment]:
    return [Fragment("<hr>")]


def _embed(payload: Payload) -> list[Fragment]:
    html = _get_text(payload, "html")
    url = _get_text(payload, "url")
    if html.strip():
        return [Fragment(format_raw_html(html), is_html=False), *_caption(payload)]
    return [*make_block("p", _link(url, escape(url))), *_caption(payload)]


def _bookmark(payload: Payload) -> list[Fragment]:
    metadata = as_object(payload.get("metadata"))
    url = _get_text(payload, "url") or _get_text(metadata, "url")
    title = _get_text(metadata, "title") or url
    description = _get_text(metadata, "description")
    names = " · ".join(filter(None, (_get_text(metadata, "publisher"), _get_text(metadata, "author"))))
    parts = [
        *make_block("p", _link(url, escape(title))),
        *make_block("p", escape(description)),
        *make_block("p", escape(names)),
        *make_block("p", _picture({"src": metadata.get("thumbnail")})),
    ]
    return [*make_block("blockquote", "".join(part.text for part in parts)), *_caption(payload)]


def _callout(payload: Payload) -> list[Fragment]:
    emoji = escape(_get_text(payload, "calloutEmoji"))
    text = _get_text(payload, "calloutText")
    start_tag = _PARAGRAPH.match(text)
    start, rest = (start_tag[0], text[start_tag.end() :]) if start_tag else ("<p>", text)
    return make_block("blockquote", f"{start}{emoji} {rest}" if emoji else f"{start}{rest}")


def _toggle(payload: Payload) -> list[Fragment]:
    start_tag = f"<details>\n<summary>{_get_text(payload, 'heading')}</summary>"
    return [
        Fragment(format_raw_html(start_tag), is_html=False),
        *make_block("div", _get_text(payload, "content")),
        Fragment("</details>", is_html=False),
    ]


def _button(payload: Payload) -> list[Fragment]:
    url = _get_text(payload, "buttonUrl")
    text = _get_text(payload, "buttonText")
    return make_block("p", _link(url, escape(text or url)))


def _media(element: str, payload: Payload) -> list[Fragment]:
    tag = f'<{element} src="{escape(_get_text(payload, "src"))}" controls></{element}>'
    return [Fragment(tag, is_html=False), *make_block("p", escape(_get_text(payload, "title"))), *_caption(payload)]


def _video(payload: Payload) -> list[Fragment]:
    return _media("video", payload)


def _audio(payload: Payload) -> list[Fragment]:
    return _media("audio", payload)


def _file(payload: Payload) -> list[Fragment]:
    src = _get_text(payload, "src")
    name = _get_text(payload, "fileTitle") or _get_text(payload, "fileName") or src
    caption = escape(_get_text(payload, "fileCaption") or _get_text(payload, "caption"))
    return [*make_block("p", _link(src, escape(name))), *make_block("p", caption)]


def _product(payload: Payload) -> list[Fragment]:
    stars = payload.get("productStarRating")
    rating = ""
    if is_true(payload.get("productRatingEnabled")) and isinstance(stars, int) and 0 <= stars <= _MAX_STARS:
        rating = "★" * stars + "☆" * (_MAX_STARS - stars)
    button = {"buttonUrl": payload.get("productUrl"), "buttonText": payload.get("productButton")}
    return [
        *make_block("p", _picture(payload, "productImageSrc")),
        *make_block("h4", _get_text(payload, "productTitle")),
        *make_block("p", rating),
        *make_block("div", _get_text(payload, "productDescription")),
        *(_button(button) if is_true(payload.get("productButtonEnabled")) else []),
    ]


def _header(payload: Payload) -> list[Fragment]:
    return [
        *make_block("p", _picture(payload, "backgroundImageSrc")),
        *make_block("h2", _get_text(payload, "header")),
        *make_block("p", _get_text(payload, "subheader")),
        *(_button(payload) if is_true(payload.get("buttonEnabled")) else []),
    ]


def _call_to_action(payload: Payload) -> list[Fragment]:
    label = _get_text(payload, "sponsorLabel") if is_true(payload.get("hasSponsorLabel", True)) else ""
    return [
        *make_block("div", label),
        *make_block("p", _picture(payload, "imageUrl")),
        *make_block("div", _get_text(payload, "textValue")),
        *(_button(payload) if is_true(payload.get("showButton")) else []),
    ]


def _paywall(_: Payload) -> list[Fragment]:
    return [Fragment(PAYWALL_COMMENT, is_html=False)]


_CARDS: dict[str, Callable[[Payload], list[Fragment]]] = {
    "audio": _audio,
    "bookmark": _bookmark,
    "button": _button,
    "call-to-action": _call_to_action,
    "callout": _callout,
    "code": _code,
    "embed": _embed,
    "file": _file,
    "gallery": _gallery,
    "header": _header,
    "hr": _rule,
    "html": _html,
    "image": _image,
    "markdown": _markdown,
    "paywall": _paywall,
    "product": _product,
    "toggle": _toggle,
    "video": _video,
}
