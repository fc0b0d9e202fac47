"""A signature is a complete PNG, and nothing that only looks like one."""

import base64
import struct
import zlib
from contextlib import suppress
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dispatch.work_orders.api.forms import SCRAWL
from services.dispatch.work_orders.domain.signature import MAX_BYTES, NotAPicture, check, empty

DEPTHS = [(0, 1), (0, 8), (0, 16), (2, 8), (3, 4), (4, 8), (6, 8), (6, 16)]
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def picture(
    width: int = 3,
    height: int = 2,
    colour: int = 0,
    depth: int = 8,
    pixels: bytes | None = None,
    interlace: int = 0,
    palette: bytes = bytes(48),
    more: bytes = b"",
) -> bytes:
    row = 1 + (width * depth * CHANNELS.get(colour, 1) + 7) // 8
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    palette = chunk(b"PLTE", palette) + more if colour == 3 else b""
    data = zlib.compress(bytes(row * height) if pixels is None else pixels)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + palette + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@given(st.integers(1, 40), st.integers(1, 40), st.sampled_from(DEPTHS))
def test_any_size_and_colour_is_a_picture(width: int, height: int, kind: tuple[int, int]) -> None:
    check(picture(width, height, *kind))


def test_the_example_is_a_picture() -> None:
    check(base64.b64decode(SCRAWL))


def test_an_interlaced_picture_is_counted_pass_by_pass() -> None:
    passes = [(1, 1), (1, 1), (2, 1), (2, 2), (4, 2), (4, 4), (8, 4)]  # columns and rows of an 8 x 8 picture
    whole = b"".join(bytes(rows * (1 + columns)) for columns, rows in passes)
    check(picture(8, 8, pixels=whole, interlace=1))
    with pytest.raises(NotAPicture):
        check(picture(8, 8, pixels=whole[:-1], interlace=1))


@given(st.data())
def test_no_part_of_a_picture_is_a_picture(data: st.DataObject) -> None:
    whole = picture()
    with pytest.raises(NotAPicture):
        check(whole[: data.draw(st.integers(0, len(whole) - 1))])


