import pytest

from tilios.ui.devices import device_icon, device_name

LINUX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Version/17.0 Mobile Safari/604.1"
PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("line", "name", "icon"),
    [
        (LINUX, "Firefox, Linux", "monitor"),
        (EDGE, "Edge, Windows", "monitor"),
        (IPHONE, "Safari, iPhone", "smartphone"),
        (PHONE, "Chrome, Android", "smartphone"),
        (PHONE.replace("Mobile ", ""), "Chrome, Android", "tablet"),
    ],
)
def test_a_device_is_named_in_words(line, name, icon):
    assert device_name(line) == name
    assert device_icon(line) == icon


def test_what_is_not_known_is_said():
    assert device_name("curl/8") != ""
