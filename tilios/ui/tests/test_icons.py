import re
from pathlib import Path

import pytest

from tilios.ui import icons

UI = Path(__file__).resolve().parents[1]
LIST = UI.parents[1] / "frontend" / "icons.txt"


def test_the_names_are_those_of_the_list():
    wanted = re.sub(r"^#.*$", "", LIST.read_text(), flags=re.MULTILINE).split()
    assert icons.names() == frozenset(wanted), "run `npm run build` in frontend/ and commit icons.json"


def test_an_icon_is_silent_unless_it_is_named():
    assert 'aria-hidden="true"' in icons.icon("lock")
    named = icons.icon("lock", label='"Private" & mine')
    assert 'role="img"' in named
    assert 'aria-label="&quot;Private&quot; &amp; mine"' in named
    assert "aria-hidden" not in named


def test_an_unknown_icon_says_where_to_add_it():
    with pytest.raises(ValueError, match=r"frontend/icons\.txt"):
        icons.icon("no-such-icon")


def test_templates_name_known_icons_only():
    used = set()
    for template in (UI / "templates").rglob("*.html"):
        used |= set(re.findall(r'{% icon "([^"]+)"', template.read_text()))
        used |= set(re.findall(r'icon="([^"]+)"', template.read_text()))
    assert used <= icons.names()
    assert len(used) > 20
