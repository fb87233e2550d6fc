"""The pages of duplicates: who enters, what they ask, what they do."""

import pytest

from tests.cast import Cast
from tilios.core.access.grants import give
from tilios.tools.members import actions
from tilios.tools.members.models import NotSame, Record
from tilios.tools.members.queries import merging
from tilios.tools.members.tests.contract import dues, member

HOME = "/s/la-fabrique/adhesions/doublons/"


@pytest.fixture
def two(fabrique: Cast) -> tuple[Record, Record]:
    first = member("Camille", "Dupont", email="camille@exemple.fr", phone="0298000000", note="Première")
    return first, member("Camile", "Dupont", email="camille@exemple.fr", phone="0611223344", note="Seconde")


def url(two: tuple[Record, Record]) -> str:
    return f"{HOME}{two[0].pk}/{two[1].pk}/"


def test_those_who_keep_the_register_alone_enter(fabrique: Cast, two: tuple[Record, Record]) -> None:
    actions.add_record(by=None, person=fabrique.bob)
    for who, status in (("alice", 200), ("manon", 200), ("bob", 403), ("gus", 403), ("charlie", 404)):
        assert fabrique.client(who).get(HOME).status_code == status
        assert fabrique.client(who).get(url(two)).status_code == status
        if status != 200:
            assert fabrique.client(who).post(url(two)).status_code == status
    assert Record.objects.count() == 3


def test_the_treasurer_does_not_merge_and_the_secretary_named_does(fabrique: Cast, two: tuple[Record, Record]) -> None:
    give(by=fabrique.alice, person=fabrique.bob, action="members.money")
    assert fabrique.client("bob").get(HOME).status_code == 403
    give(by=fabrique.alice, person=fabrique.bob, action="members.register")
    assert fabrique.client("bob").get(HOME).status_code == 200


def test_pairs_are_shown_with_their_reasons(fabrique: Cast, two: tuple[Record, Record]) -> None:
    page = fabrique.client("manon").get(HOME).content.decode()
    assert url(two) in page
    assert "même adresse de courriel" in page
    actions.change_record(by=None, record=two[1], email="autre@exemple.fr")
    assert "Aucune fiche" in fabrique.client("manon").get(HOME).content.decode()


def test_what_is_chosen_is_kept(fabrique: Cast, two: tuple[Record, Record]) -> None:
    page = fabrique.client("manon").get(url(two))
    assert {one.name for one, _second in page.context["choices"]} == {"given_name", "phone", "number"}
    said = {"phone": "second", "given_name": "first", "seal": page.context["seal"]}
    answer = fabrique.client("manon").post(url(two), said, follow=True)
    record = Record.objects.select_related("person").get()
    assert (record.person.phone, record.person.given_name) == ("0611223344", "Camille")
    assert record.person.note == "Première\n\nSeconde"
    assert "plus qu&#x27;une fiche" in answer.content.decode()


def test_said_to_be_two_they_are_not_proposed_again(fabrique: Cast, two: tuple[Record, Record]) -> None:
    fabrique.client("manon").post(url(two), {"different": "1"})
    assert (NotSame.objects.count(), Record.objects.count()) == (1, 2)
    assert url(two) not in fabrique.client("manon").get(HOME).content.decode()


def test_what_cannot_be_done_is_said_and_what_was_chosen_stays(fabrique: Cast, two: tuple[Record, Record]) -> None:
    rate = dues()
    for record in two:
        actions.contribute(by=None, record=record, kind=rate.kind, rate=rate)
    said = {"phone": "second", "seal": merging.seal(*two)}
    answer = fabrique.client("manon").post(url(two), said)
    assert answer.status_code == 409
    assert "même période" in answer.content.decode()
    assert [one.name for one, second in answer.context["choices"] if second] == ["phone"]
    assert Record.objects.count() == 2


def test_any_two_by_their_numbers(fabrique: Cast, two: tuple[Record, Record]) -> None:
    client = fabrique.client("manon")
    there = client.get(HOME, {"first": two[0].number, "second": two[1].number})
    assert there.headers["Location"] == url(two)
    for numbers in ((two[0].number, "nobody"), (two[0].number, two[0].number), ("", "")):
        wrong = client.get(HOME, {"first": numbers[0], "second": numbers[1]})
        assert wrong.status_code == 422
    assert "nobody" in client.get(HOME, {"first": two[0].number, "second": "nobody"}).content.decode()


def test_one_record_is_not_two(fabrique: Cast, two: tuple[Record, Record]) -> None:
    assert fabrique.client("manon").get(f"{HOME}{two[0].pk}/{two[0].pk}/").status_code == 404
