"""Several contacts at once, groups of contacts, organisations, and the trash."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from tilios.core.structures.scope import scope
from tilios.kit import vcard
from tilios.tools.agenda.actions import card_trash
from tilios.tools.agenda.actions.collections import make_in
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import Card, Gone, Item, Nature, ThrownCard
from tilios.tools.agenda.tests.contract import calendar, card
from tilios.tools.agenda.tests.test_contacts import form_of

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
HOME = "/s/la-fabrique/agenda/contacts/"


@pytest.fixture
def alice(cast: "Cast") -> Client:
    return cast.client("alice")


def together(client: Client, cards: list[Card], asked: str, **more: Any) -> Any:
    return client.post(f"{HOME}ensemble/", {"choix": [one.pk for one in cards], "faire": asked, **more})


def another_book(cast: "Cast") -> Item:
    space = calendar(cast.alice, Nature.BOOK).folder
    return make_in(by=cast.alice, rights=open_spaces(cast.alice), space=space, nature=Nature.BOOK, name="Presse")


def test_a_label_is_put_on_and_taken_off_several(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        cards = [card(cast.alice, "Ada Lovelace", more="CATEGORIES:Été\r\n"), card(cast.alice, "Zoé Durand")]
    assert together(alice, cards, "etiqueter", etiquette="été ").status_code == 302
    with scope(cast.fabrique):
        assert sorted(Card.objects.values_list("categories", flat=True)) == [["Été"], ["été"]]
    together(alice, cards, "desetiqueter", etiquette="ÉTÉ")
    with scope(cast.fabrique):
        assert list(Card.objects.values_list("categories", flat=True)) == [[], []]


def test_labels_narrow_the_list(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        card(cast.alice, "Ada Lovelace", more="CATEGORIES:fête d'été,amies\r\n")
        card(cast.alice, "Zoé Durand", more="CATEGORIES:fête\r\n")
    page = alice.get(HOME, {"etiquette": "fête d'été"})
    assert [one.full_name for one in page.context["page"]] == ["Ada Lovelace"]
    assert page.context["labels"] == [("amies", 1), ("fête", 1), ("fête d'été", 1)]
    assert [one.full_name for one in alice.get(HOME, {"etiquette": "fête"}).context["page"]] == ["Zoé Durand"]


def test_contacts_are_moved_to_another_address_book(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        cards = [card(cast.alice, "Ada Lovelace", more="X-GARDE:oui\r\n"), card(cast.alice, "Zoé Durand")]
        press, old = another_book(cast), cards[0].book
    assert together(alice, cards, "ranger", vers=press.pk).status_code == 302
    with scope(cast.fabrique):
        assert set(Card.objects.values_list("book", flat=True)) == {press.pk}
        assert "X-GARDE:oui" in Card.objects.get(full_name="Ada Lovelace").data
        assert Gone.objects.filter(collection=old).count() == 2
        assert not ThrownCard.objects.exists()


def test_what_is_there_already_is_not_moved_twice(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        found, press = card(cast.alice), another_book(cast)
    together(alice, [found], "ranger", vers=press.pk)
    with scope(cast.fabrique):
        again = card(cast.alice)
        Card.objects.filter(pk=again.pk).update(uid=found.uid)
    together(alice, [again], "ranger", vers=press.pk)
    with scope(cast.fabrique):
        assert Card.objects.count() == 2


def test_contacts_are_thrown_away_and_undone(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        cards = [card(cast.alice, "Ada Lovelace"), card(cast.alice, "Zoé Durand")]
    page = alice.get(together(alice, cards, "jeter").headers["Location"])
    with scope(cast.fabrique):
        assert not Card.objects.exists()
    assert "Ada Lovelace" in alice.get(f"{HOME}corbeille/").content.decode()
    undo = page.context["shell"].undo
    alice.post(undo["url"], {"token": undo["token"]})
    with scope(cast.fabrique):
        assert sorted(Card.objects.values_list("data", flat=True)) == sorted(one.data for one in cards)
        assert not Gone.objects.exists()


def test_what_is_thrown_away_is_forgotten_after_a_while(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        for name in ("Ada Lovelace", "Zoé Durand"):
            alice.post(f"{HOME}{card(cast.alice, name).pk}/supprimer/")
        days = timedelta(days=card_trash.KEPT_DAYS + 1).total_seconds()
        old = ThrownCard.objects.get(full_name="Ada Lovelace")
        ThrownCard.objects.filter(pk=old.pk).update(thrown_ms=old.thrown_ms - int(days * 1000))
        assert card_trash.forget_old() == 1
        assert [one.full_name for one in ThrownCard.objects.all()] == ["Zoé Durand"]


def test_a_contact_that_is_back_does_not_come_back_twice(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        found = card(cast.alice)
    alice.post(f"{HOME}{found.pk}/supprimer/")
    with scope(cast.fabrique):
        thrown = ThrownCard.objects.get()
    assert alice.post(f"{HOME}corbeille/{thrown.pk}/restaurer/").status_code == 302
    assert alice.post(f"{HOME}corbeille/{thrown.pk}/restaurer/").status_code == 404
    with scope(cast.fabrique):
        assert Card.objects.count() == 1


def test_the_trash_of_others_stays_theirs(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        found = card(cast.alice)
    alice.post(f"{HOME}{found.pk}/supprimer/")
    with scope(cast.fabrique):
        thrown = ThrownCard.objects.get()
    assert cast.client("gus").post(f"{HOME}corbeille/{thrown.pk}/restaurer/").status_code == 404


def test_nothing_of_several_is_done_when_one_may_not_be_changed(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        cards = [card(cast.alice, "Ada Lovelace"), card(cast.alice, "Zoé Durand")]
    assert together(cast.client("gus"), cards, "jeter").status_code == 302  # he sees none of them
    with scope(cast.fabrique):
        assert Card.objects.count() == 2


def test_a_group_is_made_and_its_members_put_in_and_taken_out(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        ada, zoe = card(cast.alice, "Ada Lovelace"), card(cast.alice, "Zoé Durand")
    alice.post(f"{HOME}groupes/nouveau/", {"nom": "Fanfare", "carnet": ada.book_id})
    with scope(cast.fabrique):
        group = Card.objects.get(kind="group")
    together(alice, [ada, zoe], "grouper", groupe=group.pk)
    with scope(cast.fabrique):
        group.refresh_from_db()
    assert "X-ADDRESSBOOKSERVER-KIND:group" in group.data
    assert vcard.facts(group.data.encode()).members == (f"urn:uuid:{ada.uid}", f"urn:uuid:{zoe.uid}")
    page = alice.get(f"{HOME}{group.pk}/").content.decode()
    assert page.index("Zoé Durand") < page.index("Ada Lovelace")  # by family name
    assert "Fanfare" in alice.get(f"{HOME}{ada.pk}/").content.decode()
    alice.post(f"{HOME}{group.pk}/membres/", {"retirer": f"urn:uuid:{ada.uid}"})
    assert [one.full_name for one in alice.get(f"{HOME}{group.pk}/?q=ada").context["candidates"]] == ["Ada Lovelace"]
    alice.post(f"{HOME}{group.pk}/membres/", {"choix": ada.pk})
    with scope(cast.fabrique):
        group.refresh_from_db()
        assert vcard.facts(group.data.encode()).members == (f"urn:uuid:{zoe.uid}", f"urn:uuid:{ada.uid}")


def test_a_group_of_version_four_stays_one(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        ada, group = card(cast.alice, "Ada Lovelace"), card(cast.alice, "Fanfare")
        data = group.data.replace("VERSION:3.0", "VERSION:4.0").replace(
            "END:", "KIND:group\r\nMEMBER:mailto:x@a.example\r\nEND:"
        )
        Card.objects.filter(pk=group.pk).update(data=data, kind="group")
    alice.post(f"{HOME}{group.pk}/membres/", {"choix": ada.pk})
    with scope(cast.fabrique):
        now = Card.objects.get(pk=group.pk).data
    assert f"MEMBER:urn:uuid:{ada.uid}" in now
    assert "X-ADDRESSBOOKSERVER" not in now
    assert "x@a.example" in alice.get(f"{HOME}{group.pk}/").content.decode()


def test_a_group_is_called_otherwise_and_keeps_its_members(cast: "Cast", alice: Client) -> None:
    alice.get(HOME)
    alice.post(f"{HOME}groupes/nouveau/", {"nom": "Fanfare"})
    with scope(cast.fabrique):
        group = Card.objects.get(kind="group")
    alice.post(f"{HOME}{group.pk}/modifier/", {"nom": "Harmonie"})
    with scope(cast.fabrique):
        group.refresh_from_db()
    assert (group.full_name, group.kind) == ("Harmonie", "group")
    assert alice.post(f"{HOME}{group.pk}/modifier/", {"nom": " "}).status_code == 422


def test_organisations_are_listed_with_their_people(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        card(cast.alice, "Ada Lovelace", more="ORG:La Recyclerie\r\n")
        card(cast.alice, "Zoé Durand", more="ORG:La Recyclerie\r\n")
        place = card(cast.alice, "La Recyclerie", more="ORG:La Recyclerie\r\nKIND:org\r\n")
    assert alice.get(f"{HOME}organisations/").context["rows"] == [("La Recyclerie", 2, place.pk)]
    page = alice.get(HOME, {"organisation": "la recyclerie"})
    assert {one.full_name for one in page.context["page"]} == {"Ada Lovelace", "Zoé Durand", "La Recyclerie"}


def test_everything_the_form_knows_is_kept_and_shown(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        zoe = card(cast.alice)
        ada = card(cast.alice, "Ada Lovelace", more=f"RELATED;TYPE=friend:urn:uuid:{zoe.uid}\r\nBDAY:1990-05-17\r\n")
    said = form_of(alice, zoe) | {
        "nickname": "Zo", "pronouns": "elle", "honorific": "Dr", "additional": "Marie", "suffix": "fils",
        "role": "trésorière", "anniversary": "12/06/2010", "langs": "fr, br", "units": "Atelier",
        "organisation": "Les Fileuses",
        "sites-TOTAL_FORMS": "2", "sites-0-value": "https://un.example", "sites-1-value": "https://deux.example",
        "socials-0-value": "https://piaille.example/@zoe", "socials-0-use": "mastodon",
        "messengers-0-value": "xmpp:zoe@un.example", "related-0-value": "Bob", "related-0-use": "spouse",
    }  # fmt: skip
    assert alice.post(f"{HOME}{zoe.pk}/modifier/", said).status_code == 302
    with scope(cast.fabrique):
        zoe.refresh_from_db()
    facts = vcard.facts(zoe.data.encode())
    assert (facts.nickname, facts.pronouns, facts.langs, facts.units) == ("Zo", "elle", ("fr", "br"), ("Atelier",))
    assert facts.n == ("Durand", "Zoé", "Marie", "Dr", "fils")
    assert facts.anniversary == (2010, 6, 12)
    page = alice.get(f"{HOME}{zoe.pk}/").content.decode()
    for words in ("trésorière", "Mastodon", "xmpp:zoe@un.example", "Conjoint", "Bob", "12 juin 2010", "deux.example"):
        assert words in page, words
    again = form_of(alice, zoe)
    before = zoe.data
    alice.post(f"{HOME}{zoe.pk}/modifier/", again)
    with scope(cast.fabrique):
        zoe.refresh_from_db()
    assert zoe.data.split("REV")[0] == before.split("REV")[0]
    page = alice.get(f"{HOME}{ada.pk}/").content.decode()
    assert f'href="{HOME}{zoe.pk}/"' in page
    assert "ans)" in page
