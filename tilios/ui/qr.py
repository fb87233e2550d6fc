"""QR codes as SVG: black on white in every theme, because cameras need it."""

import segno
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

QUIET_ZONE = 4  # modules left white around the code, ISO/IEC 18004


def svg(text: str, *, label: str = "") -> SafeString:
    """The code for `text`. `label` is what it is for; the address itself should stand beside it as a link."""
    code = segno.make(text, micro=False, error="m")
    side = code.symbol_size(border=0)[0] + 2 * QUIET_ZONE
    runs = format_html_join("", "M{} {}h{}v1h-{}z", _dark_runs(code))
    return format_html(
        '<svg class="qr" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}" width="{1}" height="{1}" role="img" '
        'aria-label="{2}" shape-rendering="crispEdges"><path fill="#ffffff" d="M0 0h{0}v{0}H0z"/>'
        '<path fill="#000000" d="{3}"/></svg>',
        side,
        side * 6,
        label or gettext("QR code"),
        runs,
    )


def _dark_runs(code: segno.QRCode) -> list[tuple[int, int, int, int]]:
    """Horizontal runs of dark modules: x, y, length, length."""
    runs = []
    for y, row in enumerate(code.matrix):
        start = None
        for x, module in enumerate([*row, 0]):
            if module and start is None:
                start = x
            elif not module and start is not None:
                runs.append((start + QUIET_ZONE, y + QUIET_ZONE, x - start, x - start))
                start = None
    return runs
