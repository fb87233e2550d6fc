"""Contacts: found by letter and by word, written by their form, shown with their picture, kept as they came."""

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from tilios.core.shelves.actions import rights as lists
from tilios.core.shelves.levels import Level
from tilios.core.structures.scope import scope
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import Card, Nature
from tilios.tools.agenda.tests.contract import PHOTO, calendar, card

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
HOME = "/s/la-fabrique/agenda/contacts/"


@pytest.fixture
def alice(cast: "Cast") -> Client:
    return cast.client("alice")


def typed(cast: "Cast", **fields: Any) -> dict[str, Any]:
    """What the form sends for Ada, with two mail addresses, a telephone and a place."""
    with scope(cast.fabrique):
        book = calendar(cast.alice, Nature.BOOK).pk
    said = {
        "book": book, "kind": "individual", "given_name": "Ada", "family_name": "Lovelace", "birthday": "10/12/1815",
        "labels": "mathématiques, amies", "note": "Écrire en anglais",
        "mails-TOTAL_FORMS": "2", "mails-INITIAL_FORMS": "0", "mails-0-value": "ada@example.org",
        "mails-0-use": "home", "mails-1-value": "ada@work.example", "mails-1-use": "work",
        "phones-TOTAL_FORMS": "1", "phones-INITIAL_FORMS": "0", "phones-0-value": "06 11 22 33 44",
        "phones-0-use": "cell",
        "places-TOTAL_FORMS": "1", "places-INITIAL_FORMS": "0", "places-0-street": "1 rue du Moulin",
        "places-0-postcode": "59000", "places-0-town": "Lille",
    }  # fmt: skip
    return said | fields


def form_of(client: Client, found: Card) -> dict[str, Any]:
    """What the form of change shows, ready to be sent again."""
    page = client.get(f"{HOME}{found.pk}/modifier/")
    form, rows = page.context["form"], page.context["rows"]
    said = {name: form[name].value() or "" for name in form.fields}
    for formset in rows.by_field.values():
        said |= {bound.html_name: bound.value() for bound in formset.management_form if bound.value() is not None}
        said |= {bound.html_name: bound.value() or "" for row in formset for bound in row}
    return said


def test_a_contact_is_written_with_all_that_the_form_says(cast: "Cast", alice: Client) -> None:
    answer = alice.post(f"{HOME}nouveau/", typed(cast))
    assert answer.status_code == 302, answer.content.decode()
    with scope(cast.fabrique):
        found = Card.objects.get()
    assert (found.full_name, found.sort_name) == ("Ada Lovelace", "lovelace ada")
    assert found.emails == ["ada@example.org", "ada@work.example"]
    assert (found.birthday, found.categories) == ("1815-12-10", ["mathématiques", "amies"])
    page = alice.get(answer.headers["Location"]).content.decode()
    for words in ("ada@work.example", "06 11 22 33 44", "59000 Lille", "10 décembre 1815", "Écrire en anglais"):
        assert words in page, words


def test_an_organisation_is_called_by_its_name(cast: "Cast", alice: Client) -> None:
    alice.post(f"{HOME}nouveau/", typed(cast, kind="org", given_name="", family_name="", organisation="La Recyclerie"))
    with scope(cast.fabrique):
        found = Card.objects.get()
    assert (found.full_name, found.kind) == ("La Recyclerie", "org")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"given_name": "", "family_name": ""}, "au moins un nom"),
        ({"kind": "org"}, "nom de l&#x27;organisation"),
        ({"mails-0-value": "pas une adresse"}, "valide"),
        ({"birthday": "jadis"}, "pas une date"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    cast: "Cast", alice: Client, fields: dict[str, str], words: str
) -> None:
    answer = alice.post(f"{HOME}nouveau/", typed(cast) | fields)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert "1 rue du Moulin" in page
    with scope(cast.fabrique):
        assert not Card.objects.exists()


