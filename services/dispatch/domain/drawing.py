"""What is drawn in a picture: how far the pixels reach that show against its background.

A signature is looked at row by row until it is plain that somebody drew something, so that a blank picture of 16 MiB
and a full one cost the same few milliseconds.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LEAST = 8
"""Pixels that a drawing reaches at least, across or down."""
SHARE = 50
"""It reaches at least this part of the picture's longer side: what is smaller is a dot."""
PATIENCE = 256 * 1024
"""Bytes of rows that are looked at one by one. A picture that is still blank after them is noise, not a blank."""

Box = tuple[int, int, int, int]
"""Left, top, right, bottom of what is drawn, in pixels."""


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass over a picture (Adam7 has seven, else there is one): its size, and where its pixels stand."""

    columns: int
    rows: int
    left: int
    top: int
    across: int
    down: int


@dataclass(frozen=True, slots=True)
class Raster:
    """A picture's pixels as PNG packs them: rows with a filter byte before each, pass after pass.

    `bits` is a pixel's size, `alpha` the bytes at its end that say how far one sees through it. `palette` has the
    colours of numbered pixels, `clear` how far one sees through each of them.
    """

    width: int
    height: int
    bits: int
    alpha: int
    passes: Sequence[Pass]
    data: bytes
    palette: bytes = b""
    clear: bytes = b""


def drawn(raster: Raster) -> bool:
    """Whether more than a dot shows on one background, which is what most of the first row is."""
    enough = max(LEAST, max(raster.width, raster.height) // SHARE)
    background: object = None
    blank, box, left = b"", None, PATIENCE
    for number, (where, y, row) in enumerate(_rows(raster)):
        if row == blank:
            continue
        pixels = _seen(raster, row, where.columns)
        if number == 0:
            background = Counter(pixels).most_common(1)[0][0]
        columns = [x for x, pixel in enumerate(pixels) if pixel != background]
        if not columns:
            blank = row
        else:
            first, last = (where.left + x * where.across for x in (columns[0], columns[-1]))
            box = _around(box, (first, y, last, y))
            if max(box[2] - box[0], box[3] - box[1]) + 1 >= enough:
                return True
        left -= len(row)
        if left < 0:
            return True
    return False


def _around(box: Box | None, more: Box) -> Box:
    if box is None:
        return more
    return min(box[0], more[0]), min(box[1], more[1]), max(box[2], more[2]), max(box[3], more[3])


def _rows(raster: Raster) -> Iterator[tuple[Pass, int, bytes]]:
    """Every row, its filter taken off, with its pass and its place from the top."""
    place, step = 0, max(1, raster.bits // 8)
    for where in raster.passes:
        length = (where.columns * raster.bits + 7) // 8
        before, known, row = bytes(length), (b"", b""), b""
        for number in range(where.rows):
            packed = raster.data[place : place + 1 + length]
            place += 1 + length
            if known != (packed, before):
                known, row = (packed, before), _unfiltered(packed[0], packed[1:], before, step)
            before = row
            yield where, where.top + number * where.down, row


def _unfiltered(kind: int, packed: bytes, above: bytes, step: int) -> bytes:
    """A row as it is, by PNG's filters: each byte is told as the difference from what its neighbours predict."""
    if kind == 0:
        return packed
    row = bytearray(step) + packed
    corner = bytes(step) + above
    for place in range(step, len(row)):
        left, up, diagonal = row[place - step], corner[place], corner[place - step]
        row[place] = (row[place] + _predicted(kind, left, up, diagonal)) & 0xFF
    return bytes(row[step:])


def _predicted(kind: int, left: int, up: int, diagonal: int) -> int:
    match kind:
        case 1:
            return left
        case 2:
            return up
        case 3:
            return (left + up) // 2
        case _:
            return min((left, up, diagonal), key=lambda value: abs(left + up - diagonal - value))


def _seen(raster: Raster, row: bytes, columns: int) -> list[object]:
    """What one sees of each pixel: its bytes or its colour; None where one sees through it."""
    if raster.bits < 8:
        packed, mask = int.from_bytes(row), (1 << raster.bits) - 1
        ends = range(len(row) * 8 - raster.bits, -1, -raster.bits)
        numbers = [(packed >> end) & mask for end in ends][:columns]
        return [_colour(raster, number) for number in numbers] if raster.palette else list(numbers)
    if raster.palette and raster.bits == 8:
        return [_colour(raster, number) for number in row]
    size = raster.bits // 8
    pixels = [row[place : place + size] for place in range(0, columns * size, size)]
    if not raster.alpha:
        return list(pixels)
    return [pixel if any(pixel[-raster.alpha :]) else None for pixel in pixels]


def _colour(raster: Raster, number: int) -> object:
    if raster.clear[number : number + 1] == b"\0":
        return None
    return raster.palette[3 * number : 3 * number + 3] or number
