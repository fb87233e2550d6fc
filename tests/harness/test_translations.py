"""The check of the translations says what is wrong, and where."""

import pytest

from dev import translations

HEADER = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

"""
VIEW = 'from django.utils.translation import gettext as _\n\ntitle = _("Hello %(name)s")\n'
PAGE = (
    "{% load i18n %}{% blocktranslate count n=n %}{{ n }} vote{% plural %}{{ n }} votes{% endblocktranslate %}"
    '{% translate "May" context "month" %}'
)
RIGHT = """\
msgid "Hello %(name)s"
msgstr "Bonjour %(name)s"
"""
RIGHT_TOO = """\
msgid "%(n)s vote"
msgid_plural "%(n)s votes"
msgstr[0] "une voix"
msgstr[1] "%(n)s voix"

msgctxt "month"
msgid "May"
msgstr "mai"
"""


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A house of two sentences in the portal and a tool: `house(part, tool)` writes its catalogues."""
    for name, value in {
        "ROOT": tmp_path,
        "SOURCES": tmp_path / "tilios",
        "PARTS": tmp_path / "locale" / "fr" / "parts",
        "MERGED": tmp_path / "locale" / "fr" / "LC_MESSAGES" / "django.mo",
    }.items():
        monkeypatch.setattr(translations, name, value)
    write(tmp_path / "tilios/portal/views.py", VIEW)
    write(tmp_path / "tilios/tools/polls/templates/polls/detail.html", PAGE)

    def write_catalogues(part, tool):
        write(tmp_path / "locale/fr/parts/portal.po", HEADER + part)
        write(tmp_path / "tilios/tools/polls/locale/fr/LC_MESSAGES/django.po", HEADER + tool)

    return write_catalogues


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def test_nothing_to_say_when_all_is_translated(house, capsys):
    house(RIGHT, RIGHT_TOO)
    assert translations.check() == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("part", "tool", "said"),
    [
        ("", RIGHT_TOO, "tilios/portal/views.py: line 3: no French for 'Hello %(name)s'"),
        (RIGHT, "", "tilios/tools/polls/templates/polls/detail.html: line 1: no French for 'May' (context 'month')"),
        (RIGHT.replace("Bonjour %(name)s", ""), RIGHT_TOO, "'Hello %(name)s': is not translated"),
        ("#, fuzzy\n" + RIGHT, RIGHT_TOO, "'Hello %(name)s': is marked fuzzy"),
        (RIGHT.replace("Bonjour %(name)s", "Bonjour %(nom)s"), RIGHT_TOO, "placeholders %(name)s became %(nom)s"),
        (RIGHT, RIGHT_TOO.replace('"%(n)s voix"', '"voix"'), "placeholders %(n)s became none"),
        (RIGHT, RIGHT_TOO + "\n" + RIGHT.replace("Bonjour", "Salut"), "said otherwise in locale/fr/parts/portal.po"),
    ],
)
def test_what_is_wrong_is_named(house, capsys, part, tool, said):
    house(part, tool)
    assert translations.check() == 1
    assert said in capsys.readouterr().err


def test_extract_adds_what_is_missing_where_it_belongs(house, tmp_path):
    house("", "")
    translations.extract()
    assert 'msgid "Hello %(name)s"' in (tmp_path / "locale/fr/parts/portal.po").read_text("utf-8")
    assert 'msgctxt "month"' in (tmp_path / "tilios/tools/polls/locale/fr/LC_MESSAGES/django.po").read_text("utf-8")
    translations.extract()
    assert (tmp_path / "locale/fr/parts/portal.po").read_text("utf-8").count("Hello") == 1


def test_compiled_parts_are_one_catalogue(house, tmp_path):
    house(RIGHT, RIGHT_TOO)
    write(tmp_path / "locale/fr/parts/ui.po", HEADER + 'msgid "Close"\nmsgstr "Fermer"\n')
    translations.compile_catalogues()
    merged = (tmp_path / "locale/fr/LC_MESSAGES/django.mo").read_bytes()
    assert b"Bonjour" in merged
    assert b"Fermer" in merged
    assert b"mai" in (tmp_path / "tilios/tools/polls/locale/fr/LC_MESSAGES/django.mo").read_bytes()