def test_what_the_form_does_not_say_stays_as_it_came(cast: "Cast", alice: Client) -> None:
    more = (
        "X-SPOUSE:Bob\r\nitem1.EMAIL;TYPE=INTERNET,PREF:zoe@example.org\r\nitem1.X-ABLabel:Atelier\r\n"
        f"PHOTO;ENCODING=b;TYPE=PNG:{PHOTO}\r\nNICKNAME:Zo\r\nURL:https://un.example\r\nURL:https://deux.example\r\n"
    )
    with scope(cast.fabrique):
        found = card(cast.alice, more=more)
    said = form_of(alice, found) | {"job": "tisserande"}
    assert alice.post(f"{HOME}{found.pk}/modifier/", said).status_code == 302
    with scope(cast.fabrique):
        found.refresh_from_db()
    assert "TITLE:tisserande" in found.data
    for line in more.split("\r\n"):
        assert line in found.data.replace("\r\n ", ""), line
    assert found.full_name == "Zoé Durand"


def test_a_birthday_without_a_year_stays_so(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        found = card(cast.alice, more="BDAY:--0517\r\n")
    said = form_of(alice, found)
    assert said["birthday"] == "17/05"
    assert alice.post(f"{HOME}{found.pk}/modifier/", said | {"birthday": "18/05"}).status_code == 302
    with scope(cast.fabrique):
        assert Card.objects.get().birthday == "--05-18"


def test_two_who_write_at_once_are_told_and_lose_nothing(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        found = card(cast.alice)
    mine = form_of(alice, found) | {"job": "tisserande"}
    manon = cast.client("manon")
    assert manon.post(f"{HOME}{found.pk}/modifier/", form_of(manon, found) | {"note": "Ailleurs"}).status_code == 302
    answer = alice.post(f"{HOME}{found.pk}/modifier/", mine)
    assert answer.status_code == 409
    assert "tisserande" in answer.content.decode()
    again = mine | {"etag": answer.context["form"]["etag"].value()}
    assert alice.post(f"{HOME}{found.pk}/modifier/", again).status_code == 302


def test_contacts_are_found_by_letter_and_by_word_whatever_the_accents(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        card(cast.alice, "Élodie Étienne", more="EMAIL:elo@example.org\r\nORG:Les Fileuses\r\n")
        card(cast.alice, "Zoé Durand")
    for query in ("q=etienne", "q=ÉLODIE", "q=elo@", "q=fileuses", "lettre=e"):
        page = alice.get(f"{HOME}?{query}").content.decode()
        assert "Élodie Étienne" in page, query
        assert "Zoé Durand" not in page, query
    assert "Personne ne correspond" in alice.get(f"{HOME}?q=xyz").content.decode()


def test_a_picture_is_drawn_again_and_runs_nothing(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        found = card(cast.alice, more=f"PHOTO;ENCODING=b;TYPE=PNG:{PHOTO}\r\n")
        page = card(cast.alice, "Mal Faite", more="PHOTO;ENCODING=b;TYPE=PNG:PHNjcmlwdD4=\r\n")
    answer = alice.get(f"{HOME}{found.pk}/photo/")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/png"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert alice.get(f"{HOME}{page.pk}/photo/").status_code == 404


def test_a_contact_and_an_address_book_are_files(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        found, other = card(cast.alice), card(cast.alice, "Ada Lovelace")
    one = alice.get(f"{HOME}{found.pk}/contact.vcf")
    assert one.content.decode() == found.data
    assert "attachment" in one.headers["Content-Disposition"]
    book = alice.get(f"/s/la-fabrique/agenda/agendas/{found.book_id}/fichier/")
    whole = b"".join(book.streaming_content).decode()  # type: ignore[attr-defined]
    assert found.data in whole
    assert other.data in whole


def test_whoever_may_only_see_changes_nothing(cast: "Cast") -> None:
    with scope(cast.fabrique):
        found = card(cast.alice)
        lists.set_line(
            by=cast.alice, rights=open_spaces(cast.alice), folder=found.book.folder, to=cast.gus, level=Level.VIEW
        )
    gus = cast.client("gus")
    assert gus.get(f"{HOME}{found.pk}/").status_code == 200
    assert gus.get(f"{HOME}{found.pk}/modifier/").status_code == 403
    assert gus.post(f"{HOME}{found.pk}/supprimer/").status_code == 403
    with scope(cast.fabrique):
        assert Card.objects.exists()


def test_a_contact_is_removed_once_sure(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        found = card(cast.alice)
    assert "Supprimer" in alice.get(f"{HOME}{found.pk}/supprimer/").content.decode()
    assert alice.post(f"{HOME}{found.pk}/supprimer/").status_code == 302
    with scope(cast.fabrique):
        assert not Card.objects.exists()
