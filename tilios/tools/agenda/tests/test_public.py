"""A calendar made public: its pages, its files, what other websites show of it; and what never leaves."""

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import fromstring

import icalendar
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tilios.core.errors import Invalid, NotAllowed
from tilios.core.structures.scope import scope
from tilios.tools.agenda.actions import trash
from tilios.tools.agenda.actions.publications import make_private, make_public
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import Entry, Nature, Publication
from tilios.tools.agenda.tests.contract import another, calendar, event, fill

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
PUBLIC = "/s/la-fabrique/agenda/public/sorties/"
PLACES = ("", "mois/", "integrer/", "integrer/?vue=mois", "agenda.ics", "evenements.rss")


def published(cast: "Cast", *, busy_only: bool = False) -> Publication:
    """A public calendar with an event that anybody sees, one that comes back, a private one and an ended one."""
    with scope(cast.fabrique):
        into = another(cast.alice, "Sorties")
        event(
            cast.alice, "Atelier soudure", into=into,
            more="LOCATION:Grande salle\r\nDESCRIPTION:On apporte ses gants\r\n"
            "ATTENDEE;CN=Ada:mailto:ada@example.org\r\n"
            "ORGANIZER:mailto:alice@example.org\r\nX-NOTE:interne\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\n"
            "TRIGGER:-PT1H\r\nDESCRIPTION:x\r\nEND:VALARM\r\n",
        )  # fmt: skip
        event(cast.alice, "Permanence", into=into, more="RRULE:FREQ=WEEKLY;COUNT=3\r\n")
        event(cast.alice, "Entretien", into=into, more="CLASS:PRIVATE\r\nLOCATION:Bureau\r\n")
        return make_public(
            by=cast.alice, rights=open_spaces(cast.alice), calendar=into, slug="sorties", busy_only=busy_only,
            takes_proposals=False,
        )  # fmt: skip


def got(address: str, **headers: str) -> Any:
    return Client().get(address, headers=headers)


def read(address: str) -> str:
    answer = got(address)
    assert answer.status_code == 200, (address, answer.status_code)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode()


def of(name: str) -> Entry:
    return Entry.objects.get(summary=name)


@pytest.mark.parametrize("place", PLACES)
def test_anybody_sees_the_events_and_nothing_of_private_ones(cast: "Cast", place: str) -> None:
    published(cast)
    told = read(PUBLIC + place)
    assert "Atelier soudure" in told
    for word in ("Entretien", "Bureau", "ada@example.org", "alice@example.org", "interne", "VALARM", "Occupé"):
        assert word not in told


def test_the_pages_bear_the_name_and_the_colour_of_the_structure(cast: "Cast") -> None:
    published(cast)
    page = read(PUBLIC)
    assert "<span>La Fabrique</span>" in page
    assert cast.fabrique.colour.lstrip("#") in page
    assert "Proposer" not in page
    assert "webcal://" in page
    assert 'type="application/rss+xml"' in page
    assert "X-Robots-Tag" not in got(PUBLIC).headers


def test_busy_times_alone_are_told_without_a_word(cast: "Cast") -> None:
    published(cast, busy_only=True)
    with scope(cast.fabrique):
        one = of("Atelier soudure")
    for place in PLACES[:-1]:
        told = read(PUBLIC + place)
        assert "Occupé·e" in told
        for word in ("Atelier", "Grande salle", "gants", "Permanence", "Entretien", "ada@"):
            assert word not in told
    assert read(PUBLIC + "agenda.ics").count("BEGIN:VEVENT") == 2
    for place in ("evenements.rss", f"evenements/{one.pk}/", f"evenements/{one.pk}.ics"):
        assert got(PUBLIC + place).status_code == 404


