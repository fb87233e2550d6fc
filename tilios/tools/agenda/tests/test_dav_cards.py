"""CardDAV as programs speak it (RFC 6352, 6578)."""

from types import SimpleNamespace

import pytest

from tests.harness.webdav import DAV, Answer, Client
from tilios.core.structures.scope import scope
from tilios.tools.agenda.actions.card_trash import restore_card
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import Card, ThrownCard
from tilios.tools.agenda.tests.writing import card

A = "{urn:ietf:params:xml:ns:carddav}"
BASE = "/dav/addressbooks/la-fabrique/structure/"
SPACES = 'xmlns:D="DAV:" xmlns:A="urn:ietf:params:xml:ns:carddav"'


@pytest.fixture
def bob(dav: SimpleNamespace) -> Client:
    return dav.client("bob", "addressbooks/la-fabrique/structure/")


def query(client: Client, filters: str, more: str = "") -> set[str]:
    body = (
        f"<A:addressbook-query {SPACES}><D:prop><D:getetag/></D:prop>"
        f"<A:filter>{filters}</A:filter>{more}</A:addressbook-query>"
    )
    answer = client.ask("REPORT", "", body, Depth="1")
    assert answer.status == 207, answer.content
    return {path.removeprefix(BASE) for path in answer.statuses()}


def data(answer: Answer) -> list[str]:
    return [one.text or "" for one in answer.xml.iter(f"{A}address-data")]


def test_what_was_put_comes_back_byte_for_byte(dav: SimpleNamespace, bob: Client) -> None:
    sent = card("un", more="item1.TEL;TYPE=cell:+33 6 12 34 56 78\r\nitem1.X-ABLabel:Atelier\r\nX-ODD:a\\;b\r\n")
    assert bob.put("un.vcf", sent, Content_Type="text/vcard").status == 201
    back = bob.get("un.vcf")
    assert (back.status, back.content) == (200, sent.encode())
    assert back.headers["Content-Type"].startswith("text/vcard")
    with scope(dav.cast.bob.structure):
        kept = Card.objects.get()
        assert (kept.full_name, kept.phones) == ("Zoé Durand", ["+33 6 12 34 56 78"])


def test_what_a_phone_removes_comes_back_from_the_trash_and_phones_are_told(dav: SimpleNamespace, bob: Client) -> None:
    bob.put("un.vcf", card("un", more="X-GARDE:oui\r\n"))
    assert bob.ask("DELETE", "un.vcf").status == 204
    token = bob.sync("").xml.findtext("{DAV:}sync-token") or ""
    with scope(dav.cast.fabrique):
        thrown = ThrownCard.objects.get()
        restore_card(by=dav.cast.bob, rights=open_spaces(dav.cast.bob), thrown=thrown)
    assert {path.removeprefix(BASE) for path in bob.sync("", token).statuses()} == {"un.vcf"}
    assert "X-GARDE:oui" in bob.get("un.vcf").text


@pytest.mark.parametrize("body", ["", "bonjour", card("x") + card("y"), card("x")[:40]])
def test_what_is_no_card_is_refused_with_the_reason(bob: Client, body: str) -> None:
    answer = bob.put("x.vcf", body)
    assert answer.status == 403
    assert answer.xml.find(f"{A}valid-address-data") is not None
    assert answer.xml.findtext(f"{DAV}responsedescription")


def test_a_query_finds_people_by_what_is_said_of_them(bob: Client) -> None:
    bob.put("zoe.vcf", card("zoe", more="EMAIL:zoe@example.org\r\nCATEGORIES:Bureau\r\n"))
    bob.put("ali.vcf", card("ali", "Ali Ben", more="EMAIL:ali@example.com\r\n"))
    by_mail = (
        '<A:prop-filter name="EMAIL"><A:text-match match-type="ends-with">example.org</A:text-match></A:prop-filter>'
    )
    assert query(bob, by_mail) == {"zoe.vcf"}
    assert query(bob, '<A:prop-filter name="FN"><A:text-match>ZOÉ</A:text-match></A:prop-filter>') == {"zoe.vcf"}
    without = '<A:prop-filter name="CATEGORIES"><A:is-not-defined/></A:prop-filter>'
    assert query(bob, without) == {"ali.vcf"}
    assert len(query(bob, "", "<A:limit><A:nresults>1</A:nresults></A:limit>")) == 1
    assert query(bob, "") == {"zoe.vcf", "ali.vcf"}


def test_cards_are_read_in_the_version_asked_for(bob: Client) -> None:
    bob.put("un.vcf", card("un"))
    body = (
        f'<A:addressbook-multiget {SPACES}><D:prop><A:address-data content-type="text/vcard" version="4.0"/></D:prop>'
        f"<D:href>{BASE}un.vcf</D:href></A:addressbook-multiget>"
    )
    (given,) = data(bob.ask("REPORT", "", body))
    assert "VERSION:4.0" in given
    assert "FN:Zoé Durand" in given


def test_synchronisation_tells_what_changed_once(bob: Client) -> None:
    bob.put("un.vcf", card("un"))
    token = bob.sync("").xml.findtext(f"{DAV}sync-token") or ""
    bob.put("deux.vcf", card("deux"))
    bob.ask("DELETE", "un.vcf")
    told = {path.removeprefix(BASE): status for path, status in bob.sync("", token).statuses().items()}
    assert told == {"deux.vcf": 200, "un.vcf": 404}


def test_an_address_book_of_one_s_own_is_nobody_else_s(dav: SimpleNamespace) -> None:
    home = "/dav/addressbooks/la-fabrique/"
    bob = dav.client("bob", "addressbooks/la-fabrique/")
    own = f"{home}personnel-{dav.cast.bob.pk}/"
    assert bob.ask("PUT", f"{own}un.vcf", card("un")).status == 201
    assert own in bob.ask("PROPFIND", home, "", Depth="1").paths
    alice = dav.client("alice", "addressbooks/la-fabrique/")
    assert own not in alice.ask("PROPFIND", home, "", Depth="1").paths
    for method in ("GET", "DELETE", "PROPFIND"):
        assert alice.ask(method, f"{own}un.vcf").status == 404
    assert alice.ask("PUT", f"{own}deux.vcf", card("deux")).status in {404, 409}
