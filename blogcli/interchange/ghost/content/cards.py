"""Convert cards to fragments of HTML and Markdown. Cards have almost the same names in Mobiledoc and in Lexical."""

import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Any, TypeAlias

from ..gated_markers import GATE_END_COMMENT, PAYWALL_COMMENT, format_gate_start
from ..values import as_object, as_text, is_true, list_objects
from .fragments import Fragment, make_block
from .raw_html import format_raw_html
from .unknown_cards import make_comments, select_other_texts

Payload: TypeAlias = Mapping[str, Any]

# Maps the alternative names of cards in some versions of Ghost to the names in `_CONVERTERS`.
_ALIASES = {
    "card-markdown": "markdown",
    "codeblock": "code",
    "code-block": "code",
    "horizontalrule": "hr",
    "header-v2": "header",
    "embed-card": "embed",
}
_MAX_STARS = 5
_PARAGRAPH = re.compile(r"\s*<p(?=[\s>])[^>]*>")
_FENCE = re.compile(r"^[^\S\n]*(`{3,})", re.MULTILINE)


def convert_card(name: str, payload: Payload) -> tuple[list[Fragment], bool]:
    """Return the fragments of a card, and whether the fragments represent the card completely.

    An unknown card becomes the HTML that it contains, or a comment with its values if it contains no HTML. The list is
    empty for an e-mail-only card. A restricted card is enclosed in the comments that mark restricted parts in Ghost.
    """
    fragments, is_complete = _convert_by_name(_ALIASES.get(name, name), payload)
    gate = format_gate_start(payload)
    if gate is None or not fragments:
        return fragments, is_complete
    return [Fragment(gate, is_html=False), *fragments, Fragment(GATE_END_COMMENT, is_html=False)], is_complete


def get_markdown(name: str, payload: Payload) -> str | None:
    """Return the Markdown in a Markdown card, or None for a card of another type."""
    text = payload.get("markdown") if _ALIASES.get(name, name) == "markdown" else None
    return text if isinstance(text, str) else None


def is_email_only(name: str) -> bool:
    """Return whether Ghost shows cards with this name only in e-mails, not on the site."""
    return name in {"email", "email-cta"}


def _convert_by_name(name: str, payload: Payload) -> tuple[list[Fragment], bool]:
    convert = _CONVERTERS.get(name)
    if convert:
        return convert(payload), True
    if is_email_only(name):
        return [], False
    html = _get_text(payload, "html")
    if not html.strip():
        return make_comments(name, payload), False
    fragments = [Fragment(format_raw_html(html), is_html=False), *_make_caption(payload)]
    return [*fragments, *make_comments(name, select_other_texts(payload))], False


def _get_text(payload: Payload, name: str) -> str:
    return as_text(payload.get(name)) or ""


def _make_caption(payload: Payload) -> list[Fragment]:
    return make_block("p", _get_text(payload, "caption"))


def _make_link(href: str, html: str) -> str:
    return f'<a href="{escape(href)}">{html}</a>' if href else html


def _make_picture(payload: Payload, src: str = "src") -> str:
    values = {"src": _get_text(payload, src), "alt": _get_text(payload, "alt"), "title": _get_text(payload, "title")}
    attributes = " ".join(f'{name}="{escape(value)}"' for name, value in values.items() if value or name == "alt")
    return _make_link(_get_text(payload, "href"), f"<img {attributes}>") if values["src"] else ""


def _convert_image(payload: Payload) -> list[Fragment]:
    return [*make_block("p", _make_picture(payload)), *_make_caption(payload)]


def _convert_gallery(payload: Payload) -> list[Fragment]:
    images = payload.get("images")
    return [fragment for image in list_objects(images) for fragment in _convert_image(image)] + _make_caption(payload)


def _convert_markdown(payload: Payload) -> list[Fragment]:
    return [Fragment(_get_text(payload, "markdown"), is_html=False)]


def _convert_html(payload: Payload) -> list[Fragment]:
    return [Fragment(format_raw_html(_get_text(payload, "html")), is_html=False)]


def _convert_code(payload: Payload) -> list[Fragment]:
    code = _get_text(payload, "code")
    fence = "`" * max([3, *(len(match[1]) + 1 for match in _FENCE.finditer(code))])
    language = re.sub(r"[\s`]+", "-", _get_text(payload, "language").strip())
    ending = "" if code.endswith("\n") else "\n"
    return [Fragment(f"{fence}{language}\n{code}{ending}{fence}", is_html=False), *_make_caption(payload)]


def _convert_rule(_: Payload) -> list[Fragment]:
    return [Fragment("<hr>")]


def _convert_embed(payload: Payload) -> list[Fragment]:
    html = _get_text(payload, "html")
    url = _get_text(payload, "url")
    if html.strip():
        return [Fragment(format_raw_html(html), is_html=False), *_make_caption(payload)]
    return [*make_block("p", _make_link(url, escape(url))), *_make_caption(payload)]


