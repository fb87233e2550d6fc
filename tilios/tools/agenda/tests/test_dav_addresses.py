"""The addresses of a multiget: those that one look takes apart are judged as all the others."""

from types import SimpleNamespace

from tests.harness.webdav import Answer, Client
from tilios.tools.agenda.tests.test_dav_calendars import BASE, SPACES, data
from tilios.tools.agenda.tests.writing import event

STRUCTURE = "/dav/calendars/la-fabrique/"
NOWHERE = (
    f"{BASE}rien.ics",
    f"{BASE}un.ics/plus",
    f"{STRUCTURE}un.ics",
    "/dav/calendars/l-atelier/structure/un.ics",
    "https://ailleurs.example/un.ics",
    "un.ics",
)
WRONG = (f"{BASE}../structure/un.ics", f"{BASE}..", f"{STRUCTURE}./un.ics", f"{BASE}{'a' * 300}")


def multiget(client: Client, *hrefs: str) -> Answer:
    asked = "".join(f"<D:href>{href}</D:href>" for href in hrefs)
    body = f"<C:calendar-multiget {SPACES}><D:prop><C:calendar-data/></D:prop>{asked}</C:calendar-multiget>"
    return client.ask("REPORT", "", body)


def test_every_way_of_writing_an_address_leads_to_the_event(dav: SimpleNamespace) -> None:
    bob = dav.client("bob")
    for name in ("un.ics", "été.ics"):
        assert bob.put(name, event(name), Content_Type="text/calendar").status == 201
    for href in (f"{BASE}un.ics", f"{BASE}%75n.ics", f"{BASE}%C3%A9t%C3%A9.ics", f"{dav.url}{BASE}un.ics"):
        assert len(data(multiget(bob, href))) == 1, href


def test_what_leads_nowhere_gives_nothing_and_what_is_none_is_refused(dav: SimpleNamespace) -> None:
    bob = dav.client("bob")
    bob.put("un.ics", event("un"), Content_Type="text/calendar")
    for href in NOWHERE:
        assert data(multiget(bob, href)) == [], href
    for href in WRONG:
        assert multiget(bob, href).status == 400, href


def test_more_addresses_than_one_statement_names_are_all_answered(dav: SimpleNamespace) -> None:
    bob = dav.client("bob")
    names = [f"e{number}.ics" for number in range(12)]
    for name in names:
        bob.put(name, event(name), Content_Type="text/calendar")
    asked = [f"{BASE}{name}" for name in names]
    answer = multiget(bob, *asked, *(f"{BASE}absent{number}.ics" for number in range(600)))
    assert len(data(answer)) == 12
    assert list(answer.statuses().values()).count(404) == 600
