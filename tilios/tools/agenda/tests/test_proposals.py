"""Visitors propose events for a public calendar: unseen until their address is confirmed, then accepted or refused."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from tilios.core.errors import Conflict, NotAllowed
from tilios.core.notify.models import Notification
from tilios.core.structures.scope import scope
from tilios.tools.agenda.actions.proposals import accept, forget_old, refuse
from tilios.tools.agenda.actions.publications import make_public
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import Entry, Proposal, ProposalState, Publication
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.tests.contract import another, proposal

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
PUBLIC = "/s/la-fabrique/agenda/public/sorties/"
TYPED = {
    "title": "Bal folk", "start_day": "2027-06-12", "start_time": "20:30", "end_time": "23:30", "place": "Halle",
    "description": "Avec deux groupes", "name": "Ada", "email": "ada@example.org",
}  # fmt: skip


@pytest.fixture
def publication(cast: "Cast") -> Publication:
    with scope(cast.fabrique):
        return make_public(
            by=cast.alice, rights=open_spaces(cast.alice), calendar=another(cast.alice, "Sorties"), slug="sorties",
            busy_only=False, takes_proposals=True,
        )  # fmt: skip


def letter() -> str:
    """The text of the last mail."""
    return f"{mail.outbox[-1].subject}\n{mail.outbox[-1].body}"


def send(client: Client | None = None, **more: str) -> Any:
    return (client or Client()).post(f"{PUBLIC}proposer/", TYPED | more)


def confirm() -> str:
    (path,) = re.findall(r"https?://[^/\s]+(/s/\S+)", letter())
    Client().post(path)
    return path


def test_nobody_sees_it_before_the_address_is_confirmed(cast: "Cast", publication: Publication) -> None:
    assert send().status_code == 302
    with scope(cast.fabrique):
        sent = Proposal.objects.get()
        assert sent.state == ProposalState.SENT
        assert not Notification.objects.exists()
    alice = cast.client("alice")
    assert alice.get(f"/s/la-fabrique/agenda/propositions/{sent.pk}/").status_code == 404
    path = confirm()
    assert "répondent par courriel" in Client().get(path).content.decode()
    with scope(cast.fabrique):
        told = Notification.objects.get(person=cast.alice)
        assert told.url == f"/s/la-fabrique/agenda/propositions/{sent.pk}/"
        assert not Notification.objects.filter(person__in=[cast.bob, cast.gus]).exists()
    assert "Bal folk" in alice.get(told.url).content.decode()
    assert "Bal folk" not in Client().get(f"{PUBLIC}?jour=2027-06-01").content.decode()


def test_looking_at_the_link_confirms_nothing_and_confirming_twice_tells_once(
    cast: "Cast", publication: Publication
) -> None:
    send()
    (path,) = re.findall(r"https?://[^/\s]+(/s/\S+)", letter())
    assert "Oui, je le propose" in Client().get(path).content.decode()
    with scope(cast.fabrique):
        assert Proposal.objects.get().state == ProposalState.SENT
    for _turn in range(2):
        assert Client().post(path).status_code == 302
    with scope(cast.fabrique):
        assert Notification.objects.filter(person=cast.alice).count() == 1
    for wrong in (path[:-3] + "/", path.replace("sorties", "autres"), path.replace("la-fabrique", "l-atelier")):
        assert Client().get(wrong).status_code == 404


def test_it_is_put_right_then_accepted_and_the_visitor_told(cast: "Cast", publication: Publication) -> None:
    send()
    confirm()
    with scope(cast.fabrique):
        one = Proposal.objects.get()
    typed = {key: TYPED[key] for key in TYPED if key not in {"name", "email"}} | {"title": "Grand bal"}
    answer = cast.client("alice").post(f"/s/la-fabrique/agenda/propositions/{one.pk}/", typed)
    assert answer.status_code == 302
    with scope(cast.fabrique):
        entry = Entry.objects.get()
        assert (entry.summary, entry.location, entry.calendar) == ("Grand bal", "Halle", publication.calendar)
        assert f"{timezone.localtime(entry.first):%Y-%m-%d %H:%M}".startswith("2027-06-12")
        one.refresh_from_db()
        assert (one.state, one.decided_by, one.entry) == (ProposalState.ACCEPTED, cast.alice, entry)
        assert "ada@" not in entry.data
    told = letter()
    assert told.startswith("Acceptée : Bal folk")
    assert f"{PUBLIC}evenements/{entry.pk}/" in told
    assert "Grand bal" in Client().get(f"{PUBLIC}?jour=2027-06-01").content.decode()


def test_it_is_refused_with_words_for_the_visitor(cast: "Cast", publication: Publication) -> None:
    with scope(cast.fabrique):
        one = proposal(publication.calendar)
    page = f"/s/la-fabrique/agenda/propositions/{one.pk}/"
    cast.client("alice").post(f"{page}refuser/", {"raison": "La halle est prise ce soir-là."})
    assert "La halle est prise" in letter()
    with scope(cast.fabrique):
        assert not Entry.objects.exists()
        one.refresh_from_db()
        assert one.state == ProposalState.REFUSED
        for decide in (
            lambda: refuse(by=cast.alice, rights=Rights(cast.alice), proposal=one, reason=""),
            lambda: accept(by=cast.alice, rights=Rights(cast.alice), proposal=one, draft={}),
        ):
            with pytest.raises(Conflict):
                decide()


def test_who_may_not_change_the_calendar_decides_nothing(cast: "Cast", publication: Publication) -> None:
    with scope(cast.fabrique):
        one = proposal(publication.calendar)
        with pytest.raises(NotAllowed):
            refuse(by=cast.gus, rights=open_spaces(cast.gus), proposal=one, reason="")
    for page in (f"propositions/{one.pk}/", f"agendas/{publication.calendar_id}/propositions/"):
        assert cast.client("bob").get(f"/s/la-fabrique/agenda/{page}").status_code == 200
        assert cast.client("gus").get(f"/s/la-fabrique/agenda/{page}").status_code == 404
        assert cast.client("charlie").get(f"/s/l-atelier/agenda/{page}").status_code == 404


def test_the_queue_is_counted_on_the_page_of_the_calendar(cast: "Cast", publication: Publication) -> None:
    with scope(cast.fabrique):
        proposal(publication.calendar)
        proposal(publication.calendar, "Non confirmé", ProposalState.SENT)
    page = cast.client("alice").get(f"/s/la-fabrique/agenda/agendas/{publication.calendar_id}/").content.decode()
    assert "1 proposition attend" in page
    queue = cast.client("alice").get(f"/s/la-fabrique/agenda/agendas/{publication.calendar_id}/propositions/")
    assert "Bal" in queue.content.decode()
    assert "Non confirmé" not in queue.content.decode()


def test_there_is_no_form_unless_proposals_are_taken(cast: "Cast", publication: Publication) -> None:
    assert "Proposer un événement" in Client().get(PUBLIC).content.decode()
    with scope(cast.fabrique):
        Publication.objects.update(takes_proposals=False)
    assert "Proposer un événement" not in Client().get(PUBLIC).content.decode()
    assert Client().get(f"{PUBLIC}proposer/").status_code == 404
    assert send().status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""), ("start_day", "demain"), ("start_day", "0001-01-01"), ("end_time", "08:00"), ("email", "ada"),
        ("end_day", "2027-06-01"), ("name", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_said_and_loses_nothing(
    cast: "Cast", publication: Publication, field: str, value: str
) -> None:
    answer = send(**{field: value})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'aria-invalid="true"' in page
    assert "Avec deux groupes" in page
    with scope(cast.fabrique):
        assert not Proposal.objects.exists()


def test_programs_that_fill_in_everything_are_told_all_went_well(cast: "Cast", publication: Publication) -> None:
    assert send(website="https://example.org").status_code == 302
    with scope(cast.fabrique):
        assert not Proposal.objects.exists()
    assert not mail.outbox


def test_one_network_proposes_so_much_and_one_address_gets_so_many_letters(
    cast: "Cast", publication: Publication
) -> None:
    found = [send().status_code for _turn in range(6)]
    assert found[0] == 302
    assert found[-1] == 422
    with scope(cast.fabrique):
        assert Proposal.objects.count() <= 4
    others = [send(email=f"a{number}@example.org").status_code for number in range(10)]
    assert others[-1] == 422


def test_a_whole_day_is_days_and_a_title_on_two_lines_is_one_subject(cast: "Cast", publication: Publication) -> None:
    send(title="Fête\nBcc: x@example.org", start_time="", end_time="", end_day="2027-06-13")
    assert "\n" not in mail.outbox[-1].subject
    assert mail.outbox[-1].recipients() == ["ada@example.org"]
    confirm()
    with scope(cast.fabrique):
        one = Proposal.objects.get()
        assert one.is_all_day
        assert one.end - one.start == timedelta(days=2)


def test_what_was_never_confirmed_and_what_is_long_decided_is_forgotten(cast: "Cast", publication: Publication) -> None:
    with scope(cast.fabrique):
        long_ago = timezone.now() - timedelta(days=200)
        never = proposal(publication.calendar, state=ProposalState.SENT)
        decided = proposal(publication.calendar, state=ProposalState.REFUSED)
        waiting = proposal(publication.calendar)
        Proposal.objects.update(proposed_at=long_ago)
        Proposal.objects.filter(pk=decided.pk).update(decided_at=long_ago)
        assert forget_old() == 2
        assert Proposal.objects.get() == waiting
        assert never.pk != waiting.pk
