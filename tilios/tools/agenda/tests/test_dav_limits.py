"""What the doors keep back: what is private, what a calendar was not made for, what makes no sense."""

from types import SimpleNamespace

import pytest

from tests.harness.webdav import DAV, Client
from tilios.core.shelves.levels import Level
from tilios.core.structures.scope import scope
from tilios.tools.agenda.actions import bringing, reading
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import Grant, Item
from tilios.tools.agenda.tests.test_dav_calendars import SPACES, C, query
from tilios.tools.agenda.tests.writing import event, task
from tilios.tools.agenda.zones import zone_of

SECRET = event("un", "Secret", more="CLASS:PRIVATE\r\n")


@pytest.fixture
def bob(dav: SimpleNamespace) -> Client:
    return dav.client("bob")


def let_gus_change(dav: SimpleNamespace, *addresses: str) -> Client:
    with scope(dav.cast.fabrique):
        for address in addresses:
            calendar = Item.objects.get(address=address, nature="calendar")
            Grant.objects.create(folder_id=calendar.ruler_id, person=dav.cast.gus, level=Level.EDIT)
    return dav.client("gus")


def test_who_changes_a_calendar_changes_nothing_of_what_is_private_in_it(dav: SimpleNamespace, bob: Client) -> None:
    bob.put("un.ics", SECRET)
    gus = let_gus_change(dav, "structure")
    told = gus.get("un.ics")
    assert "Secret" not in told.text
    assert gus.put("un.ics", told.content).status == 403
    assert gus.ask("DELETE", "un.ics").status == 403
    assert bob.get("un.ics").text == SECRET


def test_a_private_event_is_not_read_by_taking_it_elsewhere(dav: SimpleNamespace, bob: Client) -> None:
    bob.put("un.ics", SECRET)
    gus = let_gus_change(dav, "structure", f"personnel-{dav.cast.bob.pk}")
    to = f"/dav/calendars/la-fabrique/personnel-{dav.cast.bob.pk}/pris.ics"
    assert gus.ask("MOVE", "un.ics", Destination=to).status == 403
    assert bob.get("un.ics").status == 200
    assert bob.ask("GET", to).status == 404


def test_a_calendar_takes_the_kinds_it_was_made_for(dav: SimpleNamespace) -> None:
    bob = dav.client("bob", "calendars/la-fabrique/")
    kinds = '<C:supported-calendar-component-set><C:comp name="VTODO"/></C:supported-calendar-component-set>'
    asked = f"<C:mkcalendar {SPACES}><D:set><D:prop>{kinds}</D:prop></D:set></C:mkcalendar>"
    assert bob.ask("MKCALENDAR", "taches/", asked).status == 201
    assert bob.put("taches/un.ics", task("un")).status == 201
    refused = bob.put("taches/deux.ics", event("deux"))
    assert refused.status == 403
    assert refused.xml.find(f"{C}supported-calendar-component") is not None


def told(client: Client, token: str, status: int) -> tuple[set[str], str]:
    """What is told since `token`, two things at a time, and the token after the last."""
    found: set[str] = set()
    for _turn in range(10):
        answer = client.sync("", token, limit=2)
        found |= {path for path, said in answer.statuses().items() if said == status}
        if token == (token := answer.xml.findtext(f"{DAV}sync-token") or ""):
            break
    return found, token


def test_what_came_in_by_a_file_is_told_however_little_is_asked_at_once(dav: SimpleNamespace, bob: Client) -> None:
    token = bob.sync("").xml.findtext(f"{DAV}sync-token") or ""
    with scope(dav.cast.fabrique):
        alice, calendar = dav.cast.alice, Item.objects.get(address="structure", nature="calendar")
        rights = open_spaces(alice)
        read = reading.read_files([(f"{name}.ics", event(name).encode()) for name in "abcde"], zone=zone_of(calendar))
        made, _cards = bringing.bring_in(by=alice, rights=rights, read=read, calendar=calendar, book=None)
    came, token = told(bob, token, 200)
    assert len(came) == 5
    with scope(dav.cast.fabrique):
        bringing.take_out(by=alice, rights=rights, entries=made, cards=[])
    assert told(bob, token, 404)[0] == came


@pytest.mark.parametrize(
    "data",
    [
        event("un").encode("utf-16"), event("un").encode("cp1252"), b"\xef\xbb\xbf" + event("un").encode(),
        event("un", "R\0é\0union").encode(),
    ],
    ids=["utf-16", "windows", "mark", "nothing in between"],
)  # fmt: skip
def test_other_alphabets_are_read_as_they_were_meant(bob: Client, data: bytes) -> None:
    assert bob.put("un.ics", data).status == 201
    assert "SUMMARY:Réunion" in bob.get("un.ics").text


@pytest.mark.parametrize(
    "inner",
    [
        '<C:calendar-data><C:expand start="20261201T000000Z"/></C:calendar-data>',
        '<C:calendar-data><C:expand start="hier" end="demain"/></C:calendar-data>',
        "<C:calendar-data>" + '<C:comp name="VCALENDAR">' * 12 + "</C:comp>" * 12 + "</C:calendar-data>",
    ],
    ids=["no end", "no dates", "too deep"],
)
def test_what_makes_no_sense_is_refused_before_the_answer_begins(bob: Client, inner: str) -> None:
    bob.put("un.ics", event("un"))
    assert query(bob, '<C:comp-filter name="VEVENT"/>', asked=inner).status == 400
