"""Terms of office: rights and groups come with them and go with them, and nobody gives what they do not hold."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.cast import Cast
from tilios.core.access import grants
from tilios.core.access.roles import may
from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.core.people import actions as people
from tilios.core.people.models import Membership, Person
from tilios.tools.members import actions as register
from tilios.tools.members.actions import offices as actions
from tilios.tools.members.models import Office, Record, Status, Term
from tilios.tools.members.tests.contract import member

BASE = "/s/la-fabrique/adhesions/reglages/"
DAY = timedelta(days=1)


def treasury(fabrique: Cast, name: str = "Trésorerie", **fields: Any) -> Office:
    rights = fields.pop("actions", ["members.money"])
    return actions.save_office(by=fabrique.alice, name=name, actions=rights, **fields)


def record_of(person: Person) -> Record:
    return register.add_record(by=None, person=person)


def holds(person: Person, action: str = "members.money") -> bool:
    return may(Person.objects.get(pk=person.pk), action)


def in_group(person: Person) -> bool:
    return Membership.objects.filter(person=person).exists()


def test_a_term_gives_rights_and_group_and_takes_them_back(fabrique: Cast) -> None:
    office = treasury(fabrique, group=people.create_group(by=None, name="Bureau"))
    today = timezone.localdate()
    term = actions.start_term(by=fabrique.alice, office=office, record=record_of(fabrique.bob), starts_on=today)
    assert holds(fabrique.bob)
    assert in_group(fabrique.bob)
    actions.end_term(by=fabrique.alice, term=term, on=today)
    assert holds(fabrique.bob)  # its last day is included
    Term.objects.update(starts_on=today - 9 * DAY)
    actions.end_term(by=fabrique.alice, term=term, on=today - DAY)
    assert not holds(fabrique.bob)
    assert not in_group(fabrique.bob)


def test_what_somebody_has_by_other_ways_stays(fabrique: Cast) -> None:
    group, today = people.create_group(by=None, name="Bureau"), timezone.localdate()
    people.add_to_group(by=None, person=fabrique.bob, group=group)
    grants.give(by=fabrique.alice, person=fabrique.bob, action="members.money")
    office, bob = treasury(fabrique, group=group), record_of(fabrique.bob)
    term = actions.start_term(by=fabrique.alice, office=office, record=bob, starts_on=today - 9 * DAY)
    actions.end_term(by=fabrique.alice, term=term, on=today - DAY)
    assert holds(fabrique.bob)
    assert in_group(fabrique.bob)


def test_two_terms_that_give_the_same(fabrique: Cast) -> None:
    group, today = people.create_group(by=None, name="Bureau"), timezone.localdate()
    first, second = treasury(fabrique, group=group), treasury(fabrique, "Vice-trésorerie", group=group)
    bob = record_of(fabrique.bob)
    terms = [
        actions.start_term(by=fabrique.alice, office=one, record=bob, starts_on=today - 9 * DAY)
        for one in (first, second)
    ]
    for term, still in zip(terms, (True, False), strict=True):
        actions.end_term(by=fabrique.alice, term=term, on=today - DAY)
        assert (holds(fabrique.bob), in_group(fabrique.bob)) == (still, still)


def test_the_day_that_comes_ends_the_term(fabrique: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    office = treasury(fabrique, group=people.create_group(by=None, name="Bureau"))
    today, bob = timezone.localdate(), record_of(fabrique.bob)
    actions.start_term(by=fabrique.alice, office=office, record=bob, starts_on=today, ends_on=today)
    actions.end_terms()
    assert in_group(fabrique.bob)
    monkeypatch.setattr(timezone, "localdate", lambda *_args: today + DAY)
    actions.end_terms()
    assert not in_group(fabrique.bob)
    assert not holds(fabrique.bob)


def test_an_office_that_changes_is_followed_by_its_holders(fabrique: Cast) -> None:
    office, today = treasury(fabrique), timezone.localdate()
    actions.start_term(by=fabrique.alice, office=office, record=record_of(fabrique.bob), starts_on=today)
    group = people.create_group(by=None, name="Bureau")
    actions.save_office(by=fabrique.alice, office=office, name="Secrétariat", actions=["members.register"], group=group)
    assert (holds(fabrique.bob), holds(fabrique.bob, "members.register")) == (False, True)
    assert in_group(fabrique.bob)


def test_nobody_gives_what_they_do_not_hold(fabrique: Cast) -> None:
    office, bob = treasury(fabrique), record_of(fabrique.bob)
    grants.give(by=fabrique.alice, person=fabrique.manon, action="members.settings")
    manon, today = Person.objects.get(pk=fabrique.manon.pk), timezone.localdate()
    for refused in (
        lambda: actions.start_term(by=manon, office=office, record=bob, starts_on=today),
        lambda: actions.save_office(by=manon, name="Caisse", actions=["members.money"]),
        lambda: actions.save_office(by=manon, office=office, name="Trésorerie", actions=[]),
    ):
        with pytest.raises(NotAllowed):
            refused()
    assert not holds(fabrique.bob)


@pytest.mark.parametrize(
    ("starts", "ends", "error"),
    [(1, None, Invalid), (0, -1, Invalid), (-2, None, Conflict), (-20, -9, Conflict)],
)
def test_terms_that_cannot_be(fabrique: Cast, starts: int, ends: int | None, error: type[Exception]) -> None:
    office, bob, today = treasury(fabrique), record_of(fabrique.bob), timezone.localdate()
    actions.start_term(by=fabrique.alice, office=office, record=bob, starts_on=today - 9 * DAY, ends_on=today)
    last = None if ends is None else today + ends * DAY
    with pytest.raises(error):
        actions.start_term(by=fabrique.alice, office=office, record=bob, starts_on=today + starts * DAY, ends_on=last)


def test_history_gives_nothing(fabrique: Cast) -> None:
    office, bob = treasury(fabrique), record_of(fabrique.bob)
    past = {"starts_on": date(2019, 1, 1), "ends_on": date(2020, 1, 1)}
    actions.start_term(by=fabrique.alice, office=office, record=bob, **past)
    assert not holds(fabrique.bob)
    with pytest.raises(Conflict):
        actions.remove_office(by=fabrique.alice, office=office)


def test_a_status_that_members_have_is_not_removed(fabrique: Cast) -> None:
    status = actions.save_status(by=fabrique.alice, name="Honneur", is_exempt=True)
    record = member(status=status)
    assert not record.owes_dues
    with pytest.raises(Conflict):
        actions.remove_status(by=fabrique.alice, status=status)
    with pytest.raises(Invalid):
        actions.save_status(by=fabrique.alice, name="honneur")
    with pytest.raises(NotAllowed):
        actions.save_status(by=fabrique.manon, name="Fondateur")


def test_pages_from_a_status_to_the_end_of_a_term(fabrique: Cast) -> None:
    client, bob = fabrique.client("alice"), record_of(fabrique.bob)
    assert client.post(f"{BASE}statuts/", {"name": "Actif"}).status_code == 302
    assert client.post(f"{BASE}statuts/", {"name": "actif"}).status_code == 422
    assert (
        client.post(f"{BASE}fonctions/nouvelle/", {"name": "Trésorerie", "actions": ["members.money"]}).status_code
        == 302
    )
    office = Office.objects.get()
    page = f"{BASE}fonctions/{office.pk}/"
    today = timezone.localdate()
    assert client.post(page, {"record": "personne", "starts_on": today.isoformat()}).status_code == 422
    assert client.post(page, {"record": bob.number, "starts_on": today.isoformat(), "note": "AG"}).status_code == 302
    for path in (page, f"{BASE}fonctions/"):
        assert "Bob Lambert" in client.get(path).content.decode()
    assert holds(fabrique.bob)
    end = f"{BASE}mandats/{Term.objects.get().pk}/terminer/"
    assert client.post(end, {"on": "hier"}).status_code == 422
    assert client.post(end, {"on": today.isoformat()}).status_code == 302
    assert Term.objects.get().ends_on == today
    assert Status.objects.get().name == "Actif"


def test_only_those_who_decide_the_settings_open_these_pages(fabrique: Cast) -> None:
    office = treasury(fabrique)
    for who in ("manon", "bob", "gus"):
        for path in ("statuts/", "fonctions/", f"fonctions/{office.pk}/"):
            assert fabrique.client(who).get(BASE + path).status_code == 403
