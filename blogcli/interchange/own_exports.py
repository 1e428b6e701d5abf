"""Recognize files that blogcli has exported by their first bytes."""

import re
import zlib

# The number of bytes that include everything before the first post, even with a long title of the blog.
START = 64 * 1024
_GZIP = b"\x1f\x8b"
# Other programs write the same formats, so each pattern contains something that only blogcli writes.
_STARTS = {
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
    """Return whether a file that begins with these bytes was exported by blogcli in the format of that name."""
    if start.startswith(_GZIP):
        try:
            start = zlib.decompressobj(wbits=31).decompress(start, START)
        except zlib.error:
            return False
    return _STARTS[name].match(start) is not None