def test_an_event_has_a_page_and_a_file_of_its_own(cast: "Cast") -> None:
    published(cast)
    with scope(cast.fabrique):
        one, private = of("Atelier soudure"), of("Entretien")
    page = read(f"{PUBLIC}evenements/{one.pk}/")
    for word in ("Atelier soudure", "Grande salle", "On apporte ses gants", "Ajouter à mon agenda"):
        assert word in page
    assert "ada@example.org" not in page
    found = icalendar.Calendar.from_ical(read(f"{PUBLIC}evenements/{one.pk}.ics")).walk("VEVENT")
    assert [str(each["SUMMARY"]) for each in found] == ["Atelier soudure"]
    for place in (f"evenements/{private.pk}/", f"evenements/{private.pk}.ics", "evenements/abc/", "evenements/99999/"):
        assert got(PUBLIC + place).status_code == 404


def said_to_engines(page: str) -> dict[str, Any]:
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return json.loads(block)


def test_search_engines_read_what_the_page_says(cast: "Cast") -> None:
    published(cast)
    with scope(cast.fabrique):
        one, several = of("Atelier soudure"), of("Permanence")
    said = said_to_engines(read(f"{PUBLIC}evenements/{one.pk}/"))
    assert (said["@context"], said["@type"], said["name"]) == ("https://schema.org", "Event", "Atelier soudure")
    assert said["location"]["name"] == "Grande salle"
    assert said["organizer"]["name"] == "La Fabrique"
    assert said["eventStatus"] == "https://schema.org/EventScheduled"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", said["startDate"])
    later = f"{timezone.now() + timedelta(days=8):%Y%m%d}T090000Z"
    again = said_to_engines(read(f"{PUBLIC}evenements/{several.pk}/?le={later}"))
    assert again["url"].endswith(f"?le={later}")


@pytest.mark.parametrize(
    "word", ["</script><script>alert(1)</script>", "<!-- <script>", "]]> & 'é' \"", "un\u2028deux"]
)
def test_no_title_gets_out_of_the_block_of_data(cast: "Cast", word: str) -> None:
    published(cast)
    with scope(cast.fabrique):
        into = Publication.objects.get().calendar
        one = event(cast.alice, word.replace(",", ""), into=into, more="DESCRIPTION:</script>\r\n")
    page = read(f"{PUBLIC}evenements/{one.pk}/")
    assert said_to_engines(page)["name"] == " ".join(word.split())
    assert "<script>alert" not in page


def test_the_feed_of_news_is_good_rss(cast: "Cast") -> None:
    published(cast)
    with scope(cast.fabrique):
        event(cast.alice, "Bruit\x01", into=Publication.objects.get().calendar)
    root = fromstring(read(PUBLIC + "evenements.rss"))
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    items = root.findall("channel/item")
    titles = [one.findtext("title", "") for one in items]
    assert sum(one.startswith("Permanence") for one in titles) == 3
    assert any(one.startswith("Bruit") for one in titles)
    assert all(one.findtext("link", "").startswith("http") for one in items)
    assert len({one.findtext("guid") for one in items}) == len(items)


def test_programs_subscribe_to_it(cast: "Cast") -> None:
    published(cast)
    found = icalendar.Calendar.from_ical(read(PUBLIC + "agenda.ics"))
    assert str(found["X-WR-CALNAME"]) == "Sorties · La Fabrique"
    assert {str(one["SUMMARY"]) for one in found.walk("VEVENT")} == {"Atelier soudure", "Permanence"}
    etag = got(PUBLIC + "agenda.ics")["ETag"]
    assert got(PUBLIC + "agenda.ics", **{"If-None-Match": etag}).status_code == 304
    with scope(cast.fabrique):
        event(cast.alice, "Un de plus", into=Publication.objects.get().calendar)
    assert got(PUBLIC + "agenda.ics", **{"If-None-Match": etag}).status_code == 200