def _convert_bookmark(payload: Payload) -> list[Fragment]:
    metadata = as_object(payload.get("metadata"))
    url = _get_text(payload, "url") or _get_text(metadata, "url")
    title = _get_text(metadata, "title") or url
    description = _get_text(metadata, "description")
    names = " · ".join(filter(None, (_get_text(metadata, "publisher"), _get_text(metadata, "author"))))
    parts = [
        *make_block("p", _make_link(url, escape(title))),
        *make_block("p", escape(description)),
        *make_block("p", escape(names)),
        *make_block("p", _make_picture({"src": metadata.get("thumbnail")})),
    ]
    return [*make_block("blockquote", "".join(part.text for part in parts)), *_make_caption(payload)]


def _convert_callout(payload: Payload) -> list[Fragment]:
    emoji = escape(_get_text(payload, "calloutEmoji"))
    text = _get_text(payload, "calloutText")
    paragraph = _PARAGRAPH.match(text)
    start_tag = paragraph[0] if paragraph else "<p>"
    content = text[paragraph.end() :] if paragraph else text
    return make_block("blockquote", f"{start_tag}{emoji} {content}" if emoji else f"{start_tag}{content}")


def _convert_toggle(payload: Payload) -> list[Fragment]:
    start_tag = f"<details>\n<summary>{_get_text(payload, 'heading')}</summary>"
    return [
        Fragment(format_raw_html(start_tag), is_html=False),
        *make_block("div", _get_text(payload, "content")),
        Fragment("</details>", is_html=False),
    ]


def _convert_button(payload: Payload) -> list[Fragment]:
    url = _get_text(payload, "buttonUrl")
    text = _get_text(payload, "buttonText")
    return make_block("p", _make_link(url, escape(text or url)))


def _convert_media(element: str, payload: Payload) -> list[Fragment]:
    tag = f'<{element} src="{escape(_get_text(payload, "src"))}" controls></{element}>'
    return [
        Fragment(tag, is_html=False),
        *make_block("p", escape(_get_text(payload, "title"))),
        *_make_caption(payload),
    ]


def _convert_video(payload: Payload) -> list[Fragment]:
    return _convert_media("video", payload)


def _convert_audio(payload: Payload) -> list[Fragment]:
    return _convert_media("audio", payload)


def _convert_file(payload: Payload) -> list[Fragment]:
    src = _get_text(payload, "src")
    name = _get_text(payload, "fileTitle") or _get_text(payload, "fileName") or src
    caption = escape(_get_text(payload, "fileCaption") or _get_text(payload, "caption"))
    return [*make_block("p", _make_link(src, escape(name))), *make_block("p", caption)]


def _convert_product(payload: Payload) -> list[Fragment]:
    stars = payload.get("productStarRating")
    rating = ""
    if is_true(payload.get("productRatingEnabled")) and isinstance(stars, int) and 0 <= stars <= _MAX_STARS:
        rating = "★" * stars + "☆" * (_MAX_STARS - stars)
    button = {"buttonUrl": payload.get("productUrl"), "buttonText": payload.get("productButton")}
    return [
        *make_block("p", _make_picture(payload, "productImageSrc")),
        *make_block("h4", _get_text(payload, "productTitle")),
        *make_block("p", rating),
        *make_block("div", _get_text(payload, "productDescription")),
        *(_convert_button(button) if is_true(payload.get("productButtonEnabled")) else []),
    ]


def _convert_header(payload: Payload) -> list[Fragment]:
    return [
        *make_block("p", _make_picture(payload, "backgroundImageSrc")),
        *make_block("h2", _get_text(payload, "header")),
        *make_block("p", _get_text(payload, "subheader")),
        *(_convert_button(payload) if is_true(payload.get("buttonEnabled")) else []),
    ]


def _convert_call_to_action(payload: Payload) -> list[Fragment]:
    label = _get_text(payload, "sponsorLabel") if is_true(payload.get("hasSponsorLabel", True)) else ""
    return [
        *make_block("div", label),
        *make_block("p", _make_picture(payload, "imageUrl")),
        *make_block("div", _get_text(payload, "textValue")),
        *(_convert_button(payload) if is_true(payload.get("showButton")) else []),
    ]


def _convert_paywall(_: Payload) -> list[Fragment]:
    return [Fragment(PAYWALL_COMMENT, is_html=False)]


_CONVERTERS: dict[str, Callable[[Payload], list[Fragment]]] = {
    "audio": _convert_audio,
    "bookmark": _convert_bookmark,
    "button": _convert_button,
    "call-to-action": _convert_call_to_action,
    "callout": _convert_callout,
    "code": _convert_code,
    "embed": _convert_embed,
    "file": _convert_file,
    "gallery": _convert_gallery,
    "header": _convert_header,
    "hr": _convert_rule,
    "html": _convert_html,
    "image": _convert_image,
    "markdown": _convert_markdown,
    "paywall": _convert_paywall,
    "product": _convert_product,
    "toggle": _convert_toggle,
    "video": _convert_video,
}