@given(st.data())
def test_a_flipped_bit_is_noticed(data: st.DataObject) -> None:
    damaged = bytearray(picture())
    damaged[data.draw(st.integers(0, len(damaged) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(NotAPicture):
        check(bytes(damaged))


@given(st.binary(max_size=200))
def test_anything_else_is_refused_in_a_sentence(noise: bytes) -> None:
    for attempt in (noise, b"\x89PNG\r\n\x1a\n" + noise, picture() + noise + b"."):
        with pytest.raises(NotAPicture):
            check(attempt)


@pytest.mark.parametrize(
    "bad",
    [
        picture(0, 1, pixels=b""),
        picture(5000, 1),
        picture(4096, 4096, colour=6, depth=16, pixels=b""),
        picture(colour=5),
        picture(colour=2, depth=4),
        picture(pixels=b"\0" * 7),
        picture(pixels=b"\0" * 9),
        picture(interlace=2),
        picture()[:8] + chunk(b"IEND", b""),
        picture()[:-12] + picture()[8:],
        picture()[:-12] + chunk(b"ABCD", b"") + chunk(b"IEND", b""),
        picture(colour=0).replace(chunk(b"IHDR", struct.pack(">IIBBBBB", 3, 2, 8, 0, 0, 0, 0)), chunk(b"IHDR", b"")),
        b"\x89PNG\r\n\x1a\n" + bytes(MAX_BYTES),
    ],
)
def test_what_cannot_be_decoded_is_no_picture(bad: bytes) -> None:
    with pytest.raises(NotAPicture):
        check(bad)


def test_a_small_file_cannot_unpack_into_a_large_one() -> None:
    with pytest.raises(NotAPicture):
        check(picture(4, 4, pixels=bytes(50_000_000)))


def filtered(rows: list[bytes], step: int, kinds: list[int]) -> bytes:
    """Rows as PNG packs them, each with its filter."""
    packed, above = b"", bytes(len(rows[0]))
    for row, kind in zip(rows, kinds, strict=True):
        left, corner = bytes(step) + row, bytes(step) + above
        predicted = [
            (0, left[x], above[x], (left[x] + above[x]) // 2, _paeth(left[x], above[x], corner[x]))[kind]
            for x in range(len(row))
        ]
        packed += bytes([kind]) + bytes((a - b) & 0xFF for a, b in zip(row, predicted, strict=True))
        above = row
    return packed


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    distances = abs(guess - left), abs(guess - up), abs(guess - corner)
    return (left, up, corner)[distances.index(min(distances))]


FILTERS = st.integers(0, 4)
SIZES = st.tuples(st.integers(10, 60), st.integers(10, 60))
STEPS = {0: 1, 2: 3, 4: 2, 6: 4}


@given(SIZES, st.sampled_from(sorted(STEPS)), st.data())
def test_one_colour_is_no_signature_and_neither_is_a_dot(
    size: tuple[int, int], colour: int, data: st.DataObject
) -> None:
    (width, height), step = size, STEPS[colour]
    paper = data.draw(st.binary(min_size=step, max_size=step))
    ink = (
        bytes(255 - byte for byte in paper[: step - 1]) + b"\xff" if colour in (4, 6) else bytes(b ^ 255 for b in paper)
    )
    kinds = data.draw(st.lists(FILTERS, min_size=height, max_size=height))
    rows = [bytearray(paper * width) for _ in range(height)]
    assert empty(picture(width, height, colour, 8, filtered([bytes(row) for row in rows], step, kinds)))
    x, y, side = width - 6, data.draw(st.integers(2, height - 7)), data.draw(st.integers(1, 5))
    for row in rows[y : y + side]:
        row[x * step : (x + side) * step] = ink * side
    assert empty(picture(width, height, colour, 8, filtered([bytes(row) for row in rows], step, kinds)))


@given(SIZES, st.sampled_from(sorted(STEPS)), st.data())
def test_a_stroke_is_a_signature(size: tuple[int, int], colour: int, data: st.DataObject) -> None:
    (width, height), step = size, STEPS[colour]
    kinds = data.draw(st.lists(FILTERS, min_size=height, max_size=height))
    rows = [bytearray(b"\xff" * step * width) for _ in range(height)]
    for place in range(data.draw(st.integers(8, min(width, height) - 1))):
        rows[1 + place][place * step : (place + 1) * step] = b"\0" * (step - 1) + b"\x80"
    assert not empty(picture(width, height, colour, 8, filtered([bytes(row) for row in rows], step, kinds)))


def test_the_example_is_signed_and_no_small_or_clear_picture_is() -> None:
    assert not empty(base64.b64decode(SCRAWL))
    assert empty(picture(1, 1))
    assert empty(picture(7, 7, pixels=b"\0\0\xff\0\xff\0\xff\0" * 7))
    clear = b"".join(b"\0" + bytes(value for x in range(20) for value in (x * 9, y * 9, 7, 0)) for y in range(20))
    assert empty(picture(20, 20, 6, pixels=clear))


def test_numbered_colours_that_are_one_colour_show_nothing() -> None:
    rows = b"".join(b"\0" + bytes((x + y) % 3 for x in range(20)) for y in range(20))
    assert empty(picture(20, 20, 3, 8, rows, palette=b"\x10\x20\x30" * 3))
    assert empty(picture(20, 20, 3, 8, rows, palette=bytes(range(9)), more=chunk(b"tRNS", bytes(3))))
    assert not empty(picture(20, 20, 3, 8, rows, palette=bytes(range(9))))


def test_bits_are_pixels_and_passes_are_put_together() -> None:
    line = [b"\0" + (0xFFFF0000 >> (y % 2 * 32)).to_bytes(8)[-4:] for y in range(20)]
    assert not empty(picture(32, 20, depth=1, pixels=b"".join(line)))
    assert empty(picture(32, 20, depth=1, pixels=b"\0\xff\xff\xff\xff" * 20))
    passes = [(1, 1), (1, 1), (2, 1), (2, 2), (4, 2), (4, 4), (8, 4)]
    blank = b"".join((b"\0" + b"\xff" * columns) * rows for columns, rows in passes)
    assert empty(picture(8, 8, pixels=blank, interlace=1))
    drawn = b"".join((b"\0" + b"\xff" * columns) * rows for columns, rows in passes[:-1]) + (b"\0" + bytes(8)) * 4
    assert not empty(picture(8, 8, pixels=drawn, interlace=1))


@given(st.sampled_from(DEPTHS), st.binary(max_size=30), st.binary(max_size=60), st.sampled_from([b"tRNS", b"acTL"]))
def test_whatever_stands_beside_the_pixels_is_an_answer_or_a_refusal(
    kind: tuple[int, int], clear: bytes, palette: bytes, name: bytes
) -> None:
    whole = picture(9, 9, *kind, palette=palette)
    place = whole.index(b"IDAT") - 4
    with suppress(NotAPicture):
        empty(whole[:place] + chunk(name, clear) + whole[place:])


def hidden(byte: int) -> bytes:
    """A row of pixels that one sees through, one byte of them of another colour."""
    return b"\0" + bytes((byte, 0, 0, 0)) + bytes(299 * 4)


def test_what_nobody_sees_is_no_signature() -> None:
    assert empty(picture(300, 300, 6, pixels=b"".join(hidden(y & 1) for y in range(300))))
    padding = b"".join(b"\0" + b"\xff" * 511 + bytes((0xFE | y & 1,)) for y in range(600))
    assert empty(picture(4095, 600, depth=1, pixels=padding))


def test_a_large_picture_is_looked_at_in_no_time() -> None:
    noise = b"".join(bytes((x * 7 % 256, x * 11 % 256, x * 13 % 256, 0)) for x in range(1024))
    clear = b"".join(bytes((4,)) + noise[4 * y :] + noise[: 4 * y] for y in range(1024))
    dark = b"".join(b"\3" + (b"\x80" * 4 + b"\x40" * 4092 if y == 0 else b"\x40" * 4096) for y in range(1024))
    turns = b"".join(bytes((3 + y % 2,)) + bytes(4 * 2047) for y in range(2047))
    bits = b"".join(b"\0" + bytes((y % 256,)) + bytes(511) for y in range(600))
    for one in (
        picture(1024, 1024, 6, pixels=clear),
        picture(1024, 1024, 6, pixels=dark),
        picture(2047, 2047, 6, pixels=turns),
        picture(4095, 600, depth=1, pixels=bits),
    ):
        began = process_time()
        empty(one)
        assert process_time() - began < 1
