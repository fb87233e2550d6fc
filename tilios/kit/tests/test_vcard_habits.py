"""Cards as the programs of this world write them: nothing is lost, what is broken is said where."""

import re
from base64 import b64encode
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilios.kit.vcard import Broken, Contact, Photo, cards, facts

PIXEL = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffdb0043") * 8
PHOTO = b64encode(PIXEL).decode()
FOLDED = "\n ".join(PHOTO[at : at + 60] for at in range(0, len(PHOTO), 60))

NOKIA = f"""BEGIN:VCARD
VERSION:2.1
N;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:L=C3=A9ponge;Bob;;;
FN;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:Bob L=C3=A9ponge
TEL;CELL;PREF:+33612345678
TEL;HOME;VOICE:0299123456
EMAIL;INTERNET:bob@x.test
ADR;HOME;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;;3, rue du =
Port;Redon;;35600;France
NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:Premi=E8re ligne=0D=0Adeuxi=E8me=
 ligne; fin
BDAY:1980-05-17
PHOTO;ENCODING=BASE64;JPEG:
 {FOLDED}

X-CLASS:PRIVATE
END:VCARD
"""
OUTLOOK = f"""BEGIN:VCARD
VERSION:2.1
X-MS-OL-DEFAULT-POSTAL-ADDRESS:2
N;LANGUAGE=fr;CHARSET=Windows-1252:Léponge;Bob
FN;CHARSET=Windows-1252:Bob Léponge
ORG:La Fabrique;Atelier
TITLE:Menuisier
TEL;WORK;VOICE:02 99 12 34 56
ADR;WORK;PREF;ENCODING=QUOTED-PRINTABLE:;;3 rue du Port=0D=0ABP 12;Redon;Bretagne;35600;France
LABEL;WORK;PREF;ENCODING=QUOTED-PRINTABLE:3 rue du Port=0D=0A35600 Redon
EMAIL;PREF;INTERNET:bob@x.test
PHOTO;TYPE=JPEG;ENCODING=BASE64:
 {FOLDED}

REV:20250201T080000Z
END:VCARD
"""
GOOGLE = """BEGIN:VCARD
VERSION:3.0
FN:Bob Léponge
N:Léponge;Bob;;;
EMAIL;TYPE=INTERNET;TYPE=HOME:bob@x.test
item1.EMAIL;TYPE=INTERNET:atelier@x.test
item1.X-ABLabel:atelier
TEL;TYPE=CELL:+33 6 12 34 56 78
ADR;TYPE=HOME:;;3\\, rue du Port\\nBP 12;Redon;;35600;France
item2.URL:https\\://x.test/bob
item2.X-ABLabel:_$!<HomePage>!$_
BDAY:19800517
NOTE:Vient le mardi\\, souvent\\nen vélo
CATEGORIES:myContacts,Bureau
PHOTO:https://lh3.test/photo.jpg
X-PHONETIC-FIRST-NAME:Bob
END:VCARD
"""
APPLE = f"""BEGIN:VCARD
VERSION:3.0
PRODID:-//Apple Inc.//iPhone OS 17.5//EN
N:Léponge;Bob;;M.;
FN:M. Bob Léponge
NICKNAME:Bobby
ORG:La Fabrique;
EMAIL;type=INTERNET;type=HOME;type=pref:bob@x.test
TEL;type=CELL;type=VOICE;type=pref:06 12 34 56 78
item1.ADR;type=HOME;type=pref:;;3\\, rue du Port;Redon;;35600;France
item1.X-ABADR:fr
item2.X-ABDATE;type=pref:2010-06-12
item2.X-ABLabel:_$!<Anniversary>!$_
item3.X-ABRELATEDNAMES;type=pref:Eve
item3.X-ABLabel:_$!<Spouse>!$_
BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-17
X-SOCIALPROFILE;type=mastodon:https://social.test/@bob
PHOTO;ENCODING=b;TYPE=JPEG:{FOLDED}
UID:8D6A1B2C-0000-4000-8000-000000000001
END:VCARD
"""
NEXTCLOUD = f"""BEGIN:VCARD
VERSION:4.0
PRODID:-//Sabre//Sabre VObject 4.5.4//EN
UID:5d4f0a3a-0000-4000-8000-000000000002
FN:Bob Léponge
N:Léponge;Bob;;;
KIND:individual
EMAIL;TYPE="home,work";PREF=1:bob@x.test
TEL;TYPE=cell;VALUE=uri:tel:+33612345678
ADR;TYPE=HOME:;;3 rue du Port;Redon;;35600;France
BDAY;VALUE=DATE:--0517
ANNIVERSARY:20100612
IMPP;TYPE=HOME:matrix:@bob:x.test
X-JABBER:bob@jabber.test
GENDER:M
GEO:geo:47.65,-2.08
LANG:fr
RELATED;TYPE=spouse;VALUE=text:Eve
CATEGORIES:Bureau,vie\\, ensemble
X-SOCIALPROFILE;TYPE=MASTODON:https://social.test/@bob
PHOTO:data:image/jpeg;base64,{PHOTO}
REV;VALUE=DATE-AND-OR-TIME:20250201T080000Z
END:VCARD
"""
THUNDERBIRD = """BEGIN:VCARD
VERSION:4.0
N:Léponge;Bob;;;
FN:Bob Léponge
EMAIL;PREF=1:bob@x.test
TEL;TYPE=cell;VALUE=TEXT:06 12 34 56 78
ADR:;;3 rue du Port;Redon;;35600;France
BDAY;VALUE=DATE:19800517
CUSTOM1:x
NOTE:a;b
UID:b7a6e8f0-0000-4000-8000-000000000003
END:VCARD
"""
NEW = {"google": GOOGLE, "apple": APPLE, "nextcloud": NEXTCLOUD, "thunderbird": THUNDERBIRD}
ALL = NEW | {"nokia": NOKIA, "outlook": OUTLOOK}