def test_other_websites_frame_the_part_made_for_it_and_no_other(cast: "Cast") -> None:
    published(cast)
    framed = got(PUBLIC + "integrer/?theme=sombre")
    assert "frame-ancestors *" in framed["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed.headers
    assert 'data-theme="dark"' in framed.content.decode()
    assert "<script" not in framed.content.decode()
    for place in ("", "mois/", "couleur.css", "agenda.ics"):
        answer = got(PUBLIC + place)
        assert answer["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def test_what_is_closed_thrown_away_or_suspended_is_found_no_more(cast: "Cast") -> None:
    publication = published(cast)
    with scope(cast.fabrique):
        one = of("Atelier soudure").pk
    places = (*PLACES, "couleur.css", f"evenements/{one}/", f"evenements/{one}.ics")
    for place in places:
        assert got(f"/s/l-atelier/agenda/public/sorties/{place}").status_code == 404
    cast.fabrique.suspended_at = timezone.now()
    cast.fabrique.save()
    assert {got(PUBLIC + place).status_code for place in places} == {404}
    cast.fabrique.suspended_at = None
    cast.fabrique.save()
    with scope(cast.fabrique):
        trash.throw_away(by=cast.alice, rights=open_spaces(cast.alice), item=publication.calendar)
    assert {got(PUBLIC + place).status_code for place in places} == {404}
    with scope(cast.fabrique):
        back = trash.restore(by=cast.alice, rights=open_spaces(cast.alice), item=publication.calendar)
        assert got(PUBLIC).status_code == 200
        make_private(by=cast.alice, rights=open_spaces(cast.alice), calendar=back)
    assert {got(PUBLIC + place).status_code for place in places} == {404}


def test_an_event_of_another_calendar_has_no_page_there(cast: "Cast") -> None:
    published(cast)
    with scope(cast.fabrique):
        elsewhere = event(cast.alice, "Ailleurs")
    assert got(f"{PUBLIC}evenements/{elsewhere.pk}/").status_code == 404


def test_who_looks_after_the_calendar_decides(cast: "Cast") -> None:
    with scope(cast.fabrique):
        common, book = calendar(cast.alice), calendar(cast.alice, Nature.BOOK)
        for who, target in ((cast.bob, common), (cast.gus, common), (cast.alice, book)):
            with pytest.raises(NotAllowed):
                make_public(
                    by=who, rights=open_spaces(who), calendar=target, slug="", busy_only=False, takes_proposals=False
                )
    assert cast.client("bob").get(f"/s/la-fabrique/agenda/agendas/{common.pk}/public/").status_code == 404


def test_addresses_are_made_of_the_name_and_taken_once(cast: "Cast") -> None:
    def make(name: str, slug: str = "") -> Publication:
        return make_public(
            by=cast.alice, rights=open_spaces(cast.alice), calendar=another(cast.alice, name), slug=slug,
            busy_only=False, takes_proposals=False,
        )  # fmt: skip

    with scope(cast.fabrique):
        assert make("Fêtes d'été").slug == "fetes-d-ete"
        second = make("Fêtes d'été")
        assert second.slug != "fetes-d-ete"
        with pytest.raises(Invalid):
            make("Autre", "fetes-d-ete")
        with pytest.raises(Invalid):
            make("Autre", "!!!")


def test_the_page_of_who_looks_after_it_gives_addresses_to_copy(cast: "Cast") -> None:
    alice = cast.client("alice")
    with scope(cast.fabrique):
        into = another(cast.alice, 'Fêtes "et" <b>')
    page = f"/s/la-fabrique/agenda/agendas/{into.pk}/public/"
    assert alice.post(page, {"slug": "fetes", "contents": "details"}).status_code == 302
    told = alice.get(page).content.decode()
    assert "/s/la-fabrique/agenda/public/fetes/agenda.ics" in told
    assert "&lt;iframe src=" in told
    assert "<iframe" not in told
    assert "/agenda/public/fetes/" in alice.get(f"/s/la-fabrique/agenda/agendas/{into.pk}/").content.decode()
    assert alice.post(page, {"slug": "fetes", "contents": "tout"}).status_code == 422
    alice.post(f"{page}fermer/")
    assert got("/s/la-fabrique/agenda/public/fetes/").status_code == 404


@pytest.mark.parametrize("place", PLACES)
def test_pages_cost_the_same_whatever_they_show(cast: "Cast", place: str) -> None:
    counts = []
    for more in (5, 40):
        with scope(cast.fabrique):
            values = fill(cast.alice, more)
        address = f"/s/la-fabrique/agenda/public/{values['calendar']}/{place}"
        read(address)
        with CaptureQueriesContext(connection) as asked:
            read(address)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 15
