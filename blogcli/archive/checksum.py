"""The last line of a backup file, which contains a checksum of all bytes before it.

In a compressed file, the line is a gzip member of its own that is not compressed. Its bytes depend only on the
checksum, so a reader can compare them exactly. A flipped bit anywhere in the file is therefore noticed, also in those
bits of the compressed data that do not affect the content.
"""

import hashlib
import struct
import zlib
from pathlib import Path
from typing import BinaryIO

from ..errors import InvalidError

# The header of a gzip member without a file name and a time, for an unknown operating system.
_GZIP_HEADER = bytes.fromhex("1f8b08000000000000ff")
GZIP_MAGIC = _GZIP_HEADER[:2]
_BLOCK = 1 << 20


def checksum_line(digest: str) -> bytes:
    """Return the last line for a file whose other bytes have the given digest."""
    return f'{{"sha256":"{digest}"}}\n'.encode()


def checksum_member(digest: str) -> bytes:
    """Return the gzip member that contains the last line."""
    line = checksum_line(digest)
    # A final block that is stored without compression: its type, its length, and the complement of the length.
    block = struct.pack("<BHH", 1, len(line), len(line) ^ 0xFFFF) + line
    return _GZIP_HEADER + block + struct.pack("<LL", zlib.crc32(line), len(line))


def verify_checksum(path: Path) -> None:
    """Read a backup file, and compare its bytes with the checksum at the end.

    Raises InvalidError if they differ.
    """
    with path.open("rb") as file:
        is_compressed = file.read(2) == GZIP_MAGIC
        make_end = checksum_member if is_compressed else checksum_line
        size = path.stat().st_size - len(make_end("0" * 64))
        digest = _digest(file, size)
        if file.read() != make_end(digest):
            raise InvalidError(f"{path} is damaged or incomplete: its checksum is wrong", hint="Use another backup.")


def _digest(file: BinaryIO, size: int) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while size > 0 and (block := file.read(min(size, _BLOCK))):
        digest.update(block)
        size -= len(block)
    return digest.hexdigest()
