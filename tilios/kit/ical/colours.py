"""Names of colours: RFC 7986 lets COLOR be one of those of CSS3 alone."""

from functools import cache

from PIL import ImageColor

#: More than one spelling has no use, and "rebeccapurple" came after CSS3.
_LEFT_OUT = {"rebeccapurple"}


@cache
def named(colour: str) -> str:
    """The name of the CSS3 colour nearest to `colour` ("#2f6f9f")."""
    wanted = _levels(colour)
    names = [(name, value) for name, value in ImageColor.colormap.items() if name not in _LEFT_OUT]
    return min(names, key=lambda one: sum((a - b) ** 2 for a, b in zip(wanted, _levels(one[1]), strict=True)))[0]


def _levels(colour: str | tuple[int, ...]) -> tuple[int, int, int]:
    red, green, blue = (ImageColor.getrgb(colour) if isinstance(colour, str) else colour)[:3]
    return red, green, blue
