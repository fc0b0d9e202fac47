"""A signature (签名) is a picture on which somebody drew: a complete PNG that can be decoded, of the size of a hand."""

import struct
import zlib
from collections.abc import Iterator

from services.dispatch.work_orders.domain.drawing import drawn

MAX_BYTES = 256 * 1024
MAX_SIDE = 4096
MAX_PIXEL_BYTES = 16 * 1024 * 1024

_MAGIC = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_KNOWN = (b"IHDR", b"PLTE", b"IDAT", b"IEND")


class NotAPicture(ValueError):
    """The bytes are no complete PNG; the sentence says what is wrong, never what they were."""


def check(picture: bytes) -> None:
    """Raise NotAPicture unless this is a whole PNG: chunks, their checksums, and as many pixels as its header says."""
    if len(picture) > MAX_BYTES:
        raise NotAPicture("The picture is larger than 256 KiB.")
    if not picture.startswith(_MAGIC):
        raise NotAPicture("The picture is not a PNG.")
    chunks = list(_chunks(picture))
    kinds = [kind for kind, _ in chunks]
    if kinds[:1] != [b"IHDR"] or kinds.count(b"IHDR") != 1 or kinds[-1] != b"IEND" or chunks[-1][1]:
        raise NotAPicture("The PNG does not begin with its header and end with its end.")
    packed = b"".join(data for kind, data in chunks if kind == b"IDAT")
    _check_size(packed, _size(chunks[0][1], b"PLTE" in kinds))


def empty(picture: bytes) -> bool:
    """Whether nobody signed on it: one colour, or no more than a dot. Raises NotAPicture."""
    check(picture)
    try:
        return not drawn(_bare(picture))
    except (OSError, SyntaxError, ValueError, IndexError, struct.error):
        raise NotAPicture("The colours of the PNG are damaged.") from None


def _bare(picture: bytes) -> bytes:
    """The picture without all that is no pixel and no colour: names, profiles, further frames."""
    parts = [(kind, data) for kind, data in _chunks(picture) if kind in (*_KNOWN, b"tRNS")]
    framed = (len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4) for kind, data in parts)
    return _MAGIC + b"".join(framed)


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(_MAGIC)
    while place < len(picture):
        head = picture[place : place + 8]
        length = int.from_bytes(head[:4])
        data = picture[place + 8 : place + 8 + length]
        checksum = picture[place + 8 + length : place + 12 + length]
        if len(checksum) != 4 or int.from_bytes(checksum) != zlib.crc32(head[4:] + data):
            raise NotAPicture("The PNG is cut short or damaged.")
        if head[4:] not in _KNOWN and not head[4] & 0x20:
            raise NotAPicture("The PNG needs an extension that is not supported.")
        yield head[4:], data
        place += 12 + length


def _size(header: bytes, has_palette: bool) -> int:
    """How many bytes the pixels have unpacked, as the header says."""
    if len(header) != 13:
        raise NotAPicture("The header of the PNG is malformed.")
    width, height, depth, colour, packing, filtering, interlace = struct.unpack(">IIBBBBB", header)
    if depth not in _DEPTHS.get(colour, ()) or packing or filtering or interlace > 1:
        raise NotAPicture("The header of the PNG is malformed.")
    if colour == 3 and not has_palette:
        raise NotAPicture("The header of the PNG is malformed.")
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise NotAPicture(f"The picture is empty, or a side is longer than {MAX_SIDE} pixels.")
    bits = depth * _CHANNELS[colour]
    passes = _passes(width, height, _ADAM7 if interlace else ((0, 0, 1, 1),))
    size: int = sum(rows * (1 + (columns * bits + 7) // 8) for columns, rows in passes)
    if size > MAX_PIXEL_BYTES:
        raise NotAPicture("The picture has too many pixels.")
    return size


def _passes(width: int, height: int, grids: tuple[tuple[int, int, int, int], ...]) -> list[tuple[int, int]]:
    """Columns and rows of each pass over a picture (Adam7 has seven, else there is one)."""
    found = [
        ((width - left + across - 1) // across, (height - top + down - 1) // down) for left, top, across, down in grids
    ]
    return [(columns, rows) for columns, rows in found if columns > 0]


def _check_size(packed: bytes, expected: int) -> None:
    """Raise NotAPicture unless there are as many pixels as that, unpacking no more of them."""
    unpack = zlib.decompressobj()
    try:
        data = unpack.decompress(packed, expected + 1)
    except zlib.error:
        raise NotAPicture("The pixels of the PNG are damaged.") from None
    if len(data) != expected or not unpack.eof:
        raise NotAPicture("The PNG holds more or fewer pixels than its header says.")
