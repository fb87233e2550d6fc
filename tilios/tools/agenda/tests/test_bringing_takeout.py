"""What Google gives back: Takeout with its folders and pictures, and the sheet of Google Contacts."""

import io
import zipfile
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tilios.core.errors import Invalid
from tilios.core.structures.scope import scope
from tilios.kit import vcard
from tilios.tools.agenda.actions import reading
from tilios.tools.agenda.models import Card
from tilios.tools.agenda.tests import writing
from tilios.tools.agenda.tests.test_bringing import done, places, tried

if TYPE_CHECKING:
    from tests.cast import Cast

PARIS = ZoneInfo("Europe/Paris")
#: As Takeout writes a contact: without UID, its picture elsewhere.
ZOE = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Zoé Durand\r\nN:Durand;Zoé;;;\r\nEMAIL;TYPE=INTERNET:zoe@example.org\r\n"
    "PHOTO:https://lh3.googleusercontent.com/contacts/un\r\nCATEGORIES:myContacts\r\nEND:VCARD\r\n"
)
SHEET = (
    "First Name,Middle Name,Last Name,Phonetic First Name,Name Prefix,Name Suffix,Nickname,File As,Organization Name,"
    "Organization Title,Organization Department,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,"
    "Phone 1 - Label,Phone 1 - Value,Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,"
    "Address 1 - PO Box,Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,Address 1 - Extended Address,"
    "Website 1 - Label,Website 1 - Value,Custom Field 1 - Label,Custom Field 1 - Value\r\n"
    'Ada,Augusta,Lovelace,,,,,,"Analytique, SARL",comtesse,,1815-12-10,"Deux\nlignes",,Mathématiques ::: * myContacts,'
    "* Work,ada@example.org ::: ada@autre.example,Mobile,06 11 22 33 44,Home,,1 rue du Moulin,Lille,,,59000,France,,"
    "Blog,https://ada.example,Taille,38\r\n"
    ",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,\r\n"
    ",,,,,,,,,,,,,,,,bob@example.org,,,,,,,,,,,,,,,\r\n"
)


def archive(**members: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "teal").save(out, "JPEG")
    return out.getvalue()


def read(data: bytes, name: str = "takeout.zip") -> reading.Read:
    return reading.read_files([(name, data)], zone=PARIS)


def test_a_contact_of_several_folders_is_one_with_their_labels_and_its_picture() -> None:
    found = read(
        archive(
            **{
                "Takeout/Contacts/All Contacts/All Contacts.vcf": ZOE,
                "Takeout/Contacts/All Contacts/Zoé Durand.jpg": picture(),
                "Takeout/Contacts/Fanfare/Fanfare.vcf": ZOE,
                "Takeout/Agenda/moi@gmail.com.ics": writing.event("un"),
                "Takeout/Agenda/deux.ics": writing.event("deux"),
                "Takeout/archive_browser.html": "<p>",
                "Takeout/Contacts/Fanfare/Fanfare.csv": "a,b\r\n1,2\r\n",
            }
        )
    )
    assert (len(found.events), len(found.cards), found.repeated, found.faults) == (2, 1, 1, [])
    facts = vcard.facts(next(iter(found.cards.values())))
    assert facts.categories == ("myContacts", "Fanfare")
    assert facts.photo is not None
    assert facts.photo.data.startswith(b"\xff\xd8")


def test_the_same_archive_again_gives_the_same_contact() -> None:
    first, second = (read(archive(**{"Takeout/Contacts/Amis/Amis.vcf": ZOE})) for _turn in range(2))
    assert list(first.cards) == list(second.cards)


def test_the_sheet_of_google_contacts_is_read_whole() -> None:
    found = read(SHEET.encode("utf-8-sig"), "contacts.csv")
    assert len(found.cards) == 2
    ada, bob = (vcard.facts(one) for one in found.cards.values())
    assert (ada.fn, ada.n[:3]) == ("Ada Augusta Lovelace", ("Lovelace", "Ada", "Augusta"))
    assert (ada.org, ada.title, ada.birthday) == ("Analytique, SARL", "comtesse", (1815, 12, 10))
    assert [one.value for one in ada.emails] == ["ada@example.org", "ada@autre.example"]
    assert (ada.emails[0].types, ada.emails[0].is_preferred, ada.phones[0].types) == (("work",), True, ("cell",))
    assert (ada.addresses[0].street, ada.addresses[0].code) == ("1 rue du Moulin", "59000")
    assert (ada.categories, ada.note) == (("Mathématiques",), "Deux\nlignes\nTaille : 38")
    assert (ada.urls[0].value, ada.urls[0].label) == ("https://ada.example", "Blog")
    assert bob.fn == "bob@example.org"


@pytest.mark.parametrize(
    "data", [b"nom,prix\r\nvis,2\r\n", b'First Name,Last Name,E-mail 1 - Value\r\n"', b"\xff\xfe\x00"]
)
def test_another_sheet_is_refused_with_a_sentence(data: bytes) -> None:
    found = read(data, "x.csv")
    assert found.cards == {}
    assert found.faults[0].why


def test_a_bomb_and_a_locked_archive_are_refused() -> None:
    bomb = archive(**{"a.ics": b"BEGIN:VCALENDAR\r\n" + b" " * (reading.MOST_BYTES + 10)})
    assert len(bomb) < 100_000
    with pytest.raises(Invalid, match="30"):
        read(bomb)
    locked = bytearray(archive(**{"a.ics": writing.event("un")}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + place] |= 1
    assert "mot de passe" in str(read(bytes(locked)).faults[0].why) or "password" in str(
        read(bytes(locked)).faults[0].why
    )


def test_pictures_do_not_weigh_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_OF_PICTURES", 10)
    found = read(archive(**{"Contacts/Amis/Amis.vcf": ZOE, "Contacts/Amis/Zoé Durand.jpg": picture()}))
    assert found.pictures == {}
    assert len(found.cards) == 1


@pytest.mark.django_db
def test_a_sheet_comes_in_once(cast: "Cast") -> None:
    alice, where = cast.client("alice"), places(cast)
    for _turn in range(2):
        sent = SimpleUploadedFile("contacts.csv", SHEET.encode())
        done(alice, where, tried(alice, where, sent))
    with scope(cast.fabrique):
        assert Card.objects.count() == 2
