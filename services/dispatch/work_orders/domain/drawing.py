"""What is drawn in a picture: how far the pixels reach that show against its background."""

from typing import cast

from PIL import Image, ImageChops, ImageFile

LEAST = 8
"""Pixels that a drawing reaches at least, across or down."""
SHARE = 50
"""It reaches at least this part of the picture's longer side: what is smaller is a dot."""


def drawn(picture: bytes) -> bool:
    """Whether more than a dot shows on one background, which is what most of the first row is.

    The picture is a whole PNG of bounded size. What one sees through shows nothing, whatever its colour is.
    """
    seen = _seen(picture)
    colours = seen.crop((0, 0, seen.width, 1)).getcolors(seen.width)
    _, background = max(cast(list[tuple[int, tuple[int, ...]]], colours))
    paper = Image.new("RGBA", seen.size, background)
    ink = ImageChops.difference(seen, paper)
    box = ink.getbbox(alpha_only=False)
    if box is None:
        return False
    left, top, right, bottom = box
    return max(right - left, bottom - top) >= max(LEAST, max(seen.size) // SHARE)


def _seen(picture: bytes) -> Image.Image:
    """What one sees of each pixel: its red, green, blue and how far one sees through; all zero where that is all."""
    parser = ImageFile.Parser()
    parser.feed(picture)
    whole = parser.close()
    shallow = whole.point(lambda deep: deep / 256).convert("L") if whole.mode.startswith("I") else whole
    shown = shallow.convert("RGBA")
    clear = Image.new("RGBA", shown.size, (0, 0, 0, 0))
    return Image.composite(shown, clear, shown.getchannel("A").point(lambda alpha: 255 if alpha else 0))
