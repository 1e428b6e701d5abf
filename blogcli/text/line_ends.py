"""The line ends of texts."""


def with_line_feeds(text: str) -> str:
    """Return the text with all line breaks replaced by line feeds."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
