"""A signature is a complete PNG, and nothing that only looks like one."""

import base64
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dispatch.api.forms import DOT
from services.dispatch.domain.signature import MAX_BYTES, NotAPicture, check

DEPTHS = [(0, 1), (0, 8), (0, 16), (2, 8), (3, 4), (4, 8), (6, 8), (6, 16)]
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def picture(
    width: int = 3, height: int = 2, colour: int = 0, depth: int = 8, pixels: bytes | None = None, interlace: int = 0
) -> bytes:
    row = 1 + (width * depth * CHANNELS.get(colour, 1) + 7) // 8
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    palette = chunk(b"PLTE", bytes(48)) if colour == 3 else b""
    data = zlib.compress(bytes(row * height) if pixels is None else pixels)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + palette + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@given(st.integers(1, 40), st.integers(1, 40), st.sampled_from(DEPTHS))
def test_any_size_and_colour_is_a_picture(width: int, height: int, kind: tuple[int, int]) -> None:
    check(picture(width, height, *kind))


def test_the_example_is_a_picture() -> None:
    check(base64.b64decode(DOT))


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
