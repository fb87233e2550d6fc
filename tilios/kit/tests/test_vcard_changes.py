"""Cards written, changed, converted, merged and searched: what nobody touched stays letter for letter."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilios.kit.tests.test_vcard_habits import APPLE, GOOGLE, NEXTCLOUD, NOKIA, OUTLOOK, PIXEL, THUNDERBIRD, lines, only
from tilios.kit.vcard import (
    Address,
    Contact,
    Facts,
    Filter,
    ParameterFilter,
    Photo,
    PropertyFilter,
    TextMatch,
    as_version,
    changed,
    differences,
    facts,
    matches,
    merged,
    new,
    pruned,
)

NOW = datetime(2025, 2, 1, 8, tzinfo=UTC)
DATA = only(APPLE).data
FULL = {
    "uid": "1",
    "fn": "Bob, l'Éponge; B",
    "n": ("Éponge; E", "Bob", "", "M.", ""),
    "kind": "org",
    "nickname": "Bobby",
    "org": "La Fabrique; B",
    "units": ("Atelier",),
    "title": "Menuisier",
    "role": "Bénévole",
    "emails": (Contact("bob@x.test", ("home",), "", True), Contact("a@x.test", (), "atelier")),
    "phones": (Contact("06 12 34 56 78", ("cell",)),),
    "addresses": (Address("3, rue du Port\nBP 12", "Redon", "", "35600", "France", types=("work",)),),
    "urls": (Contact("https://x.test/?a=1;b,c"),),
    "impps": (Contact("xmpp:bob@x.test"),),
    "birthday": (None, 2, 29),
    "anniversary": (2010, 6, 12),
    "note": "Une ligne\nune autre\\n",
    "categories": ("Bureau", "vie, ensemble"),
    "photo": Photo("image/png", PIXEL),
    "members": ("urn:uuid:2",),
    "langs": ("fr", "br"),
    "pronouns": "elle, iel",
    "socials": (Contact("https://piaille.example/@bob", ("mastodon",)),),
    "geo": "47.65,-2.08",
    "tz": "Europe/Paris",
    "gender": "M",
    "related": (Contact("Eve", ("work",)),),
}


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_a_new_card_says_what_was_typed(version):
    data = new(FULL, now=NOW, version=version)
    assert facts(data) == Facts(**FULL, version=version, revision="20250201T080000Z")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))


@given(st.text(max_size=80), st.text(max_size=40))
def test_any_text_is_given_back(note, given_name):
    clean = [text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n") for text in (note, given_name)]
    known = facts(new({"fn": "Bob", "note": clean[0], "n": ("", clean[1], "", "", "")}, now=NOW))
    assert known.note == clean[0]
    assert known.n[1] == clean[1].strip()


@pytest.mark.parametrize(
    "fields", [{"emails": (Contact("bob@x.test"),)}, {"n": ("", "bob@x.test", "", "", "")}, {"org": "bob@x.test"}]
)
def test_somebody_without_a_name_is_called_something(fields):
    assert facts(new(fields, now=NOW)).fn == "bob@x.test"


def test_a_change_touches_its_own_lines():
    data = changed(DATA, {"nickname": "Bob", "phones": (*facts(DATA).phones, Contact("02 99", ("work",)))}, now=NOW)
    before, after = lines(DATA.decode()), lines(data.decode())
    assert [each for each in before if each not in after] == ["NICKNAME:Bobby"]
    assert [each for each in after if each not in before] == [
        "NICKNAME:Bob",
        "TEL;TYPE=work:02 99",
        "REV:20250201T080000Z",
    ]
    assert after.index("NICKNAME:Bob") == before.index("NICKNAME:Bobby")


def test_what_goes_takes_its_label_along():
    data = only(GOOGLE).data
    kept = changed(data, {"emails": facts(data).emails[:1]}, now=NOW)
    assert b"item1." not in kept
    assert b"item2.X-ABLabel:_$!<HomePage>!$_" in kept
    added = changed(kept, {"emails": (*facts(kept).emails, Contact("b@x.test", (), "été"))}, now=NOW)
    assert facts(added).emails[1] == Contact("b@x.test", (), "été")
    assert "item1.X-ABLabel:été".encode() in added


def test_what_is_emptied_goes():
    data = changed(DATA, {"photo": None, "birthday": None, "addresses": (), "org": "", "nickname": ""}, now=NOW)
    known = facts(data)
    assert (known.photo, known.birthday, known.addresses, known.org, known.nickname) == (None, None, (), "", "")
    assert b"X-ABADR" not in data
    assert b"X-SOCIALPROFILE" in data


def test_the_same_changes_nothing_but_the_date():
    known = facts(DATA)
    fields = {name: getattr(known, name) for name in FULL}
    assert changed(DATA, fields, now=NOW).replace(b"REV:20250201T080000Z\r\n", b"") == DATA


@pytest.mark.parametrize("text", [GOOGLE, APPLE, NEXTCLOUD, THUNDERBIRD, NOKIA, OUTLOOK])
def test_the_other_version_says_the_same(text):
    data = only(text).data
    known = facts(data)
    other = "3.0" if known.version == "4.0" else "4.0"
    there = as_version(data, other)
    assert as_version(data, known.version) == data
    for name in FULL:
        if name not in ("related", "impps"):
            assert getattr(facts(there), name) == getattr(known, name), name
    back = as_version(there, known.version)
    assert facts(back) == known
    assert b"X-SOCIALPROFILE" not in data or b"X-SOCIALPROFILE" in there


def test_apples_words_are_those_of_version_four():
    data = as_version(new(FULL, now=NOW), "4.0")
    for line in (
        b"KIND:org",
        b"MEMBER:urn:uuid:2",
        b"BDAY:--0229",
        b"GENDER:M",
        b"PREF=1",
        b"PHOTO:data:image/png;base64,",
    ):
        assert line in data
    assert b"X-ADDRESSBOOKSERVER" not in data


def test_two_cards_become_one():
    other = only(NEXTCLOUD.replace("bob@x.test", "BOB@x.test").replace("FN:Bob Léponge", "FN:Robert Léponge")).data
    assert differences(DATA, other)["fn"] == ("M. Bob Léponge", "Robert Léponge")
    one = merged(DATA, other, {"fn": "b"}, now=NOW)
    known = facts(one)
    assert (known.uid, known.fn, known.nickname) == (facts(DATA).uid, "Robert Léponge", "Bobby")
    assert [each.value for each in known.emails] == ["bob@x.test"]
    assert known.categories == ("Bureau", "vie, ensemble")
    assert [each.value for each in known.phones] == ["06 12 34 56 78"]  # with its country code: the same
    assert b"item1.X-ABADR:fr" in one
    assert one.count(b"X-SOCIALPROFILE") == 2
    assert facts(merged(DATA, other, {}, now=NOW)).fn == "M. Bob Léponge"
    assert differences(DATA, DATA) == {}


BOB = PropertyFilter("FN", texts=(TextMatch("bob"),))
EVE = PropertyFilter("FN", texts=(TextMatch("eve"),))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filter(), True),
        (Filter((BOB, EVE)), True),
        (Filter((BOB, EVE), is_all=True), False),
        (Filter((PropertyFilter("FN", texts=(TextMatch("LÉPONGE"),)),)), True),
        (Filter((PropertyFilter("FN", texts=(TextMatch("LÉPONGE", "i;ascii-casemap"),)),)), False),
        (Filter((PropertyFilter("FN", texts=(TextMatch("M. Bob Léponge", match="equals"),)),)), True),
        (Filter((PropertyFilter("FN", texts=(TextMatch("Bob", match="starts-with"),)),)), False),
        (Filter((PropertyFilter("FN", texts=(TextMatch("ponge", match="ends-with"),)),)), True),
        (Filter((PropertyFilter("FN", texts=(TextMatch("eve", negate=True),)),)), True),
        (Filter((PropertyFilter("FN", is_all=True, texts=(TextMatch("bob"), TextMatch("eve"))),)), False),
        (Filter((PropertyFilter("FN", texts=(TextMatch("bob"), TextMatch("eve"))),)), True),
        (Filter((PropertyFilter("GEO", is_not_defined=True),)), True),
        (Filter((PropertyFilter("GEO"),)), False),
        (
            Filter(
                (
                    PropertyFilter(
                        "EMAIL", parameters=(ParameterFilter("TYPE", text=TextMatch("home", match="equals")),)
                    ),
                )
            ),
            True,
        ),
        (Filter((PropertyFilter("EMAIL", parameters=(ParameterFilter("TYPE", text=TextMatch("work")),)),)), False),
        (Filter((PropertyFilter("EMAIL", parameters=(ParameterFilter("X-A", is_not_defined=True),)),)), True),
        (Filter((PropertyFilter("item1.ADR", texts=(TextMatch("rue du port"),)),)), True),
        (Filter((PropertyFilter("item2.ADR"),)), False),
    ],
)
def test_a_card_is_looked_for(wanted, found):
    assert matches(DATA, wanted) is found


def test_types_written_as_one_are_several():
    home = ParameterFilter("TYPE", text=TextMatch("home", match="equals"))
    assert matches(only(NEXTCLOUD).data, Filter((PropertyFilter("EMAIL", parameters=(home,)),)))


def test_pruning_gives_what_is_asked():
    assert lines(pruned(DATA, ["UID", "Nickname"]).decode()) == [
        "BEGIN:VCARD",
        "VERSION:3.0",
        "NICKNAME:Bobby",
        "UID:8D6A1B2C-0000-4000-8000-000000000001",
        "END:VCARD",
        "",
    ]


def test_a_field_that_does_not_exist_is_a_fault_of_the_program():
    with pytest.raises(ValueError, match="no field"):
        changed(DATA, {"name": "a"}, now=NOW)
