"""CalDAV as programs speak it (RFC 4791, 6578): what comes back is what went."""

from types import SimpleNamespace

import pytest

from tests.harness.webdav import DAV, Answer, Client
from tilios.core.shelves.levels import Level
from tilios.core.structures.scope import scope
from tilios.kit import ical
from tilios.tools.agenda.actions.entries import fill
from tilios.tools.agenda.models import Entry, Grant, Item
from tilios.tools.agenda.tests import contract
from tilios.tools.agenda.tests.writing import event, task
from tilios.tools.agenda.zones import zone_of

C = "{urn:ietf:params:xml:ns:caldav}"
BASE = "/dav/calendars/la-fabrique/structure/"
SPACES = 'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"'


@pytest.fixture
def bob(dav: SimpleNamespace) -> Client:
    return dav.client("bob")


def query(client: Client, inner: str, *, asked: str = "<D:getetag/>", path: str = "") -> Answer:
    """calendar-query with a filter on VCALENDAR."""
    body = (
        f'<C:calendar-query {SPACES}><D:prop>{asked}</D:prop><C:filter><C:comp-filter name="VCALENDAR">{inner}'
        "</C:comp-filter></C:filter></C:calendar-query>"
    )
    return client.ask("REPORT", path, body, Depth="1")


def found(answer: Answer) -> set[str]:
    assert answer.status == 207, answer.content
    return {path.removeprefix(BASE) for path in answer.statuses()}


def between(start: str, end: str, kind: str = "VEVENT") -> str:
    return f'<C:comp-filter name="{kind}"><C:time-range start="{start}" end="{end}"/></C:comp-filter>'


def data(answer: Answer) -> list[str]:
    return [one.text or "" for one in answer.xml.iter(f"{C}calendar-data")]


def test_what_was_put_comes_back_byte_for_byte(bob: Client) -> None:
    sent = event("un", more='X-ODD;X-P="a,b":é;à\r\nDESCRIPTION:une ligne très longue qui est pliée\r\n  ici\\n\r\n')
    made = bob.put("un.ics", sent, Content_Type="text/calendar")
    assert made.status == 201
    back = bob.get("un.ics")
    assert (back.status, back.content) == (200, sent.encode())
    assert back.headers["ETag"] == made.headers["ETag"]
    assert back.headers["Content-Type"].startswith("text/calendar")
    assert bob.get("un.ics", If_None_Match=made.headers["ETag"]).status == 304


def test_writes_ask_for_the_state_that_was_seen(bob: Client) -> None:
    tag = bob.put("un.ics", event("un")).headers["ETag"]
    assert bob.put("un.ics", event("un", "Autre"), If_None_Match="*").status == 412
    assert bob.put("un.ics", event("un", "Autre"), If_Match='"x"').status == 412
    assert bob.put("un.ics", event("un", "Autre"), If_Match=tag).status == 204
    assert bob.ask("DELETE", "un.ics", If_Match=tag).status == 412
    assert bob.ask("DELETE", "un.ics").status == 204
    assert bob.get("un.ics").status == 404


@pytest.mark.parametrize(
    "body",
    [
        "", "bonjour", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", event("x").replace("UID:x\r\n", ""),
        event("x").replace("END:VEVENT\r\n", ""), event("x").replace("20261201T090000Z", "hier"),
        event("x").replace("VERSION:2.0", "VERSION:2.0\r\nMETHOD:REQUEST"),
    ],
)  # fmt: skip
def test_what_is_no_calendar_is_refused_with_the_reason(bob: Client, body: str) -> None:
    answer = bob.put("x.ics", body)
    assert answer.status == 403
    assert answer.xml.find(f"{C}valid-calendar-data") is not None
    assert answer.xml.findtext(f"{DAV}responsedescription")
    assert bob.get("x.ics").status == 404


def test_one_event_has_one_name(bob: Client) -> None:
    bob.put("un.ics", event("un"))
    answer = bob.put("deux.ics", event("un"))
    assert answer.status == 409
    assert answer.xml.findtext(f"{C}no-uid-conflict/{DAV}href") == f"{BASE}un.ics"


