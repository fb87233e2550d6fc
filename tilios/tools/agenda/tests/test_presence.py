"""Who is where: each says it, day by day or every week; all see it, on the page and on phones."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.core.people.models import Person
from tilios.core.structures.scope import scope
from tilios.tools.agenda.actions import presence as actions
from tilios.tools.agenda.actions.entries import put_entry
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import Entry, Item, Nature
from tilios.tools.agenda.queries import presence
from tilios.tools.agenda.queries.presence import Said
from tilios.tools.agenda.tests.contract import another, event

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
MONDAY = date(2027, 1, 11)
PAGE = "/s/la-fabrique/agenda/qui-est-ou/"
NOTHING = Said()


def week(*said: Said) -> list[Said]:
    return [*said, *[NOTHING] * (7 - len(said))]


def say(person: Person, *said: Said, first: date = MONDAY, is_habit: bool = False) -> None:
    actions.say_week(by=person, rights=open_spaces(person), first=first, said=week(*said), is_habit=is_habit)


def seen(asking: Person, who: Person, first: date = MONDAY) -> list[Said]:
    zone = presence.zone_of(presence.calendar())  # type: ignore[arg-type]
    found = presence.week_of(open_spaces(asking), [who], first, zone=zone)
    return [cell.said for cell in found[who.pk].values()]


@pytest.fixture
def begun(cast: "Cast") -> Item:
    with scope(cast.fabrique):
        return actions.start(by=cast.alice, rights=open_spaces(cast.alice))


def test_one_calendar_is_opened_by_who_looks_after_all(cast: "Cast") -> None:
    with scope(cast.fabrique):
        with pytest.raises(NotAllowed):
            actions.start(by=cast.bob, rights=open_spaces(cast.bob))
        actions.start(by=cast.manon, rights=open_spaces(cast.manon))
        with pytest.raises(Conflict):
            actions.start(by=cast.alice, rights=open_spaces(cast.alice))


def test_a_week_is_said_changed_and_taken_back(cast: "Cast", begun: Item) -> None:
    here, away = Said("ICI", "Salle bleue"), Said("ABSENCE")
    with scope(cast.fabrique):
        say(cast.bob, here, away)
        assert seen(cast.manon, cast.bob) == week(here, away)
        say(cast.bob, here, Said("DISTANCE", "Lyon"))
        assert seen(cast.manon, cast.bob)[1] == Said("DISTANCE", "Lyon")
        number = Entry.objects.get(name__endswith="2027-01-11.ics").number
        say(cast.bob, here)
        assert seen(cast.manon, cast.bob) == week(here)
        assert Entry.objects.get(calendar=begun).number == number, "what says the same is not written again"
        assert "Bob Lambert : sur place" in Entry.objects.get(calendar=begun).summary


def test_a_usual_week_holds_until_another_and_a_day_counts_for_itself(cast: "Cast", begun: Item) -> None:
    here, far, away = Said("ICI"), Said("DISTANCE"), Said("ABSENCE")
    later = MONDAY + timedelta(days=21)
    with scope(cast.fabrique):
        say(cast.bob, here, far, is_habit=True)
        assert seen(cast.manon, cast.bob, later) == week(here, far)
        assert seen(cast.manon, cast.bob, MONDAY - timedelta(days=7)) == week()
        say(cast.bob, here, away, first=later)
        assert seen(cast.manon, cast.bob, later) == week(here, away)
        assert Entry.objects.filter(calendar=begun, is_recurring=False).count() == 1
        say(cast.bob, far, far, first=later, is_habit=True)
        assert seen(cast.manon, cast.bob, later) == week(far, far), "the day is as usual again"
        assert seen(cast.manon, cast.bob, MONDAY) == week(here, far), "what was is not rewritten"
        say(cast.bob, first=later, is_habit=True)
        assert seen(cast.manon, cast.bob, later) == week()
        assert seen(cast.manon, cast.bob, MONDAY) == week(here, far)


def test_nobody_says_it_for_somebody_else(cast: "Cast", begun: Item) -> None:
    with scope(cast.fabrique):
        say(cast.bob, Said("ICI"))
        entry = Entry.objects.get(calendar=begun)
        with pytest.raises(NotAllowed):
            put_entry(
                by=cast.manon if cast.manon.role < 20 else cast.gus,
                rights=open_spaces(cast.gus),
                calendar=begun,
                name=entry.name,
                data=entry.data.encode(),
            )
        with pytest.raises(NotAllowed):
            say(cast.gus, Said("ICI"))
        with pytest.raises(Invalid):
            say(cast.bob, Said("NULLE-PART"))


def test_what_a_phone_says_its_own_way_is_shown(cast: "Cast", begun: Item) -> None:
    with scope(cast.fabrique):
        event(cast.bob, "Télétravail", "20270112", into=begun)
        Entry.objects.filter(calendar=begun).update(is_all_day=True)
    page = cast.client("manon").get(f"{PAGE}?jour=2027-01-12").content.decode()
    assert "Télétravail" in page


def test_events_come_with_it_as_far_as_one_sees_them(cast: "Cast", begun: Item) -> None:
    with scope(cast.fabrique):
        open_spaces(cast.bob)
        own = Item.objects.get(parent__owner=cast.bob, nature=Nature.CALENDAR)
        event(cast.bob, "Médecin", "20270111T090000Z", into=own)
        guest = f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{cast.bob.email}\r\n"
        event(cast.alice, "Réunion", "20270113T090000Z", more=guest, into=another(cast.alice))
    page = cast.client("manon").get(f"{PAGE}?jour=2027-01-11").content.decode()
    assert "Réunion" in page
    assert "Médecin" not in page
    assert "Médecin" in cast.client("bob").get(f"{PAGE}?jour=2027-01-11").content.decode()


def test_the_page_takes_a_week_and_a_usual_week(cast: "Cast", begun: Item) -> None:
    client = cast.client("bob")
    said = {"jour": "2027-01-13", "ou0": "ICI", "note0": "Atelier", "ou4": "DISTANCE"}
    answer = client.post(PAGE, said, follow=True)
    page = answer.content.decode()
    assert "Votre semaine est enregistrée." in page
    assert "Atelier" in page
    client.post(PAGE, {**said, "habitude": "1"})
    with scope(cast.fabrique):
        assert seen(cast.alice, cast.bob, MONDAY + timedelta(days=70))[4] == Said("DISTANCE")
    assert client.post(PAGE, {"jour": "2027-01-13", "ou0": "AILLEURS"}).status_code == 422
    assert cast.client("gus").get(PAGE).status_code == 403


def test_the_views_show_it_to_whoever_asks_for_it(cast: "Cast", begun: Item) -> None:
    with scope(cast.fabrique):
        say(cast.bob, Said("ICI"))
    client, month = cast.client("alice"), "/s/la-fabrique/agenda/mois/?jour=2027-01-11"
    assert "Bob Lambert : sur place" not in client.get(month).content.decode()
    client.post("/s/la-fabrique/agenda/afficher/", {"calendrier": [begun.pk]})
    assert "Bob Lambert : sur place" in client.get(month).content.decode()


def test_before_it_is_opened_the_page_says_what_it_would_be(cast: "Cast") -> None:
    client = cast.client("alice")
    assert "Personne ne dit encore" in client.get(PAGE).content.decode()
    assert "Personne ne dit encore" not in cast.client("bob").get(PAGE).content.decode()
    client.post(f"{PAGE}commencer/")
    assert "Où êtes-vous cette semaine" in client.get(PAGE).content.decode()


def test_queries_do_not_grow_with_people(cast: "Cast", begun: Item, django_assert_max_num_queries: Any) -> None:
    with scope(cast.fabrique):
        for person in (cast.alice, cast.bob, cast.manon):
            say(person, *[Said("ICI")] * 5, is_habit=True)
            say(person, Said("ABSENCE"), Said("DISTANCE"))
            for hour in range(8, 16):
                event(person, "Rendez-vous", f"20270112T{hour:02}0000Z", f"ATTENDEE:mailto:{cast.bob.email}\r\n")
    client = cast.client("alice")
    client.get(f"{PAGE}?jour=2027-01-12")
    with django_assert_max_num_queries(30):
        client.get(f"{PAGE}?jour=2027-01-12")
