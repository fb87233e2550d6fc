"""Contacts that look alike: found, shown side by side, made one losing nothing, or said to be two."""

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from tilios.core.shelves.actions import rights as lists
from tilios.core.shelves.levels import Level
from tilios.core.structures.scope import scope
from tilios.kit import vcard
from tilios.tools.agenda.actions.groups import add_group
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import Card, NotSame, ThrownCard
from tilios.tools.agenda.queries import duplicates
from tilios.tools.agenda.tests.contract import card

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
HOME = "/s/la-fabrique/agenda/contacts/"
PAIRS = f"{HOME}doublons/"


@pytest.fixture
def alice(cast: "Cast") -> Client:
    return cast.client("alice")


def alike(cast: "Cast") -> tuple[Card, Card]:
    """Zoé twice: with one telephone written in two ways, and other words for the rest."""
    more = "TEL;TYPE=cell:06 11 22 33 44\r\nNOTE:Brodeuse\r\nX-UNE:1\r\nitem1.EMAIL:zoe@a.example\r\n"
    more += "item1.X-ABLabel:Atelier\r\n"
    first = card(cast.alice, "Zoé Durand", more=more)
    second = card(
        cast.alice,
        "Zoé Durand-Sow",
        more="TEL:+33.6.11.22.33.44\r\nNOTE:Tisserande\r\nX-DEUX:2\r\nEMAIL:zoe@b.example\r\n",
    )
    return first, second


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("EMAIL:Zoe@Example.org\r\n", "EMAIL;TYPE=work:zoe@example.org\r\n", "mail"),
        ("TEL:06 11 22 33 44\r\n", "TEL:+33 (0)6.11.22.33.44\r\n", "phone"),
        ("", "", "name"),
    ],
)
def test_contacts_alike_are_found(cast: "Cast", one: str, other: str, reason: str) -> None:
    names = ("Zoé Durand", "DURAND Zoe") if reason == "name" else ("Zoé Durand", "Ada Lovelace")
    with scope(cast.fabrique):
        first, second = card(cast.alice, names[0], more=one), card(cast.alice, names[1], more=other)
        card(cast.alice, "Personne Autre", more="TEL:12\r\nEMAIL:autre@example.org\r\n")
        assert duplicates.pairs(open_spaces(cast.alice)) == [duplicates.Pair(first.pk, second.pk, (reason,))]


def test_a_person_and_their_organisation_share_a_telephone_and_are_two(cast: "Cast") -> None:
    with scope(cast.fabrique):
        card(cast.alice, "Ada Lovelace", more="TEL:0320112233\r\n")
        card(cast.alice, "La Recyclerie", more="TEL:0320112233\r\nKIND:org\r\n")
        assert duplicates.pairs(open_spaces(cast.alice)) == []


def test_what_one_may_not_change_is_not_proposed(cast: "Cast") -> None:
    with scope(cast.fabrique):
        first, _second = alike(cast)
        lists.set_line(
            by=cast.alice, rights=open_spaces(cast.alice), folder=first.book.folder, to=cast.gus, level=Level.VIEW
        )
        assert duplicates.pairs(open_spaces(cast.gus)) == []
        assert len(duplicates.pairs(open_spaces(cast.alice))) == 1


def test_two_contacts_become_one_and_nothing_is_lost(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        first, second = alike(cast)
    page = alice.get(f"{PAIRS}{first.pk}/{second.pk}/").content.decode()
    for words in ("Brodeuse", "Tisserande", "zoe@a.example", "zoe@b.example"):
        assert words in page, words
    answer = alice.post(f"{PAIRS}{first.pk}/{second.pk}/", {"note": "b", "fn": "a"})
    assert answer.status_code == 302
    with scope(cast.fabrique):
        left = Card.objects.get()
    facts = vcard.facts(left.data.encode())
    assert (left.pk, left.uid, facts.fn, facts.note) == (first.pk, first.uid, "Zoé Durand", "Tisserande")
    assert [one.value for one in facts.emails] == ["zoe@a.example", "zoe@b.example"]
    assert [one.value for one in facts.phones] == ["06 11 22 33 44"]
    for line in ("X-UNE:1", "X-DEUX:2", "item1.X-ABLabel:Atelier"):
        assert line in left.data, line


def test_merging_is_undone_with_both_as_they_were(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        first, second = alike(cast)
        group = add_group(
            by=cast.alice, rights=open_spaces(cast.alice), book=first.book, name="Fanfare", members=[second]
        )
    page = alice.get(alice.post(f"{PAIRS}{first.pk}/{second.pk}/", {}).headers["Location"])
    with scope(cast.fabrique):
        held = vcard.facts(Card.objects.get(pk=group.pk).data.encode()).members
        assert held == (f"urn:uuid:{first.uid}",)
    undo = page.context["shell"].undo
    assert alice.post(undo["url"], {"token": undo["token"]}).status_code == 302
    with scope(cast.fabrique):
        assert Card.objects.get(pk=first.pk).data == first.data
        assert Card.objects.get(uid=second.uid).data == second.data
        assert Card.objects.get(pk=group.pk).data == group.data
        assert not ThrownCard.objects.exists()


def test_what_was_written_since_is_not_undone(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        first, second = alike(cast)
    alice.post(f"{PAIRS}{first.pk}/{second.pk}/", {})
    with scope(cast.fabrique):
        Card.objects.filter(pk=first.pk).update(etag="autre", data=first.data.replace("Brodeuse", "Depuis"))
        thrown = ThrownCard.objects.get()
    assert alice.post(f"{HOME}corbeille/{thrown.pk}/restaurer/").status_code == 302
    with scope(cast.fabrique):
        assert "Depuis" in Card.objects.get(pk=first.pk).data
        assert Card.objects.filter(uid=second.uid).exists()


def test_two_that_are_not_the_same_are_not_proposed_again(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        first, second = alike(cast)
    assert "Zoé Durand-Sow" in alice.get(PAIRS).content.decode()
    assert alice.post(f"{PAIRS}{second.pk}/{first.pk}/", {"differents": "1"}).status_code == 302
    assert "Aucun doublon" in alice.get(PAIRS).content.decode()
    with scope(cast.fabrique):
        assert NotSame.objects.get().first_id == first.pk
        assert Card.objects.count() == 2


def test_what_changed_since_the_page_was_read_is_looked_at_again(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        first, second = alike(cast)
    answer = alice.post(f"{PAIRS}{first.pk}/{second.pk}/", {"etag": "vieux", "other_etag": second.etag})
    assert answer.status_code == 409
    with scope(cast.fabrique):
        assert Card.objects.count() == 2


def test_whoever_may_only_see_merges_nothing(cast: "Cast") -> None:
    with scope(cast.fabrique):
        first, second = alike(cast)
        lists.set_line(
            by=cast.alice, rights=open_spaces(cast.alice), folder=first.book.folder, to=cast.gus, level=Level.VIEW
        )
    gus = cast.client("gus")
    assert gus.post(f"{PAIRS}{first.pk}/{second.pk}/", {}).status_code == 404
    with scope(cast.fabrique):
        assert Card.objects.count() == 2