def test_a_query_finds_what_takes_place_in_a_period(bob: Client) -> None:
    bob.put("avant.ics", event("avant", start="20261201T080000Z", end="20261201T090000Z"))
    bob.put("dedans.ics", event("dedans", start="20261201T093000Z"))
    bob.put("a-cheval.ics", event("a-cheval", start="20261130T090000Z", end="20261202T090000Z"))
    bob.put("apres.ics", event("apres", start="20261201T100000Z"))
    bob.put(
        "jour.ics",
        event("jour")
        .replace("DTSTART:20261201T090000Z", "DTSTART;VALUE=DATE:20261201")
        .replace("DURATION:PT1H\r\n", ""),
    )
    bob.put("semaine.ics", event("semaine", start="20261103T093000Z", more="RRULE:FREQ=WEEKLY\r\n"))
    bob.put("autre.ics", event("autre", start="20261104T093000Z", more="RRULE:FREQ=WEEKLY\r\n"))
    bob.put("tache.ics", task("tache"))
    answer = query(bob, between("20261201T090000Z", "20261201T100000Z"))
    assert found(answer) == {"dedans.ics", "a-cheval.ics", "jour.ics", "semaine.ics"}
    assert found(query(bob, '<C:comp-filter name="VTODO"/>')) == {"tache.ics"}
    assert len(found(query(bob, '<C:comp-filter name="VEVENT"/>'))) == 7


def test_a_query_looks_into_properties(bob: Client) -> None:
    bob.put("un.ics", event("un", "Réunion du bureau", more="CATEGORIES:Bureau\r\n"))
    bob.put("deux.ics", event("deux", "Repas"))
    match = '<C:prop-filter name="SUMMARY"><C:text-match>BUREAU</C:text-match></C:prop-filter>'
    assert found(query(bob, f'<C:comp-filter name="VEVENT">{match}</C:comp-filter>')) == {"un.ics"}
    absent = '<C:prop-filter name="CATEGORIES"><C:is-not-defined/></C:prop-filter>'
    assert found(query(bob, f'<C:comp-filter name="VEVENT">{absent}</C:comp-filter>')) == {"deux.ics"}


def test_occurrences_are_given_one_by_one_where_asked(bob: Client) -> None:
    bob.put("semaine.ics", event("semaine", start="20261103T093000Z", more="RRULE:FREQ=WEEKLY;COUNT=20\r\n"))
    asked = '<C:calendar-data><C:expand start="20261201T000000Z" end="20261215T000000Z"/></C:calendar-data>'
    answer = query(bob, between("20261201T000000Z", "20261215T000000Z"), asked=asked)
    (given,) = data(answer)
    assert given.count("BEGIN:VEVENT") == 2
    assert "RRULE" not in given
    assert "RECURRENCE-ID:20261201T093000Z" in given


def test_many_are_read_at_once(bob: Client) -> None:
    for name in ("a", "b", "c"):
        bob.put(f"{name}.ics", event(name))
    hrefs = "".join(f"<D:href>{BASE}{name}.ics</D:href>" for name in ("a", "c", "z"))
    body = f"<C:calendar-multiget {SPACES}><D:prop><D:getetag/><C:calendar-data/></D:prop>{hrefs}</C:calendar-multiget>"
    answer = bob.ask("REPORT", "", body)
    assert {path.removeprefix(BASE): status for path, status in answer.statuses().items()} == {
        "a.ics": 200, "c.ics": 200, "z.ics": 404,
    }  # fmt: skip
    assert sorted(data(answer)) == [event("a").replace("\r\n", "\n"), event("c").replace("\r\n", "\n")]


def test_synchronisation_tells_what_changed_once(bob: Client) -> None:
    for name in ("a", "b", "c"):
        bob.put(f"{name}.ics", event(name))
    first = bob.sync("")
    token = first.xml.findtext(f"{DAV}sync-token") or ""
    assert found(first) == {"a.ics", "b.ics", "c.ics"}
    assert found(bob.sync("", token)) == set()
    bob.put("a.ics", event("a", "Autre"))
    bob.ask("DELETE", "b.ics")
    bob.put("d.ics", event("d"))
    then = bob.sync("", token)
    assert {path.removeprefix(BASE): status for path, status in then.statuses().items()} == {
        "a.ics": 200, "b.ics": 404, "d.ics": 200,
    }  # fmt: skip
    some = bob.sync("", token, limit=1)
    assert some.statuses()[BASE] == 507
    middle = some.xml.findtext(f"{DAV}sync-token") or ""
    assert len(found(some)) == 2
    assert len(found(bob.sync("", middle))) == 2
    assert bob.sync("", "9999-30").status == 403
    assert bob.sync("", "x").xml.find(f"{DAV}valid-sync-token") is not None


