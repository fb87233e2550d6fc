"""Member cards: printed ten a sheet, shown on a phone, scanned by who checks them and by anybody."""

from typing import Any

import pytest

from tests.cast import Cast
from tilios.core.access import grants
from tilios.core.blobs.images import store_image
from tilios.core.errors import NotAllowed
from tilios.core.journal.models import Entry
from tilios.core.structures.scope import scope
from tilios.tools.members import actions as register
from tilios.tools.members import queries
from tilios.tools.members.actions.cards import cards_of, new_card
from tilios.tools.members.models import Card, Record
from tilios.tools.members.papers import cards, making
from tilios.tools.members.papers.addresses import address_of, card_of_token, token_of
from tilios.tools.members.papers.kinds import KINDS
from tilios.tools.members.tests.contract import dues, member, picture
from tilios.tools.members.tests.reading_papers import codes_in, lines_of, pages_of, picture_of, sizes_of

HOME = "/s/la-fabrique/adhesions/"
MM = 300 / 25.4  # dots, at 300 an inch


@pytest.fixture
def zoe(fabrique: Cast) -> Record:
    """Zoé, up to date for a year, with a photograph."""
    record = member("Zoé", "D'Hérouville", photo=store_image(picture()))
    rate = dues()
    contribution = register.contribute(by=None, record=record, kind=rate.kind, rate=rate)
    Record.objects.filter(pk=record.pk).update(due_on=contribution.last)
    return Record.objects.select_related("photo", "status", "person").get(pk=record.pk)


def scanned(cast: Cast, card: Card, who: str = "nobody") -> str:
    answer = cast.client(who).get(address_of(card).removeprefix("http://localhost:8000"))
    assert answer.status_code == 200
    return answer.content.decode()


def path_of(card: Card) -> str:
    return f"{HOME}carte/{token_of(card)}/"


def printed(cast: Cast) -> bytes:
    form = KINDS["cartes"].form(by=cast.manon).with_defaults()
    assert form.is_valid()
    people = list(queries.records().select_related("photo"))
    return making.laid_out(by=cast.manon, kind=KINDS["cartes"], people=people, said=form.cleaned_data)


def test_ten_a_sheet_each_with_its_own_code(fabrique: Cast) -> None:
    for number in range(11):
        member("Éloïse", f"Dupont {number:02}")
    body = printed(fabrique)
    assert sizes_of(body) == [(210.0, 297.0)] * 2
    page = picture_of(body)
    for place, record in enumerate(queries.records()[:10]):
        x, y = cards.SHEET.place(place)
        box = tuple(round(value * MM) for value in (x + 56.3, y + 22, x + cards.WIDTH - 1, y + cards.HEIGHT - 1))
        assert codes_in(page.crop(box)) == [address_of(Card.objects.get(record=record))], place


def test_a_card_is_printed_again_with_the_same_code(fabrique: Cast, zoe: Record) -> None:
    printed(fabrique)
    first = Card.objects.get()
    printed(fabrique)
    assert Card.objects.get() == first
    assert Entry.objects.filter(verb="members.card_made").count() == 1
    assert Entry.objects.filter(verb="members.papers_made").count() == 2
    assert Entry.objects.filter(verb="people.read", subject=zoe.person_id, data__what="members.papers").count() == 2


def test_names_stay_within_their_card(fabrique: Cast) -> None:
    member("Maximilienne-Alexandrine", "Vandenbroucke de la Fontaine-Saint-Hilaire " + "W" * 20)
    member("محمد", "بن عبد الله")
    member("<b>Zoé</b>", "&")
    body = printed(fabrique)
    assert "<b>Zoé</b> &" in pages_of(body)[0]
    right = cards.SHEET.left + cards.WIDTH - 3 - 26
    first_column = [line for line in lines_of(body) if line.left < cards.SHEET.left + 40 and line.text]
    assert first_column
    assert all(line.right < right + 0.5 for line in first_column)


def test_alone_it_has_the_size_of_a_bank_card(fabrique: Cast, zoe: Record) -> None:
    card = new_card(by=fabrique.manon, record=zoe)
    body = making.one_card(card, zoe, fabrique.fabrique)
    assert sizes_of(body) == [(85.6, 54.0)]
    assert "Zoé D'Hérouville" in pages_of(body)[0]
    for dpi in (300, 130):  # printed well, and seen by a phone from afar
        assert codes_in(picture_of(body, dpi=dpi)) == [address_of(card)], dpi


def test_a_stranger_reads_no_name(fabrique: Cast, zoe: Record) -> None:
    card = new_card(by=fabrique.manon, record=zoe)
    for who in ("nobody", "charlie", "bob", "gus"):
        page = scanned(fabrique, card, who)
        assert "La Fabrique" in page
        assert "Hérouville" not in page
        assert "Carte valable" not in page
        assert fabrique.client(who).get(f"{path_of(card)}photo/").status_code == 404
    assert not Entry.objects.filter(verb="people.read").exists()


