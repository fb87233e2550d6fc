"""Formulas in TeX: drawn as MathML, which browsers read and screen readers say, or as a picture for paper."""

from functools import cache
from html import escape, unescape
from typing import Any

from latex2mathml.converter import convert_to_element

LONGEST = 2000
_SIZE = 16
_ATTRIBUTES = {"mathvariant", "stretchy", "fence", "form", "separator", "accent", "displaystyle", "scriptlevel"}
_ATTRIBUTES |= {"columnalign", "rowspacing", "columnspacing", "linethickness", "lspace", "rspace", "width", "height"}
_TAGS = {"mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "mfrac", "msqrt", "mroot", "mstyle", "mpadded", "mphantom"}
_TAGS |= {"msub", "msup", "msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd", "menclose"}


def drawn(tex: str, *, display: bool) -> str:
    """MathML of `tex`; `tex` itself as code where it cannot be read."""
    if len(tex) > LONGEST:
        return f"<code>{escape(tex)}</code>"
    try:
        inside = "".join(_element(child) for child in convert_to_element(tex))
    except Exception:  # noqa: BLE001  # the library has no error of its own, and people are in the middle of typing
        return f"<code>{escape(tex)}</code>"
    return (
        f'<math xmlns="http://www.w3.org/1998/Math/MathML" display="{"block" if display else "inline"}">{inside}</math>'
    )


def picture(tex: str, *, display: bool) -> tuple[bytes, float, float] | None:
    """`tex` as SVG, how wide it is and how far it goes below the line, in ems; None where it cannot be read."""
    if not tex.strip() or len(tex) > LONGEST:
        return None
    try:
        formula = _latex()(tex, size=_SIZE, inline=not display)
        width, _height = formula.getsize()
        # The drawing has a margin of 1 around it.
        return formula.svg().encode(), (width + 2) / _SIZE, (1 - formula.getyofst()) / _SIZE
    except Exception:  # noqa: BLE001  # as above
        return None


@cache
def _latex() -> Any:
    """What draws them: it reads its font first, which only paper needs."""
    from ziamath.config import config
    from ziamath.zmath import Latex

    config.svg2 = False  # each sign is drawn where it stands: <symbol> is not read everywhere
    return Latex


def _element(element: Any) -> str:
    # SECURITY: the library writes what is in \text, \href, \style as it comes: only what is named here goes out.
    text = escape(unescape(element.text or ""))  # the library writes signs as references, "&#x0002B;"
    inside = text + "".join(_element(child) for child in element)
    if element.tag not in _TAGS:
        return inside
    kept = "".join(f' {name}="{escape(value)}"' for name, value in element.attrib.items() if name in _ATTRIBUTES)
    return f"<{element.tag}{kept}>{inside}</{element.tag}>"