def test_a_program_finds_everything_from_the_name_of_the_server(dav: SimpleNamespace, bob: Client) -> None:
    for path in ("/.well-known/caldav", "/.well-known/carddav"):
        answer = bob.ask("PROPFIND", path)
        assert (answer.status, answer.headers["Location"]) == (307, "/dav/")
    ask = (
        f'<D:propfind {SPACES} xmlns:A="urn:ietf:params:xml:ns:carddav"><D:prop><D:current-user-principal/>'
        "<C:calendar-home-set/><A:addressbook-home-set/><C:calendar-user-address-set/></D:prop></D:propfind>"
    )
    me = bob.ask("PROPFIND", "/dav/", ask, Depth="0").xml.findtext(f".//{DAV}current-user-principal/{DAV}href") or ""
    assert me == f"/dav/principals/{dav.cast.bob.account.pk}/"
    answer = bob.ask("PROPFIND", me, ask, Depth="0")
    assert "calendar-access" in answer.headers["DAV"]
    assert answer.xml.findtext(f".//{C}calendar-home-set/{DAV}href") == "/dav/calendars/la-fabrique/"
    assert "/dav/addressbooks/la-fabrique/" in answer.text
    assert f"mailto:{dav.cast.bob.account.email}" in answer.text
    other = bob.ask("PROPFIND", f"/dav/principals/{dav.cast.alice.account.pk}/", ask, Depth="0")
    assert other.status == 404
    home = bob.ask("PROPFIND", "/dav/calendars/la-fabrique/", "", Depth="1")
    assert f"{C}calendar" in {one.tag for one in home.xml.iter()}
    assert BASE in home.paths
    assert f"/dav/calendars/la-fabrique/personnel-{dav.cast.bob.pk}/" in home.paths


def test_calendars_are_made_named_and_coloured_by_programs(dav: SimpleNamespace) -> None:
    bob = dav.client("bob", "calendars/la-fabrique/")
    asked = (
        f'<C:mkcalendar {SPACES} xmlns:I="http://apple.com/ns/ical/"><D:set><D:prop><D:displayname>Vélo</D:displayname>'
        "<I:calendar-color>#2f5f9fff</I:calendar-color></D:prop></D:set></C:mkcalendar>"
    )
    assert bob.ask("MKCALENDAR", "velo/", asked).status == 201
    with scope(dav.cast.bob.structure):
        made = Item.objects.get(address="velo")
        assert (made.name, made.colour) == ("Vélo", "#2f5f9f")
    assert bob.ask("MKCALENDAR", "velo/", asked).status == 405
    named = "<D:set><D:prop><D:displayname>Roue</D:displayname></D:prop></D:set>"
    body = f"<D:propertyupdate {SPACES}>{named}</D:propertyupdate>"
    assert bob.ask("PROPPATCH", "velo/", body).statuses() == {"/dav/calendars/la-fabrique/velo/": 200}
    assert bob.ask("PROPPATCH", "structure/", body).status == 403


def test_who_sees_when_alone_is_told_no_more(dav: SimpleNamespace) -> None:
    mine = dav.client("bob", f"calendars/la-fabrique/personnel-{dav.cast.bob.pk}/")
    secret = event("un", "Médecin", more="LOCATION:Hôpital\r\nATTENDEE:mailto:z@example.org\r\n")
    assert mine.put("un.ics", secret).status == 201
    path = f"/dav/calendars/la-fabrique/personnel-{dav.cast.bob.pk}/un.ics"
    alice = dav.client("alice")
    assert alice.ask("GET", path).status == 404
    with scope(dav.cast.bob.structure):
        calendar = Item.objects.get(address=f"personnel-{dav.cast.bob.pk}", nature="calendar")
        Grant.objects.create(folder_id=calendar.ruler_id, person=dav.cast.alice, level=Level.BUSY)
    seen = alice.ask("GET", path)
    assert seen.status == 200
    assert "DTSTART:20261201T090000Z" in seen.text
    for word in ("Médecin", "Hôpital", "example.org"):
        assert word not in seen.text
    assert alice.ask("PUT", path, event("un", "Volé")).status == 403
    assert alice.ask("DELETE", path).status == 403


def test_what_is_private_in_a_common_calendar_is_its_author_s(dav: SimpleNamespace, bob: Client) -> None:
    bob.put("un.ics", event("un", "Secret", more="CLASS:PRIVATE\r\n"))
    assert "Secret" in bob.get("un.ics").text
    with scope(dav.cast.fabrique):
        calendar = Item.objects.get(address="structure", nature="calendar")
        Grant.objects.create(folder_id=calendar.ruler_id, person=dav.cast.gus, level=Level.VIEW)
    seen = dav.client("gus").get("un.ics")
    assert seen.status == 200
    assert "DTSTART" in seen.text
    assert "Secret" not in seen.text


