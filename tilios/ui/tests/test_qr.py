import re
from xml.etree import ElementTree

import segno

from tilios.ui import qr

SVG = "{http://www.w3.org/2000/svg}"
TEXT = "https://tilios.example/l/abc"


def test_the_code_is_an_image_with_a_name():
    root = ElementTree.fromstring(qr.svg(TEXT, label="Link of the poll <1>"))
    assert root.get("role") == "img"
    assert root.get("aria-label") == "Link of the poll <1>"
    assert all(element.get("style") is None for element in root.iter())


def test_the_modules_drawn_are_those_of_the_code():
    root = ElementTree.fromstring(qr.svg(TEXT))
    drawn = set()
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", root.findall(f"{SVG}path")[1].get("d", "")):
        drawn |= {(int(x) + step - qr.QUIET_ZONE, int(y) - qr.QUIET_ZONE) for step in range(int(length))}
    code = segno.make(TEXT, micro=False, error="m")
    assert drawn == {(x, y) for y, row in enumerate(code.matrix) for x, module in enumerate(row) if module}


def test_it_is_black_on_white_in_every_theme():
    svg = qr.svg(TEXT)
    assert 'fill="#ffffff"' in svg
    assert 'fill="#000000"' in svg
