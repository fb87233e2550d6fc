"""Those who keep the register answer those who ask to join: accepted in one press, or refused with a reason."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from tests.cast import Cast
from tilios.core.billing.models import Charge
from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.core.journal.models import Entry
from tilios.core.people.models import Invitation, Person
from tilios.core.portability.erasing import erase
from tilios.core.structures.scope import scope
from tilios.tools.members import actions
from tilios.tools.members.actions.accepting import accept, refuse
from tilios.tools.members.models import Application, ApplicationState, Contribution, JoinForm, Rate, Record
from tilios.tools.members.tests.contract import member
from tilios.tools.members.tests.joining_values import application, join_form

LIST = "/s/la-fabrique/adhesions/demandes/"


@pytest.fixture
def waiting(fabrique: Cast) -> Application:
    return application(join_form(), people=2)


def page(waiting: Application, end: str = "") -> str:
    return f"{LIST}{waiting.pk}/{end}"


def test_one_press_makes_the_family_its_dues_and_the_letter(fabrique: Cast, waiting: Application) -> None:
    manager = fabrique.client("manon")
    assert "1 demande d" in manager.get("/s/la-fabrique/adhesions/").content.decode()
    assert "Ada Kerlouan" in manager.get(LIST).content.decode()
    assert "Brignogan" in manager.get(page(waiting)).content.decode()
    answer = manager.post(page(waiting, "accepter/"))
    ada, lou = Record.objects.order_by("pk")
    assert answer["Location"].endswith(f"/fiches/{ada.pk}/")
    assert (ada.person.email, lou.person.email, lou.payer) == ("ada@example.org", "", ada)
    assert ada.family == lou.family is not None
    assert {one.payer_id for one in Charge.objects.all()} == {ada.person_id}
    assert Contribution.objects.count() == 2
    assert Invitation.objects.get().email == "ada@example.org"
    assert "Bienvenue" in mail.outbox[0].subject
    assert "40,00" in str(mail.outbox[0].body)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.decided_by, waiting.record) == (ApplicationState.ACCEPTED, fabrique.manon, ada)
    assert [one.record for one in waiting.applicants.all()] == [ada, lou]
    assert Entry.objects.filter(verb="members.application_accepted", actor=fabrique.manon.pk).exists()
    assert "Acceptée" in manager.get(f"{LIST}?etat=repondues").content.decode()
    assert manager.post(page(waiting, "accepter/")).status_code == 409
    assert Record.objects.count() == 2


def test_refused_with_a_reason_that_they_read(fabrique: Cast, waiting: Application) -> None:
    manager = fabrique.client("manon")
    assert manager.post(page(waiting, "refuser/"), {"reason": "  "}).status_code == 422
    manager.post(page(waiting, "refuser/"), {"reason": "L'atelier est complet cette année."})
    assert "L'atelier est complet" in str(mail.outbox[-1].body)
    assert Application.objects.get().state == ApplicationState.REFUSED
    assert not Record.objects.exists()
    late = manager.post(page(waiting, "refuser/"), {"reason": "Encore une fois"})
    assert late.status_code == 409
    assert len(mail.outbox) == 1


def test_nobody_else_sees_or_answers(fabrique: Cast, waiting: Application) -> None:
    for who, status in (("bob", 403), ("gus", 403), ("nobody", 302)):
        client = fabrique.client(who)
        assert client.get(LIST).status_code == status
        assert client.get(page(waiting)).status_code == status
        assert client.post(page(waiting, "accepter/")).status_code == status
    for refused in (
        lambda: accept(by=fabrique.bob, application=waiting),
        lambda: refuse(by=fabrique.bob, application=waiting, reason="Non"),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_those_of_another_structure_do_not_exist(cast: Cast) -> None:
    with scope(cast.atelier):
        theirs = application(join_form())
    client = cast.client("alice")
    assert client.get(f"{LIST}{theirs.pk}/").status_code == 404
    assert client.post(f"{LIST}{theirs.pk}/accepter/").status_code == 404
    assert client.post(f"{LIST}{theirs.pk}/refuser/", {"reason": "Non"}).status_code == 404


def test_keeping_the_register_gives_no_sight_of_amounts(fabrique: Cast, waiting: Application) -> None:
    assert "20,00" not in fabrique.client("manon").get(page(waiting)).content.decode()
    assert "20,00" in fabrique.client("alice").get(page(waiting)).content.decode()


def test_a_record_that_is_theirs_is_kept_and_filled_where_it_says_nothing(fabrique: Cast, waiting: Application) -> None:
    gone = member("Ada", "Kerlouan", email="vieille@example.org", postcode="29890", newsletter=True)
    gone = actions.leave(by=None, record=gone, on=timezone.localdate())
    manager, first = fabrique.client("manon"), waiting.applicants.first()
    assert first is not None
    text = manager.get(page(waiting)).content.decode()
    assert "ressemble à cette personne" in text
    assert "near names" not in text
    other = member("Autre", "Personne")
    wrong = manager.post(page(waiting, "accepter/"), {f"same_{first.pk}": other.pk})
    assert wrong.status_code == 422
    manager.post(page(waiting, "accepter/"), {f"same_{first.pk}": gone.pk})
    kept = Record.objects.get(pk=gone.pk)
    assert (kept.left_on, kept.person.email, kept.person.town) == (None, "vieille@example.org", "Brignogan")
    assert kept.newsletter
    assert Contribution.objects.filter(record=kept).count() == 1
    assert Record.objects.filter(person__given_name="Ada").count() == 1


def test_dues_that_run_already_are_said_and_nothing_is_written(fabrique: Cast, waiting: Application) -> None:
    rate = Rate.objects.get()
    there = member("Ada", "Kerlouan", postcode="29890")
    actions.contribute(by=None, record=there, kind=rate.kind, rate=rate)
    first = waiting.applicants.first()
    assert first is not None
    answer = fabrique.client("alice").post(page(waiting, "accepter/"), {f"same_{first.pk}": there.pk})
    assert answer.status_code == 409
    assert (Record.objects.count(), Contribution.objects.count()) == (1, 1)
    assert not mail.outbox


def test_two_people_have_not_one_record(fabrique: Cast, waiting: Application) -> None:
    there = member()
    one, two = waiting.applicants.all()
    with pytest.raises(Invalid):
        accept(by=fabrique.manon, application=waiting, same={one.pk: there, two.pk: there})


def test_somebody_of_the_structure_with_this_address_is_entered_not_doubled(fabrique: Cast) -> None:
    waiting = application(join_form(), email=fabrique.gus.email)
    waiting.applicants.update(given_name="Gus", family_name="Petit")
    people = Person.objects.count()
    assert "fait déjà partie" in fabrique.client("manon").get(page(waiting)).content.decode()
    accept(by=fabrique.manon, application=waiting)
    assert Record.objects.get().person == fabrique.gus
    assert Person.objects.count() == people
    assert not Invitation.objects.exists()


def test_the_amount_settled_holds_when_the_rate_rises(fabrique: Cast, waiting: Application) -> None:
    Rate.objects.update(amount_cents=9900, instalments=3)
    Application.objects.update(times=3)
    accept(by=fabrique.manon, application=waiting)
    assert set(Contribution.objects.values_list("amount_cents", flat=True)) == {2000}
    assert Charge.objects.count() == 6


def test_without_an_invitation_where_the_structure_wishes_none(fabrique: Cast, waiting: Application) -> None:
    JoinForm.objects.update(invites=False)
    accept(by=fabrique.manon, application=Application.objects.get())
    assert not Invitation.objects.exists()


def test_one_withdrawn_is_not_accepted(fabrique: Cast, waiting: Application) -> None:
    Application.objects.update(state=ApplicationState.WITHDRAWN, decided_at=timezone.now() - timedelta(days=1))
    with pytest.raises(Conflict):
        accept(by=fabrique.manon, application=waiting)


def test_an_organisation_joins_under_its_name(fabrique: Cast) -> None:
    waiting = application(join_form())
    waiting.applicants.update(kind="organisation", organisation="Épicerie du Port", said={"siret": "", "head_count": 4})
    accept(by=fabrique.manon, application=waiting)
    record = Record.objects.get()
    assert (record.kind, record.person.display_name, record.head_count) == ("organisation", "Épicerie du Port", 4)
    assert record.family is None


def test_erasing_the_member_erases_what_they_asked(fabrique: Cast, waiting: Application) -> None:
    accept(by=fabrique.manon, application=waiting)
    erase(by=fabrique.alice, person=Record.objects.order_by("pk")[0].person)
    assert not Application.objects.exists()