def test_the_time_taken_is_told_without_what_for(bob: Client) -> None:
    bob.put("un.ics", event("un", "Réunion", start="20261201T090000Z"))
    bob.put("deux.ics", event("deux", start="20261201T140000Z", more="TRANSP:TRANSPARENT\r\n"))
    body = (
        f'<C:free-busy-query {SPACES}><C:time-range start="20261201T000000Z" end="20261202T000000Z"/>'
        "</C:free-busy-query>"
    )
    answer = bob.ask("REPORT", "", body)
    assert answer.status == 200
    assert "FREEBUSY" in answer.text
    assert "20261201T090000Z/" in answer.text
    assert "20261201T140000Z" not in answer.text
    assert "Réunion" not in answer.text


def test_a_password_of_files_opens_no_calendar(dav: SimpleNamespace) -> None:
    from tilios.core.access import app_passwords

    account = dav.cast.bob.account
    _row, password = app_passwords.create(account=account, scope="files", label="x")
    stranger = Client(dav.port, account.email, password, BASE)
    assert stranger.ask("PROPFIND", "", Depth="0").status == 401
    row, password = app_passwords.create(account=account, scope="calendar", label="x")
    known = Client(dav.port, account.email, password, BASE)
    assert known.ask("PROPFIND", "", Depth="0").status == 207
    assert known.ask("PROPFIND", "/dav/addressbooks/la-fabrique/", Depth="0").status == 401
    app_passwords.revoke(account=account, pk=row.pk)
    assert known.ask("PROPFIND", "", Depth="0").status == 401


def test_a_move_takes_an_event_to_another_calendar(dav: SimpleNamespace, bob: Client) -> None:
    bob.put("un.ics", event("un"))
    to = f"/dav/calendars/la-fabrique/personnel-{dav.cast.bob.pk}/un.ics"
    assert bob.ask("MOVE", "un.ics", Destination=to).status == 201
    assert bob.get("un.ics").status == 404
    assert bob.ask("GET", to).status == 200
    with scope(dav.cast.bob.structure):
        assert Entry.objects.count() == 1


def test_nothing_of_another_structure_is_reached(dav: SimpleNamespace, bob: Client) -> None:
    other = dav.cast.atelier
    with scope(other):
        theirs = contract.event(dav.cast.charlie, "Chez eux")
        path = f"/dav/calendars/{other.slug}/{theirs.calendar.address}/{theirs.name}"
    for method in ("GET", "PUT", "DELETE", "PROPFIND", "REPORT", "PROPPATCH", "MKCALENDAR"):
        for place in (path, f"/dav/calendars/{other.slug}/", f"/dav/addressbooks/{other.slug}/structure/x.vcf"):
            assert bob.ask(method, place, event("x"), Depth="0").status == 404, (method, place)
    bob.put("un.ics", event("un"))
    assert bob.ask("MOVE", "un.ics", Destination=path).status == 403
    asked = f"<D:prop><C:calendar-data/></D:prop><D:href>{path}</D:href>"
    body = f"<C:calendar-multiget {SPACES}>{asked}</C:calendar-multiget>"
    answer = bob.ask("REPORT", "", body)
    assert answer.statuses() == {path: 404}
    assert "Chez eux" not in answer.text


def test_a_calendar_followed_from_elsewhere_is_read_and_not_written(dav: SimpleNamespace) -> None:
    with scope(dav.cast.fabrique):
        made = contract.followed(dav.cast.alice)
        text = event("fete@mairie", "Fête")
        row = Entry(calendar=made, name="fete.ics", number=1)
        fill(row, ical.facts(text.encode(), zone=zone_of(made)), text)
        row.save()
    alice = dav.client("alice", f"calendars/la-fabrique/{made.address}/")
    assert "SUMMARY:Fête" in alice.get("fete.ics").text
    assert alice.put("fete.ics", text.replace("Fête", "Autre")).status == 403
    assert alice.put("neuf.ics", event("neuf")).status == 403
    assert alice.ask("DELETE", "fete.ics").status == 403
    granted = alice.ask("PROPFIND", "", '<propfind xmlns="DAV:"><prop><current-user-privilege-set/></prop></propfind>')
    assert "bind" not in granted.text.replace("unbind", "")