def only(text, encoding="utf-8"):
    parsed = cards(text.encode(encoding))
    assert parsed.broken == []
    (one,) = parsed.resources
    return one


def lines(text):
    return re.sub(r"\r?\n[ \t]", "", text).replace("\r", "").split("\n")


@pytest.mark.parametrize("program", NEW)
def test_every_line_is_given_back(program):
    one = only(NEW[program])
    given = [each for each in lines(one.data.decode()) if program != "google" or not each.startswith("UID:")]
    assert given == lines(NEW[program])
    assert all(len(line) <= 75 for line in one.data.split(b"\r\n"))
    assert only(one.data.decode()).data == one.data


@pytest.mark.parametrize("program", ALL)
def test_every_program_is_understood(program):
    encoding = "cp1252" if program == "outlook" else "utf-8"
    known = facts(only(ALL[program], encoding).data)
    assert known.fn.removeprefix("M. ") == "Bob Léponge"
    assert known.n[:2] == ("Léponge", "Bob")
    assert known.emails[0].value == "bob@x.test"
    assert re.sub(r"\D", "", known.phones[0].value)[-8:] in ("12345678", "99123456")
    (home,) = known.addresses
    assert (home.locality, home.code, home.country) == ("Redon", "35600", "France")
    assert home.street.replace(",", "").split("\n")[0] == "3 rue du Port"
    if program in ("nokia", "outlook", "apple", "nextcloud"):
        assert known.photo == Photo("image/jpeg", PIXEL)


def test_the_old_version_becomes_the_newer_one():
    one = only(NOKIA)
    assert b"VERSION:3.0" in one.data
    assert b"QUOTED-PRINTABLE" not in one.data
    known = facts(one.data)
    assert known.note == "Première ligne\ndeuxième ligne; fin"
    assert known.phones == (Contact("+33612345678", ("cell",), "", True), Contact("0299123456", ("home", "voice")))
    assert known.birthday == (1980, 5, 17)
    assert b"X-CLASS:PRIVATE" in one.data
    known = facts(only(OUTLOOK, "cp1252").data)
    assert (known.org, known.units, known.title) == ("La Fabrique", ("Atelier",), "Menuisier")
    assert known.addresses[0].street == "3 rue du Port\nBP 12"


