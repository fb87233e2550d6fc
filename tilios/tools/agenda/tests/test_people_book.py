"""The people of the structure as an address book: by their consent, read-only, on the pages and over CardDAV."""

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from tests.harness.webdav import Answer
from tests.harness.webdav import Client as Program
from tilios.core.errors import NotAllowed
from tilios.core.people import actions as people
from tilios.core.people.models import Person, Status
from tilios.core.portability import erasing
from tilios.core.shelves.actions import rights as lists
from tilios.core.shelves.levels import Level
from tilios.core.structures.scope import scope
from tilios.kit import vcard
from tilios.tools.agenda.actions import people_book
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import Card, Item, Nature
from tilios.tools.agenda.tests.contract import calendar
from tilios.tools.agenda.tests.writing import card

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
BOOK = "addressbooks/la-fabrique/personnes/"


def show(person: Person, *, email: bool = True, phones: bool = False) -> None:
    people.share_details(by=person, person=person, email=email, phones=phones)


def listed() -> list[str]:
    return sorted(Card.objects.filter(book__is_of_people=True).values_list("full_name", flat=True))


def test_nobody_is_in_it_before_they_say_so(cast: "Cast") -> None:
    with scope(cast.fabrique):
        open_spaces(cast.alice)
        assert listed() == []
        people.change_person(by=cast.alice, person=cast.bob, mobile="06 11 22 33 44")
        assert listed() == []
        show(cast.bob)
        assert listed() == ["Bob Lambert"]


def test_a_card_holds_what_was_consented_to_and_nothing_more(cast: "Cast") -> None:
    with scope(cast.fabrique):
        people.change_person(
            by=cast.alice, person=cast.bob, mobile="06 11 22 33 44", phone="03 20 11 22 33", street="1 rue du Moulin",
            note="à surveiller",
        )  # fmt: skip
        show(cast.bob, email=False, phones=True)
        facts = vcard.facts(Card.objects.get().data.encode())
        assert [one.value for one in facts.phones] == ["06 11 22 33 44", "03 20 11 22 33"]
        assert facts.emails == ()
        assert "Moulin" not in Card.objects.get().data
        assert "surveiller" not in Card.objects.get().data
        show(cast.bob, email=True, phones=False)
        facts = vcard.facts(Card.objects.get().data.encode())
        assert ([one.value for one in facts.emails], facts.phones) == (["bob.lambert@example.org"], ())


def test_the_card_follows_the_record(cast: "Cast") -> None:
    with scope(cast.fabrique):
        show(cast.bob)
        before = Card.objects.get()
        people.change_person(by=cast.bob, person=cast.bob, given_name="Robert", display_name="")
        after = Card.objects.get()
        assert (after.full_name, after.uid, after.name) == ("Robert Lambert", before.uid, before.name)
        assert after.number > before.number
        people.change_person(by=cast.bob, person=cast.bob, street="Ailleurs")
        assert Card.objects.get().etag == after.etag


def test_who_left_or_takes_their_word_back_is_not_in_it(cast: "Cast") -> None:
    with scope(cast.fabrique):
        show(cast.bob)
        show(cast.manon)
        people.change_status(by=cast.alice, person=cast.bob, status=Status.LEFT)
        assert listed() == ["Manon Le Goff"]
        people.change_status(by=cast.alice, person=cast.bob, status=Status.ACTIVE)
        show(cast.manon, email=False)
        assert listed() == ["Bob Lambert"]


def test_nobody_consents_for_another(cast: "Cast") -> None:
    with scope(cast.fabrique), pytest.raises(NotAllowed):
        people.share_details(by=cast.alice, person=cast.bob, email=True, phones=True)
    url = "/s/la-fabrique/personnes/montrer/"
    assert cast.client("bob").post(url, {"shown": ["email", "phones"]}).status_code == 302
    with scope(cast.fabrique):
        assert not Person.objects.get(pk=cast.alice.pk).shares_email
        assert Person.objects.get(pk=cast.bob.pk).shares_phones


def test_nobody_writes_in_it_nor_lets_others_in(cast: "Cast") -> None:
    with scope(cast.fabrique):
        show(cast.bob)
        book = Item.objects.get(is_of_people=True)
        found = Card.objects.get()
        rights = open_spaces(cast.alice)
        assert rights.level(book) == Level.VIEW
        assert not rights.may_put(book, cast.alice.pk, is_new=True)
        with pytest.raises(NotAllowed):
            lists.set_line(by=cast.alice, rights=rights, folder=book, to=cast.gus, level=Level.VIEW)
    alice = cast.client("alice")
    home = "/s/la-fabrique/agenda/"
    assert alice.get(f"{home}contacts/{found.pk}/modifier/").status_code == 403
    assert alice.post(f"{home}contacts/{found.pk}/supprimer/").status_code == 403
    assert alice.post(f"{home}agendas/{book.pk}/jeter/").status_code == 403
    alice.post(f"{home}contacts/ensemble/", {"choix": found.pk, "faire": "jeter"})
    with scope(cast.fabrique):
        assert listed() == ["Bob Lambert"]


