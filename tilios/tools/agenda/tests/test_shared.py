"""A link to a calendar: a page for people, an address for their programs."""

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import Cast
from tilios.core.access import sharing
from tilios.core.access.models import ShareLink
from tilios.core.errors import NotAllowed
from tilios.core.structures.scope import scope
from tilios.kit import ical
from tilios.tools.agenda.actions.entries import put_entry, remove_entry
from tilios.tools.agenda.models import Entry, Item, Nature
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.tests import contract
from tilios.tools.agenda.tests.writing import event


def link_to(cast: Cast, mode: str) -> ShareLink:
    """A link to everybody's calendar, which holds an event that anybody sees and a private one."""
    with scope(cast.fabrique):
        contract.event(cast.alice, "Atelier soudure", more="LOCATION:Grande salle\r\n")
        contract.event(cast.alice, "Entretien", more="CLASS:PRIVATE\r\n")
        return sharing.create_link(by=cast.alice, target=contract.calendar(cast.alice), mode=mode)


def test_whoever_has_the_link_sees_what_is_not_private(cast: Cast) -> None:
    link = link_to(cast, "see")
    page = Client().get(f"/l/{link.token}/").content.decode()
    assert "Atelier soudure" in page
    assert f"webcal://testserver/l/{link.token}/agenda.ics" in page
    assert "Entretien" not in page
    answer = Client().get(f"/l/{link.token}/agenda.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    told = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert "SUMMARY:Atelier soudure" in told
    assert "REFRESH-INTERVAL" in told
    assert "Entretien" not in told


def test_a_link_to_busy_times_tells_nothing_else(cast: Cast) -> None:
    link = link_to(cast, "busy")
    told = b"".join(Client().get(f"/l/{link.token}/agenda.ics").streaming_content).decode()  # type: ignore[attr-defined]
    assert told.count("BEGIN:VEVENT") == 2
    page = Client().get(f"/l/{link.token}/").content.decode()
    assert "Occupé" in page
    for word in ("Atelier", "Grande salle", "Entretien"):
        assert word not in told
        assert word not in page


def test_what_makes_nobody_busy_is_no_busy_time(cast: Cast) -> None:
    link = link_to(cast, "busy")
    with scope(cast.fabrique):
        contract.event(cast.alice, "Anniversaire", more="TRANSP:TRANSPARENT\r\n")
        contract.event(cast.alice, "Remis", more="STATUS:CANCELLED\r\n")
    assert Client().get(f"/l/{link.token}/").content.decode().count('class="row-title"') == 2


def test_one_private_date_keeps_the_series_private(cast: Cast) -> None:
    data = event("serie", "Cours", "20271201T090000Z", more="RRULE:FREQ=WEEKLY;COUNT=4\r\n").encode()
    (data,) = ical.changed(
        data, {"summary": "Entretien", "classification": "PRIVATE"}, scope="this", recurrence_id="20271208T090000Z",
        now=timezone.now(),
    )  # fmt: skip
    with scope(cast.fabrique):
        calendar = contract.calendar(cast.alice)
        put_entry(by=cast.alice, rights=Rights(cast.alice), calendar=calendar, name="serie.ics", data=data)
        link = sharing.create_link(by=cast.alice, target=calendar, mode="see")
    told = b"".join(Client().get(f"/l/{link.token}/agenda.ics").streaming_content).decode()  # type: ignore[attr-defined]
    assert "Entretien" not in told


def test_a_program_that_has_it_already_is_told_so(cast: Cast) -> None:
    link = link_to(cast, "see")
    address, program = f"/l/{link.token}/agenda.ics", Client()
    etag = program.get(address)["ETag"]
    assert program.get(address, HTTP_IF_NONE_MATCH=etag).status_code == 304
    with scope(cast.fabrique):
        entry = Entry.objects.get(summary="Atelier soudure")
        remove_entry(by=cast.alice, rights=Rights(cast.alice), entry=entry)
    assert program.get(address, HTTP_IF_NONE_MATCH=etag).status_code == 200


def test_a_link_that_is_taken_back_opens_nothing_at_once(cast: Cast) -> None:
    link = link_to(cast, "see")
    with scope(cast.fabrique):
        sharing.revoke_link(by=cast.alice, link=link)
    for path in ("", "agenda.ics"):
        assert Client().get(f"/l/{link.token}/{path}").status_code == 404


def test_who_may_not_change_a_calendar_makes_no_link_to_it(cast: Cast) -> None:
    with scope(cast.fabrique):
        contract.event(cast.alice)
        own = Item.objects.get(parent__owner=cast.alice, nature=Nature.CALENDAR)
        book = contract.calendar(cast.alice, Nature.BOOK)
        for who, target in ((cast.bob, own), (cast.alice, book)):
            with pytest.raises(NotAllowed):
                sharing.create_link(by=who, target=target, mode="see")
