"""Examine the first bytes of a file to recognize whether blogcli exported the file."""

import re
import zlib

# The number of bytes to examine at the start of a file. These bytes include the whole header of the file, even if the
# title of the blog is long.
START_SIZE = 64 * 1024
_GZIP = b"\x1f\x8b"
# Other programs write files in these formats as well, so each pattern matches a header that only blogcli writes.
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
    """Return whether a file that begins with `start` is an export of blogcli in the format `name`."""
    if start.startswith(_GZIP):
        try:
            start = zlib.decompressobj(wbits=31).decompress(start, START_SIZE)
        except zlib.error:
            return False
    return _PATTERNS[name].match(start) is not None