def test_members_see_it_and_guests_do_not(cast: "Cast") -> None:
    with scope(cast.fabrique):
        show(cast.bob)
        found = Card.objects.get()
    url = f"/s/la-fabrique/agenda/contacts/{found.pk}/"
    assert "bob.lambert@example.org" in cast.client("manon").get(url).content.decode()
    assert cast.client("gus").get(url).status_code == 404
    assert cast.client("charlie").get(url).status_code == 404


def test_an_erased_person_leaves_it_and_phones_are_told(cast: "Cast") -> None:
    with scope(cast.fabrique):
        show(cast.bob)
        book = Item.objects.get(is_of_people=True)
        name = Card.objects.get().name
        erasing.erase(by=cast.alice, person=cast.bob)
        assert listed() == []
        assert book.gone.get().name == name


def test_what_told_nobody_is_caught_up(cast: "Cast") -> None:
    with scope(cast.fabrique):
        Person.objects.filter(pk=cast.bob.pk).update(shares_email=True)
        people_book.follow_everybody()
        assert listed() == ["Bob Lambert"]
        Person.objects.filter(pk=cast.bob.pk).update(status=Status.LEFT)
        people_book.follow_everybody()
        assert listed() == []


def test_the_page_of_a_person_shows_members_what_they_let_them_see(cast: "Cast") -> None:
    with scope(cast.fabrique):
        people.change_person(by=cast.manon, person=cast.manon, mobile="06 11 22 33 44")
    url = f"/s/la-fabrique/personnes/{cast.manon.pk}/"
    assert "06 11 22 33 44" not in cast.client("bob").get(url).content.decode()
    with scope(cast.fabrique):
        show(cast.manon, email=False, phones=True)
    page = cast.client("bob").get(url).content.decode()
    assert "06 11 22 33 44" in page
    assert "manon.le.goff@example.org" not in page
    assert "06 11 22 33 44" not in cast.client("gus").get(url).content.decode()


def test_the_own_page_says_what_is_shown(cast: "Cast") -> None:
    bob: Client = cast.client("bob")
    url = f"/s/la-fabrique/personnes/{cast.bob.pk}/"
    assert "Ce que je montre de moi" in bob.get(url).content.decode()
    assert "Ce que je montre de moi" not in cast.client("alice").get(url).content.decode()


# CardDAV


@pytest.fixture
def shown(dav: SimpleNamespace) -> SimpleNamespace:
    with scope(dav.cast.fabrique):
        calendar(dav.cast.alice, Nature.BOOK)
        show(dav.cast.bob)
        show(dav.cast.manon)
    return dav


def names(answer: Answer) -> dict[str, int]:
    return {path.rpartition("/")[2]: status for path, status in answer.statuses().items()}


def test_programs_find_it_and_read_it(shown: SimpleNamespace) -> None:
    alice: Program = shown.client("alice", "addressbooks/la-fabrique/")
    assert "/dav/addressbooks/la-fabrique/personnes/" in alice.ask("PROPFIND", "", Depth="1").paths
    book: Program = shown.client("alice", BOOK)
    assert len(book.listing()) == 2
    with scope(shown.cast.fabrique):
        name = Card.objects.get(full_name="Bob Lambert").name
    assert "bob.lambert@example.org" in book.get(name).content.decode()


def test_a_consent_taken_back_is_told_by_the_next_synchronisation(shown: SimpleNamespace) -> None:
    book: Program = shown.client("alice", BOOK)
    token = book.sync("").xml.findtext("{DAV:}sync-token") or ""
    with scope(shown.cast.fabrique):
        name = Card.objects.get(full_name="Bob Lambert").name
        show(shown.cast.bob, email=False)
    told = names(book.sync("", token))
    assert told == {name: 404}


def test_programs_write_nothing_in_it(shown: SimpleNamespace) -> None:
    book: Program = shown.client("alice", BOOK)
    with scope(shown.cast.fabrique):
        name = Card.objects.get(full_name="Bob Lambert").name
    assert book.put("neuf.vcf", card("neuf")).status == 403
    assert book.put(name, card("neuf")).status == 403
    assert book.ask("DELETE", name).status == 403
    assert book.ask("DELETE", "").status == 403


def test_strangers_and_guests_find_nothing(shown: SimpleNamespace) -> None:
    assert shown.client("charlie", BOOK).ask("PROPFIND", "", Depth="1").status == 404
    assert shown.client("gus", BOOK).ask("PROPFIND", "", Depth="1").status == 404