def test_labels_and_days_of_every_program_are_understood():
    google, apple, nextcloud = (facts(only(NEW[name]).data) for name in ("google", "apple", "nextcloud"))
    assert google.emails[1] == Contact("atelier@x.test", (), "atelier")
    assert google.urls == (Contact("https://x.test/bob", (), "HomePage"),)
    assert google.note == "Vient le mardi, souvent\nen vélo"
    assert google.photo == Photo("", url="https://lh3.test/photo.jpg")
    assert (apple.birthday, apple.anniversary, apple.related[0]) == (
        (None, 5, 17),
        (2010, 6, 12),
        Contact("Eve", (), "Spouse", True),
    )
    assert (nextcloud.birthday, nextcloud.anniversary) == ((None, 5, 17), (2010, 6, 12))
    assert nextcloud.emails == (Contact("bob@x.test", ("home", "work"), "", True),)
    assert [each.value for each in nextcloud.impps] == ["matrix:@bob:x.test", "xmpp:bob@jabber.test"]
    assert (nextcloud.geo, nextcloud.gender, nextcloud.langs) == ("47.65,-2.08", "M", ("fr",))
    assert nextcloud.categories == ("Bureau", "vie, ensemble")


def test_groups_and_organisations_are_told_apart():
    group = facts(
        b"BEGIN:VCARD\nVERSION:3.0\nUID:g\nFN:Bureau\nN:Bureau;;;;\nX-ADDRESSBOOKSERVER-KIND:group\nX-ADDRESSBOOKSERVER-MEMBER:urn:uuid:1\nEND:VCARD\n"
    )
    assert (group.kind, group.members) == ("group", ("urn:uuid:1",))
    place = facts(b"BEGIN:VCARD\nVERSION:3.0\nUID:g\nFN:\nORG:La Fabrique\nX-ABShowAs:COMPANY\nEND:VCARD\n")
    assert (place.kind, place.fn) == ("org", "La Fabrique")


def test_many_cards_come_in_one_file():
    parsed = cards("".join(ALL[name] for name in ("google", "apple", "nokia")).encode() + b"\r\n" + GOOGLE.encode())
    apple, nokia = GOOGLE.count("\n") + 1, (GOOGLE + APPLE).count("\n") + 1
    assert [each.line for each in parsed.resources] == [1, apple, nokia]
    assert parsed.broken == []
    again = cards(GOOGLE.encode()).resources[0]
    assert parsed.resources[0].uid == again.uid


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("NICKNAME:Bobby", "NICKNAME Bobby", "line"),
        ("END:VCARD\n", "", "cut"),
        ("NICKNAME:Bobby", "END:VCALENDAR", "end"),
    ],
)
def test_a_broken_card_is_said_and_the_others_are_taken(old, new, code):
    parsed = cards((GOOGLE + APPLE.replace(old, new)).encode())
    assert [each.name for each in parsed.resources] == ["Bob Léponge"]
    assert [each.code for each in parsed.broken] == [code]
    if code == "line":
        assert parsed.broken[0].line == (GOOGLE + APPLE).split("\n").index(old) + 1


def test_two_cards_of_one_identifier_are_told():
    parsed = cards((APPLE + APPLE + APPLE.replace("Bobby", "Bobinette")).encode())
    assert len(parsed.resources) == 1
    assert [each.code for each in parsed.broken] == ["twice"]


@pytest.mark.parametrize("data", [b"", b"bonjour", b"BEGIN:VCALENDAR\nEND:VCALENDAR\n"])
def test_what_holds_no_card_is_refused(data):
    with pytest.raises(Broken):
        cards(data)


@pytest.mark.parametrize(
    ("data", "code"),
    [(GOOGLE.encode(), "uid"), (APPLE.encode() * 2, "card"), (APPLE.encode()[:-12], "cut"), (b"", "card")],
)
def test_what_carddav_may_not_store_is_refused(data, code):
    with pytest.raises(Broken) as refused:
        facts(data)
    assert refused.value.code == code


@given(
    st.binary(max_size=300)
    | st.text(max_size=200).map(lambda text: APPLE.replace("Bobby", text).encode("utf-8", "replace"))
)
def test_anything_is_read_or_refused(data):
    for read in (cards, facts):
        with suppress(Broken):
            assert read(data) is not None
