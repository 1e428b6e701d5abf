"""Ghost's cards, which mobiledoc and lexical name almost alike, as pieces of a body; pure."""

import json
import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Any, TypeAlias

from ..gated_markers import GATE_END, PAYWALL, gate_of
from ..values import is_set, text_of
from .fragments import Piece, block
from .raw_html import raw

Payload: TypeAlias = Mapping[str, Any]

_ALIASES = {
    "card-markdown": "markdown",
    "codeblock": "code",
    "code-block": "code",
    "horizontalrule": "hr",
    "header-v2": "header",
    "embed-card": "embed",
}
_RATING = 5
# What only tells lexical one of its nodes from another.
_STRUCTURE = {"type", "version"}
_PARAGRAPH = re.compile(r"\s*<p(?=[\s>])[^>]*>")
_FENCE = re.compile(r"^[^\S\n]*(`{3,})", re.MULTILINE)


def card(name: str, payload: Payload) -> tuple[list[Piece], bool]:
    """The pieces of a card, and whether all that it shows is in them; other cards become a comment that holds them.

    A card for e-mail only has none. Around what is not for all stand the comments that Ghost has for it.
    """
    pieces, is_complete = _shown(_ALIASES.get(name, name), payload)
    gate = gate_of(payload)
    if gate is None or not pieces:
        return pieces, is_complete
    return [Piece(gate, is_html=False), *pieces, Piece(GATE_END, is_html=False)], is_complete


def markdown_text(name: str, payload: Payload) -> str | None:
    """The text of a card of Markdown; None for any other card."""
    text = payload.get("markdown") if _ALIASES.get(name, name) == "markdown" else None
    return text if isinstance(text, str) else None


def is_for_mail(name: str) -> bool:
    """Whether no reader of the blog is to see a card of this name."""
    return name in {"email", "email-cta"}


def _shown(name: str, payload: Payload) -> tuple[list[Piece], bool]:
    known = _CARDS.get(name)
    if known:
        return known(payload), True
    if is_for_mail(name):
        return [], False
    html = _text(payload, "html")
    if html.strip():
        return [Piece(raw(html), is_html=False), *_caption(payload)], False
    return [_comment(name, payload)], False


def _comment(name: str, payload: Payload) -> Piece:
    values = {key: value for key, value in payload.items() if key not in _STRUCTURE}
    # Two hyphens would end it.
    text = json.dumps(values, ensure_ascii=False).replace("--", "-\\u002d")
    return Piece(f"<!-- ghost:{re.sub('[^a-z0-9]+', '-', name.lower()).strip('-')} {text} -->", is_html=False)


def _text(payload: Payload, name: str) -> str:
    return text_of(payload.get(name)) or ""


def _caption(payload: Payload) -> list[Piece]:
    return block("p", _text(payload, "caption"))


def _link(href: str, html: str) -> str:
    return f'<a href="{escape(href)}">{html}</a>' if href else html


def _picture(payload: Payload, src: str = "src") -> str:
    said = {"src": _text(payload, src), "alt": _text(payload, "alt"), "title": _text(payload, "title")}
    attributes = " ".join(f'{name}="{escape(value)}"' for name, value in said.items() if value or name == "alt")
    return _link(_text(payload, "href"), f"<img {attributes}>") if said["src"] else ""


def _image(payload: Payload) -> list[Piece]:
    return [*block("p", _picture(payload)), *_caption(payload)]


def _gallery(payload: Payload) -> list[Piece]:
    images = payload.get("images")
    found = [image for image in images if isinstance(image, dict)] if isinstance(images, list) else []
    return [piece for image in found for piece in _image(image)] + _caption(payload)


def _markdown(payload: Payload) -> list[Piece]:
    return [Piece(_text(payload, "markdown"), is_html=False)]


def _html(payload: Payload) -> list[Piece]:
    return [Piece(raw(_text(payload, "html")), is_html=False)]


def _code(payload: Payload) -> list[Piece]:
    code = _text(payload, "code")
    fence = "`" * max([3, *(len(found[1]) + 1 for found in _FENCE.finditer(code))])
    language = re.sub(r"[\s`]+", "-", _text(payload, "language").strip())
    ending = "" if code.endswith("\n") else "\n"
    return [Piece(f"{fence}{language}\n{code}{ending}{fence}", is_html=False), *_caption(payload)]


