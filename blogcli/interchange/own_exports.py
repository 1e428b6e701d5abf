"""Recognize exports of blogcli by the first bytes of the file."""

import re
import zlib

# The number of bytes to examine. They include everything before the first post, even if the blog has a long title.
START_SIZE = 64 * 1024
_GZIP = b"\x1f\x8b"
# Other programs write these formats as well, so each pattern contains something that only blogcli writes.
_PATTERNS = {
    "jsonl": re.compile(rb'\{"type": "blogcli", "version": \d+\}\r?\n'),
    "ghost": re.compile(
        rb'\{"db": \[\{"meta": \{"exported_on": ?\d+, ?"version": ?"[^"\n]*"\}, "data": \{\n"posts": \['
    ),
    "wordpress": re.compile(rb"<\?xml [^>]*>\s*<rss [^>]*\burn:blogcli:export:\d"),
    "feeds": re.compile(
        rb"<\?xml (?:(?!<item>|<entry>|urn:blogcli:export).)*<generator>blogcli</generator>"
        rb'|\{"version": "https://jsonfeed\.org/version/1\.1", "title": [^\n]*, "items": \[\n',
        re.DOTALL,
    ),
}


def is_own_export(name: str, start: bytes) -> bool:
    """Return whether blogcli exported a file with these first bytes in the format with this name."""
    if start.startswith(_GZIP):
        try:
            start = zlib.decompressobj(wbits=31).decompress(start, START_SIZE)
        except zlib.error:
            return False
    return _PATTERNS[name].match(start) is not None
