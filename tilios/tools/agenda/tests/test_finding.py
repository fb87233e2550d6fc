"""A time for several: who is busy is counted as far as one may know it, and never what they do."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from tilios.core.people.actions import add_many_to_group, create_group
from tilios.core.people.models import Person
from tilios.core.shelves.levels import Space
from tilios.core.structures.scope import scope
from tilios.tools.agenda.actions.availability import show_when_busy
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import Entry, Grant, Item, Nature
from tilios.tools.agenda.queries.availability import Taken, busy_people, lets_members_see
from tilios.tools.agenda.tests.contract import another, event

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
#: A Monday in winter, in Paris: hours are one more than UTC.
DAY = datetime(2027, 1, 11, tzinfo=UTC)
FIND = "/s/la-fabrique/agenda/trouver/"


def own(person: Person) -> Item:
    open_spaces(person)
    return Item.objects.get(parent__owner=person, nature=Nature.CALENDAR)


def booked(person: Person, hour: int, *, more: str = "", into: Item | None = None) -> Entry:
    """An hour of `person`, in their own calendar."""
    return event(person, f"Secret de {person}", f"20270111T{hour:02}0000Z", more, into or own(person))


def busy(asking: Person, who: Person) -> Taken:
    return busy_people(open_spaces(asking), [who.pk], DAY, DAY + timedelta(days=1))[who.pk]


def hours(taken: Taken) -> list[tuple[int, int]]:
    return [(start.hour, end.hour) for start, end in taken.spans]


def asked(cast: "Cast", *people: Person, **more: Any) -> str:
    said = {"length": "60", "first": "2027-01-11", "last": "2027-01-11", "begins": "09:00", "ends": "13:00", **more}
    return f"{FIND}?{urlencode([*said.items(), *(('people', one.pk) for one in people)])}"


def test_nothing_is_known_of_who_shows_nothing(cast: "Cast") -> None:
    with scope(cast.fabrique):
        booked(cast.bob, 9)
        assert busy(cast.manon, cast.bob) == Taken([], False)
        assert busy(cast.alice, cast.bob) == Taken([], False), "who looks after calendars has no part in one's own"
        assert hours(busy(cast.bob, cast.bob)) == [(9, 10)]


def test_one_who_shows_when_they_are_busy_shows_no_more(cast: "Cast") -> None:
    with scope(cast.fabrique):
        booked(cast.bob, 9)
        booked(cast.bob, 11, more="TRANSP:TRANSPARENT\r\n")
        booked(cast.bob, 14, more="STATUS:CANCELLED\r\n")
        booked(cast.bob, 16, more="RRULE:FREQ=DAILY;COUNT=3\r\nCLASS:PRIVATE\r\n")
        show_when_busy(by=cast.bob, rights=open_spaces(cast.bob), shown=True)
        assert hours(busy(cast.manon, cast.bob)) == [(9, 10), (16, 17)]
        assert busy(cast.gus, cast.bob) == Taken([], False), "a guest is no member"
        show_when_busy(by=cast.bob, rights=open_spaces(cast.bob), shown=False)
        assert not busy(cast.manon, cast.bob).is_known
        assert not lets_members_see(cast.bob)


def test_an_invitation_takes_time_unless_it_is_declined(cast: "Cast") -> None:
    with scope(cast.fabrique):
        common = another(cast.alice, "Réunions")
        line = f"ATTENDEE;PARTSTAT=%s:mailto:{cast.bob.email}\r\n"
        booked(cast.alice, 10, more=line % "ACCEPTED", into=common)
        booked(cast.alice, 12, more=line % "NEEDS-ACTION", into=common)
        booked(cast.alice, 14, more=line % "DECLINED", into=common)
        booked(cast.alice, 16, more=line % "ACCEPTED")  # in her own calendar, that manon does not see
        taken = busy(cast.manon, cast.bob)
        assert hours(taken) == [(10, 11), (12, 13)]
        assert not taken.is_known


def test_the_page_proposes_times_at_which_all_are_free(cast: "Cast") -> None:
    with scope(cast.fabrique):
        for person, hour in ((cast.bob, 8), (cast.bob, 9), (cast.manon, 11)):  # 9 to 11, and 12 to 13, in Paris
            booked(person, hour)
        for person in (cast.bob, cast.manon):
            show_when_busy(by=person, rights=open_spaces(person), shown=True)
    page = cast.client("alice").get(asked(cast, cast.bob, cast.manon)).content.decode()
    assert "Tout le monde est libre" in page
    assert "11:00–12:00" in page
    assert all(taken not in page for taken in ("09:00–10:00", "10:30–11:30", "11:30–12:30", "Secret"))
    assert f"jour=2027-01-11&amp;debut=11%3A00&amp;terme=12%3A00&amp;invite={cast.bob.pk}" in page


def test_where_no_time_suits_all_the_fewest_are_missing_and_named(cast: "Cast") -> None:
    with scope(cast.fabrique):
        for hour in (8, 9, 10, 11):
            booked(cast.bob, hour)
        show_when_busy(by=cast.bob, rights=open_spaces(cast.bob), shown=True)
    page = cast.client("alice").get(asked(cast, cast.bob, cast.manon)).content.decode()
    assert "À aucun moment" in page
    assert f"sans {cast.bob.display_name}" in page
    assert f"sans {cast.manon.display_name}" not in page


def test_a_room_that_is_taken_is_not_proposed_and_groups_are_their_people(cast: "Cast") -> None:
    with scope(cast.fabrique):
        room = another(cast.alice, "Salle bleue")
        booked(cast.alice, 9, into=room)  # 10 to 11 in Paris
        group = create_group(by=cast.alice, name="Bureau")
        add_many_to_group(by=cast.alice, group=group, people=[cast.bob])
        booked(cast.bob, 8)
        show_when_busy(by=cast.bob, rights=open_spaces(cast.bob), shown=True)
    page = cast.client("alice").get(asked(cast, calendars=room.pk, groups=group.pk)).content.decode()
    assert "11:00–12:00" in page
    assert all(taken not in page for taken in ("09:00–10:00", "09:30–10:30", "10:00–11:00", "10:30–11:30"))


def test_what_makes_no_sense_is_said_and_nothing_typed_is_lost(cast: "Cast") -> None:
    answer = cast.client("alice").get(asked(cast, cast.bob, begins="12:30", last="2029-01-01"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Choisissez un dernier jour" in page
    assert "pas autant de temps" in page
    assert 'value="12:30"' in page


def test_the_past_is_not_proposed(cast: "Cast") -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    page = cast.client("alice").get(asked(cast, cast.bob, first=yesterday, last=yesterday, weekends="on"))
    assert page.status_code == 422
    assert "Choisissez un dernier jour" in page.content.decode()


def test_queries_do_not_grow_with_people_or_events(cast: "Cast", django_assert_max_num_queries: Any) -> None:
    with scope(cast.fabrique):
        for hour in range(6, 18):
            for person in (cast.bob, cast.manon, cast.alice):
                booked(person, hour)
        for person in (cast.bob, cast.manon):
            show_when_busy(by=person, rights=open_spaces(person), shown=True)
    client, page = cast.client("alice"), asked(cast, cast.bob, cast.manon)
    client.get(page)
    with django_assert_max_num_queries(32):
        client.get(page)


def test_showing_when_one_is_busy_is_a_line_of_the_list_of_rights(cast: "Cast") -> None:
    client = cast.client("bob")
    client.get(FIND)
    answer = client.post(f"{FIND}mes-disponibilites/", {"montrer": "oui"}, follow=True)
    assert "Les membres voient désormais" in answer.content.decode()
    with scope(cast.fabrique):
        assert Grant.objects.filter(folder__space=Space.PERSONAL, folder__owner=cast.bob).count() == 2
    assert "Le garder pour moi" in client.get(FIND).content.decode()
    client.post(f"{FIND}mes-disponibilites/", {"montrer": "non"})
    with scope(cast.fabrique):
        assert not lets_members_see(cast.bob)


def test_another_structures_people_are_not_found(cast: "Cast") -> None:
    answer = cast.client("alice").get(asked(cast, cast.charlie))
    assert answer.status_code == 422