def _rule(_: Payload) -> list[Piece]:
    return [Piece("<hr>")]


def _embed(payload: Payload) -> list[Piece]:
    html, url = _text(payload, "html"), _text(payload, "url")
    shown = [Piece(raw(html), is_html=False)] if html.strip() else block("p", _link(url, escape(url)))
    return [*shown, *_caption(payload)]


def _bookmark(payload: Payload) -> list[Piece]:
    metadata = payload.get("metadata")
    said = metadata if isinstance(metadata, dict) else {}
    url = _text(payload, "url") or _text(said, "url")
    title, description = _text(said, "title") or url, _text(said, "description")
    names = " · ".join(filter(None, (_text(said, "publisher"), _text(said, "author"))))
    parts = [
        *block("p", _link(url, escape(title))),
        *block("p", escape(description)),
        *block("p", escape(names)),
        *block("p", _picture({"src": said.get("thumbnail")})),
    ]
    return [*block("blockquote", "".join(part.text for part in parts)), *_caption(payload)]


def _callout(payload: Payload) -> list[Piece]:
    emoji, text = escape(_text(payload, "calloutEmoji")), _text(payload, "calloutText")
    opening = _PARAGRAPH.match(text)
    start, rest = (opening[0], text[opening.end() :]) if opening else ("<p>", text)
    return block("blockquote", f"{start}{emoji} {rest}" if emoji else f"{start}{rest}")


def _toggle(payload: Payload) -> list[Piece]:
    opening = f"<details>\n<summary>{_text(payload, 'heading')}</summary>"
    return [
        Piece(raw(opening), is_html=False),
        *block("div", _text(payload, "content")),
        Piece("</details>", is_html=False),
    ]


def _button(payload: Payload) -> list[Piece]:
    url, text = _text(payload, "buttonUrl"), _text(payload, "buttonText")
    return block("p", _link(url, escape(text or url)))


def _media(element: str, payload: Payload) -> list[Piece]:
    tag = f'<{element} src="{escape(_text(payload, "src"))}" controls></{element}>'
    return [Piece(tag, is_html=False), *block("p", escape(_text(payload, "title"))), *_caption(payload)]


def _video(payload: Payload) -> list[Piece]:
    return _media("video", payload)


def _audio(payload: Payload) -> list[Piece]:
    return _media("audio", payload)


def _file(payload: Payload) -> list[Piece]:
    src = _text(payload, "src")
    name = _text(payload, "fileTitle") or _text(payload, "fileName") or src
    caption = escape(_text(payload, "fileCaption") or _text(payload, "caption"))
    return [*block("p", _link(src, escape(name))), *block("p", caption)]


def _product(payload: Payload) -> list[Piece]:
    stars = payload.get("productStarRating")
    rating = ""
    if is_set(payload.get("productRatingEnabled")) and isinstance(stars, int) and 0 <= stars <= _RATING:
        rating = "★" * stars + "☆" * (_RATING - stars)
    button = {"buttonUrl": payload.get("productUrl"), "buttonText": payload.get("productButton")}
    return [
        *block("p", _picture(payload, "productImageSrc")),
        *block("h4", _text(payload, "productTitle")),
        *block("p", rating),
        *block("div", _text(payload, "productDescription")),
        *(_button(button) if is_set(payload.get("productButtonEnabled")) else []),
    ]


def _header(payload: Payload) -> list[Piece]:
    return [
        *block("p", _picture(payload, "backgroundImageSrc")),
        *block("h2", _text(payload, "header")),
        *block("p", _text(payload, "subheader")),
        *(_button(payload) if is_set(payload.get("buttonEnabled")) else []),
    ]


def _call_to_action(payload: Payload) -> list[Piece]:
    label = _text(payload, "sponsorLabel") if is_set(payload.get("hasSponsorLabel", True)) else ""
    return [
        *block("div", label),
        *block("p", _picture(payload, "imageUrl")),
        *block("div", _text(payload, "textValue")),
        *(_button(payload) if is_set(payload.get("showButton")) else []),
    ]


def _paywall(_: Payload) -> list[Piece]:
    return [Piece(PAYWALL, is_html=False)]


_CARDS: dict[str, Callable[[Payload], list[Piece]]] = {
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