def test_a_stranger_reads_whether_it_is_valid_where_the_structure_says_so(fabrique: Cast, zoe: Record) -> None:
    register.change_settings(by=fabrique.alice, card_tells=True)
    card = new_card(by=fabrique.manon, record=zoe)
    assert "Carte valable" in scanned(fabrique, card)
    Record.objects.update(due_on="2020-01-01")
    page = scanned(fabrique, card)
    assert "Cette carte n'est pas valable" in page
    assert "Hérouville" not in page


def test_who_checks_cards_reads_name_photograph_and_dues(fabrique: Cast, zoe: Record) -> None:
    card = new_card(by=fabrique.manon, record=zoe)
    page = scanned(fabrique, card, "manon")
    assert "Zoé D&#x27;Hérouville" in page
    assert "À jour jusqu" in page
    assert fabrique.client("manon").get(f"{path_of(card)}photo/").status_code == 200
    assert Entry.objects.get(verb="people.read", subject=zoe.person_id).data == {"what": "members.card"}
    grants.give(by=fabrique.alice, person=fabrique.bob, action="members.check_cards")
    assert "Hérouville" in scanned(fabrique, card, "bob")


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"due_on": "2020-01-31"}, "Plus à jour depuis le 31 janvier 2020"),
        ({"due_on": None}, "Cotisation non payée"),
        ({"due_on": None, "is_exempt": True}, "Membre, sans cotisation à payer"),
        ({"due_on": "9999-12-31"}, "À jour, à vie"),
        ({"left_on": "2024-01-01"}, "N'est plus membre"),
    ],
)
def test_it_says_in_words_where_somebody_stands(fabrique: Cast, zoe: Record, about: dict[str, Any], said: str) -> None:
    card = new_card(by=fabrique.manon, record=zoe)
    Record.objects.filter(pk=zoe.pk).update(**about)
    assert said in scanned(fabrique, card, "manon")


def test_a_new_card_ends_the_old_one(fabrique: Cast, zoe: Record) -> None:
    register.change_settings(by=fabrique.alice, card_tells=True)
    old = new_card(by=fabrique.manon, record=zoe)
    new = new_card(by=fabrique.manon, record=zoe)
    assert old.serial != new.serial
    assert "Cette carte n'est pas valable" in scanned(fabrique, old)
    assert "Carte valable" in scanned(fabrique, new)
    assert "Elle a été remplacée le" in scanned(fabrique, old, "manon")
    assert cards_of(by=fabrique.manon, records=[zoe]) == {zoe.pk: new}


def test_what_is_no_card_does_not_exist(cast: Cast) -> None:
    with scope(cast.fabrique):
        token = token_of(new_card(by=cast.manon, record=member()))
    wrong = [token[:-1], token[:-1] + ("A" if token[-1] != "A" else "B"), token[1:], token[:16], "x" * 28, "é" * 28]
    for one in wrong:
        with scope(cast.fabrique):
            assert card_of_token(one) is None
        assert cast.client("manon").get(f"{HOME}carte/{one}/").status_code == 404
    with scope(cast.atelier):
        assert card_of_token(token) is None
    assert cast.client("manon").get(f"{HOME}carte/{token}/").status_code == 200
    assert cast.client("charlie").get(f"/s/l-atelier/adhesions/carte/{token}/").status_code == 404


def test_a_member_has_their_own_card_and_that_of_whom_they_pay_for(fabrique: Cast) -> None:
    bob = register.add_record(by=None, person=fabrique.bob)
    child = member("Lou", "Lambert", payer=bob)
    other = member("Autre", "Lambert", in_directory=True)
    client = fabrique.client("bob")
    assert client.get(f"{HOME}ma-fiche/carte/")["Location"] == f"{HOME}fiches/{bob.pk}/carte/"
    for record in (bob, child):
        page = f"{HOME}fiches/{record.pk}/carte/"
        assert "Pas encore de carte" in client.get(page).content.decode()
        assert client.post(f"{page}nouvelle/").status_code == 302
        card = Card.objects.get(record=record)
        assert "<svg" in client.get(page).content.decode()
        assert address_of(card) in client.get(page).content.decode()
        answer = client.get(f"{page}carte.pdf")
        assert answer["Content-Type"] == "application/pdf"
        assert record.person.display_name in pages_of(answer.content)[0]
        assert record.person.display_name in pages_of(client.get(f"{HOME}fiches/{record.pk}/fiche.pdf").content)[0]
    for end in ("carte/", "carte/carte.pdf", "fiche.pdf"):
        assert client.get(f"{HOME}fiches/{other.pk}/{end}").status_code == 404
    assert client.post(f"{HOME}fiches/{other.pk}/carte/nouvelle/").status_code == 404


def test_nobody_makes_the_card_of_somebody_else(fabrique: Cast, zoe: Record) -> None:
    with pytest.raises(NotAllowed):
        new_card(by=fabrique.bob, record=zoe)
    with pytest.raises(NotAllowed):
        cards_of(by=fabrique.bob, records=[zoe])


def test_who_is_not_in_the_register_has_no_card(fabrique: Cast) -> None:
    assert fabrique.client("gus").get(f"{HOME}ma-fiche/carte/")["Location"] == f"{HOME}ma-fiche/"
