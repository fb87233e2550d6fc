"""Events written by their form: made, changed for one date or for all, removed; nothing typed is lost."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone

from tilios.core.people.actions import add_many_to_group, create_group
from tilios.core.shelves.actions import rights as lists
from tilios.core.shelves.levels import Level
from tilios.core.structures.scope import scope
from tilios.tools.agenda.actions.entries import put_entry
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import Entry, Item, Nature
from tilios.tools.agenda.queries.views import happenings
from tilios.tools.agenda.tests.contract import another, calendar, event
from tilios.tools.agenda.zones import zone_of

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
HOME = "/s/la-fabrique/agenda/"
DECEMBER = (date(2026, 12, 1), date(2027, 1, 1))


@pytest.fixture
def alice(cast: "Cast") -> Client:
    return cast.client("alice")


def typed(cast: "Cast", **fields: Any) -> dict[str, Any]:
    """What the form sends for an event of an hour and a half, with `fields` in their place."""
    with scope(cast.fabrique):
        into = calendar(cast.alice).pk
    said = {
        "summary": "Chorale",
        "calendar": into,
        "start_day": "2026-12-03",
        "start_time": "18:30",
        "end_day": "2026-12-03",
        "end_time": "20:00",
        "zone": "Europe/Paris",
        "interval": "1",
    }
    return said | fields


def made(cast: "Cast", client: Client, **fields: Any) -> Entry:
    answer = client.post(f"{HOME}nouveau/", typed(cast, **fields))
    assert answer.status_code == 302, answer.content.decode()
    with scope(cast.fabrique):
        return Entry.objects.select_related("calendar").latest("pk")


def dates(cast: "Cast", *entries: Entry, period: tuple[date, date] = DECEMBER) -> list[tuple[str, str]]:
    """Titles and starts, as clocks show them, of what the calendars of `entries` hold in `period`."""
    with scope(cast.fabrique):
        calendars = list(Item.objects.filter(pk__in={one.calendar_id for one in entries}))
        zone = zone_of(calendars[0])
        found = happenings(open_spaces(cast.alice), calendars, *period, zone=zone)
    return [(one.title, f"{one.start:%d %H:%M}") for one in found]


def form_of(client: Client, entry: Entry, occurrence: str = "") -> dict[str, Any]:
    """What the form of change shows, ready to be sent again."""
    page = client.get(f"{HOME}evenements/{entry.pk}/modifier/", {"le": occurrence} if occurrence else {}, follow=True)
    assert page.status_code == 200
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {
        name: value.strftime("%H:%M") if hasattr(value, "minute") and not isinstance(value, datetime) else value
        for name, value in values.items()
        if value not in (None, False, [], ())
    }


def changed(client: Client, entry: Entry, occurrence: str = "", **fields: Any) -> Any:
    said = form_of(client, entry, occurrence) | fields
    query = f"?le={occurrence}" if occurrence else ""
    return client.post(f"{HOME}evenements/{entry.pk}/modifier/{query}", said)


def test_an_event_is_written_with_all_that_the_form_says(cast: "Cast", alice: Client) -> None:
    entry = made(
        cast, alice, location="Grande salle", description="Avec les partitions", url="https://example.org/",
        categories="musique, soirée", status="TENTATIVE", is_private="on", reminders=["30", "1440"],
        addresses="Ada <ada@example.org>\nbob.lambert@example.org",
    )  # fmt: skip
    assert (entry.summary, entry.location, entry.url) == ("Chorale", "Grande salle", "https://example.org/")
    assert entry.categories == ["musique", "soirée"]
    assert (entry.status, entry.classification) == ("TENTATIVE", "PRIVATE")
    assert entry.data.count("BEGIN:VALARM") == 2
    with scope(cast.fabrique):
        assert {(one.email, one.person_id) for one in entry.attendees.all()} == {
            ("ada@example.org", None), ("bob.lambert@example.org", cast.bob.pk),
        }  # fmt: skip
    page = alice.get(f"{HOME}evenements/{entry.pk}/").content.decode()
    for words in ("Jeudi 3 décembre 2026, de 18:30 à 20:00", "Grande salle", "musique, soirée", "Bob Lambert"):
        assert words in page, words
    assert "écrit" not in page.split("Personnes invitées")[1][:300]


def test_an_event_of_whole_days_lasts_until_its_last_day(cast: "Cast", alice: Client) -> None:
    entry = made(cast, alice, summary="Festival", is_all_day="on", start_day="2026-12-04", end_day="2026-12-06")
    assert entry.is_all_day
    assert "DTEND;VALUE=DATE:20261207" in entry.data
    page = alice.get(f"{HOME}evenements/{entry.pk}/").content.decode()
    assert "Du vendredi 4 décembre 2026 au dimanche 6 décembre 2026" in page


def test_the_form_begins_with_what_was_drawn(cast: "Cast", alice: Client) -> None:
    page = alice.get(f"{HOME}nouveau/", {"jour": "2026-12-03", "debut": "14:00", "terme": "15:30"})
    form = page.context["form"]
    assert str(form["start_day"].value()) == "2026-12-03"
    assert [f"{form[name].value():%H:%M}" for name in ("start_time", "end_time")] == ["14:00", "15:30"]
    assert alice.get(f"{HOME}nouveau/", {"jour": "n'importe", "debut": "99:99"}).status_code == 200


def test_one_line_fills_the_form(cast: "Cast", alice: Client) -> None:
    form = alice.get(f"{HOME}nouveau/", {"rapide": "chorale le 3 décembre 2026 18h30-20h salle bleue"}).context["form"]
    said = {name: str(form[name].value()) for name in ("summary", "start_day", "start_time", "end_time", "location")}
    assert said == {
        "summary": "chorale", "start_day": "2026-12-03", "start_time": "18:30:00", "end_time": "20:00:00",
        "location": "salle bleue",
    }  # fmt: skip
    form = alice.get(f"{HOME}nouveau/", {"rapide": "tous les mardis 19h chorale"}).context["form"]
    assert (form["repeats"].value(), form["weekdays"].value()) == ("weekly", ["1"])


def test_a_line_that_is_not_understood_becomes_the_title_and_says_so(alice: Client) -> None:
    page = alice.get(f"{HOME}nouveau/", {"rapide": "chorale"})
    assert page.status_code == 200
    assert page.context["form"]["summary"].value() == "chorale"
    assert "Dites quand" in page.content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"summary": ""}, "obligatoire"),
        ({"end_time": "17:00"}, "La fin est avant le début"),
        ({"start_time": ""}, "Dites à quelle heure"),
        ({"start_day": "2026-13-45"}, "date valide"),
        ({"repeats": "weekly", "ends": "until"}, "Dites jusqu"),
        ({"repeats": "weekly", "ends": "count"}, "Dites combien"),
        ({"repeats": "daily", "ends": "until", "until": "2026-11-01"}, "avant le premier"),
        ({"addresses": "pas une adresse"}, "est pas une adresse électronique"),
        ({"start_day": "1500-01-01", "end_day": "1500-01-01"}, "1900"),
        ({"url": "javascript:alert(1)"}, "URL valide"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    cast: "Cast", alice: Client, fields: dict[str, str], words: str
) -> None:
    answer = alice.post(f"{HOME}nouveau/", typed(cast, location="Chez Ada") | fields)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert "Chez Ada" in page
    with scope(cast.fabrique):
        assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"repeats": "daily", "interval": "10"}, ["03", "13", "23"]),
        ({"repeats": "weekly", "ends": "count", "count": "2"}, ["03", "10"]),
        ({"repeats": "weekly", "weekdays": ["1", "3"], "ends": "until", "until": "2026-12-10"}, ["03", "08", "10"]),
        ({"repeats": "monthly"}, ["03"]),
        ({"repeats": "yearly"}, ["03"]),
    ],
)
def test_an_event_comes_back_as_the_form_says(
    cast: "Cast", alice: Client, fields: dict[str, Any], expected: list[str]
) -> None:
    entry = made(cast, alice, **fields)
    assert [start[:2] for _title, start in dates(cast, entry)] == expected
    shown = form_of(alice, entry)
    for name in ("repeats", "ends", "count", "weekdays"):
        if name in fields:
            assert str(shown[name]) == str(fields[name])


def test_the_first_friday_stays_a_first_friday(cast: "Cast", alice: Client) -> None:
    entry = made(cast, alice, start_day="2026-12-04", end_day="2026-12-04", repeats="monthly_weekday")
    january = dates(cast, entry, period=(date(2027, 1, 1), date(2027, 2, 1)))
    assert january == [("Chorale", "01 18:30")]
    assert form_of(alice, entry)["repeats"] == "monthly_weekday"


def test_hours_stay_those_of_clocks_when_clocks_change(cast: "Cast", alice: Client) -> None:
    entry = made(cast, alice, start_day="2026-10-22", end_day="2026-10-22", repeats="weekly")
    october = dates(cast, entry, period=(date(2026, 10, 20), date(2026, 11, 1)))
    assert october == [("Chorale", "22 18:30"), ("Chorale", "29 18:30")]


@pytest.fixture
def series(cast: "Cast", alice: Client) -> Entry:
    """A chorale every Thursday of December at half past six."""
    return made(cast, alice, repeats="weekly", ends="until", until="2026-12-31")


SECOND = "20261210T183000"


def test_one_date_of_a_series_changes_alone(cast: "Cast", alice: Client, series: Entry) -> None:
    answer = changed(alice, series, SECOND, scope="this", summary="Concert", start_time="20:00", end_time="22:00")
    assert answer.status_code == 302
    assert dates(cast, series) == [
        ("Chorale", "03 18:30"), ("Concert", "10 20:00"), ("Chorale", "17 18:30"), ("Chorale", "24 18:30"),
        ("Chorale", "31 18:30"),
    ]  # fmt: skip
    page = alice.get(answer.headers["Location"]).content.decode()
    assert "Concert" in page
    assert "20:00" in page


def test_one_date_and_those_that_follow_change(cast: "Cast", alice: Client, series: Entry) -> None:
    assert changed(alice, series, SECOND, scope="following", location="Église").status_code == 302
    with scope(cast.fabrique):
        assert sorted(Entry.objects.values_list("location", flat=True)) == ["", "Église"]
    assert len(dates(cast, series)) == 5


def test_every_date_changes_from_the_form_of_one(cast: "Cast", alice: Client, series: Entry) -> None:
    assert changed(alice, series, SECOND, scope="all", start_time="19:00", end_time="20:30").status_code == 302
    assert [start for _title, start in dates(cast, series)] == [
        "03 19:00", "10 19:00", "17 19:00", "24 19:00", "31 19:00",
    ]  # fmt: skip


def test_a_series_moved_by_a_day_keeps_all_its_dates(cast: "Cast", alice: Client, series: Entry) -> None:
    day = "2026-12-09"
    assert changed(alice, series, SECOND, scope="all", start_day=day, end_day=day).status_code == 302
    assert [start[:2] for _title, start in dates(cast, series)][:3] == ["02", "09", "16"]


def test_a_series_found_by_chance_shows_its_next_date_and_names_it(cast: "Cast", alice: Client) -> None:
    day = timezone.localdate()
    entry = made(cast, alice, start_day=day - timedelta(days=70), end_day=day - timedelta(days=70), repeats="weekly")
    comes = {day, day + timedelta(days=7)}  # today's may be over
    page = alice.get(f"{HOME}evenements/{entry.pk}/")
    assert page.context["day"] in comes
    asked = alice.get(f"{HOME}evenements/{entry.pk}/modifier/")
    assert asked.headers["Location"][-15:-7] in {f"{one:%Y%m%d}" for one in comes}


@pytest.mark.parametrize("named", ["99991231T000000Z", "00010101", "n'importe", "20990101T183000"])
def test_a_date_that_is_not_one_of_the_series_shows_one_that_is(alice: Client, series: Entry, named: str) -> None:
    page = alice.get(f"{HOME}evenements/{series.pk}/", {"le": named})
    assert page.status_code == 200
    assert "Chorale" in page.content.decode()


def test_an_event_at_the_end_of_time_breaks_no_page(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        entry = event(cast.alice, "Fin", "89991230T173000Z")
    assert alice.get(f"{HOME}evenements/{entry.pk}/").status_code == 200
    for view in ("mois", "semaine", "jour", "liste", "annee"):
        assert alice.get(f"{HOME}{view}/?jour=2199-12-31").status_code == 200


def test_a_series_asks_which_dates(cast: "Cast", alice: Client, series: Entry) -> None:
    said = form_of(alice, series, SECOND) | {"scope": ""}
    assert alice.post(f"{HOME}evenements/{series.pk}/modifier/?le={SECOND}", said).status_code == 422
    assert alice.post(f"{HOME}evenements/{series.pk}/supprimer/?le={SECOND}", {}).status_code == 422
    assert len(dates(cast, series)) == 5


@pytest.mark.parametrize(("kind", "left"), [("this", ["03", "17", "24", "31"]), ("following", ["03"]), ("all", [])])
def test_dates_of_a_series_are_removed(cast: "Cast", alice: Client, series: Entry, kind: str, left: list[str]) -> None:
    answer = alice.post(f"{HOME}evenements/{series.pk}/supprimer/?le={SECOND}", {"scope": kind})
    assert answer.status_code == 302
    assert [start[:2] for _title, start in dates(cast, series)] == left


@pytest.mark.parametrize("kind", ["this", "following", "all"])
def test_what_is_removed_comes_back_as_it_was(cast: "Cast", alice: Client, series: Entry, kind: str) -> None:
    answer = alice.post(f"{HOME}evenements/{series.pk}/supprimer/?le={SECOND}", {"scope": kind})
    undo = alice.get(answer.headers["Location"]).context["shell"].undo
    assert alice.post(undo["url"], {"token": undo["token"]}).status_code == 302
    with scope(cast.fabrique):
        assert [one.data for one in Entry.objects.all()] == [series.data]


def test_what_the_form_does_not_say_stays_as_it_came(cast: "Cast", alice: Client) -> None:
    more = "X-APPLE-TRAVEL:12\r\nGEO:50.6;3.06\r\nATTACH:https://example.org/a.pdf\r\n"
    with scope(cast.fabrique):
        entry = event(cast.alice, start="20261203T173000Z", more=more)
    assert changed(alice, entry, summary="Autre").status_code == 302
    with scope(cast.fabrique):
        entry.refresh_from_db()
    assert entry.summary == "Autre"
    for line in more.split():
        assert line in entry.data
    assert "DTSTART:20261203T173000Z" in entry.data


def test_a_rule_the_form_cannot_say_is_kept(cast: "Cast", alice: Client) -> None:
    rule = "RRULE:FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1\r\n"
    with scope(cast.fabrique):
        entry = event(cast.alice, start="20261201T173000Z", more=rule)
    assert form_of(alice, entry)["repeats"] == "kept"
    assert changed(alice, entry, scope="all", summary="Autre").status_code == 302
    with scope(cast.fabrique):
        entry.refresh_from_db()
    assert rule.strip() in entry.data


def test_two_who_write_at_once_are_told_and_lose_nothing(cast: "Cast", alice: Client) -> None:
    entry = made(cast, alice)
    mine = form_of(alice, entry) | {"summary": "Mon titre"}
    assert changed(cast.client("manon"), entry, location="Ailleurs").status_code == 302
    answer = alice.post(f"{HOME}evenements/{entry.pk}/modifier/", mine)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Manon" in page
    assert "Mon titre" in page
    again = {**mine, "etag": answer.context["form"]["etag"].value()}
    assert alice.post(f"{HOME}evenements/{entry.pk}/modifier/", again).status_code == 302
    with scope(cast.fabrique):
        assert Entry.objects.get(pk=entry.pk).summary == "Mon titre"


def test_removing_what_somebody_changed_asks_again(cast: "Cast", alice: Client) -> None:
    entry = made(cast, alice)
    with scope(cast.fabrique):
        before = Entry.objects.get(pk=entry.pk).etag
    changed(cast.client("manon"), entry, location="Ailleurs")
    assert alice.post(f"{HOME}evenements/{entry.pk}/supprimer/", {"etag": before}).status_code == 409
    with scope(cast.fabrique):
        assert Entry.objects.filter(pk=entry.pk).exists()


def test_an_event_goes_to_another_calendar(cast: "Cast", alice: Client) -> None:
    entry = made(cast, alice)
    with scope(cast.fabrique):
        to = another(cast.alice)
    assert changed(alice, entry, calendar=to.pk).status_code == 302
    with scope(cast.fabrique):
        assert [one.calendar_id for one in Entry.objects.all()] == [to.pk]


def test_whoever_may_only_see_changes_nothing(cast: "Cast", alice: Client) -> None:
    entry = made(cast, alice)
    with scope(cast.fabrique):
        lists.set_line(
            by=cast.alice, rights=open_spaces(cast.alice), folder=calendar(cast.alice).folder, to=cast.gus,
            level=Level.VIEW,
        )  # fmt: skip
    gus = cast.client("gus")
    assert gus.get(f"{HOME}evenements/{entry.pk}/").status_code == 200
    assert gus.get(f"{HOME}evenements/{entry.pk}/modifier/").status_code == 403
    assert gus.post(f"{HOME}evenements/{entry.pk}/supprimer/").status_code == 403
    assert gus.post(f"{HOME}nouveau/", typed(cast)).status_code in (403, 422)


def test_no_event_enters_a_calendar_that_the_form_does_not_offer(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        open_spaces(cast.bob)
        closed = Item.objects.get(parent__owner=cast.bob, nature=Nature.CALENDAR)
    assert alice.post(f"{HOME}nouveau/", typed(cast, calendar=closed.pk)).status_code == 422
    with scope(cast.fabrique):
        assert not Entry.objects.exists()


def test_an_event_of_another_zone_keeps_its_hours_there(cast: "Cast", alice: Client) -> None:
    entry = made(cast, alice, zone="America/Santiago")
    assert "DTSTART;TZID=America/Santiago:20261203T183000" in entry.data
    assert dates(cast, entry) == [("Chorale", "03 22:30")]
    shown = form_of(alice, entry)
    assert (shown["zone"], shown["start_time"]) == ("America/Santiago", "18:30")
    assert changed(alice, entry, summary="Autre").status_code == 302
    assert dates(cast, entry) == [("Autre", "03 22:30")]


def test_an_invited_group_is_all_its_members(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        group = create_group(by=cast.alice, name="Chœur")
        add_many_to_group(by=cast.alice, people=[cast.bob, cast.manon], group=group)
    entry = made(cast, alice, groups=[str(group.pk)])
    with scope(cast.fabrique):
        assert {one.person_id for one in entry.attendees.all()} == {cast.bob.pk, cast.manon.pk}


def test_an_event_put_by_a_phone_is_shown_and_changed(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        entry = event(cast.alice, "Vélo", "20261203T173000Z")
        data = entry.data.replace("DURATION:PT1H\r\n", "")
        mine = open_spaces(cast.alice)
        put_entry(by=cast.alice, rights=mine, calendar=entry.calendar, name=entry.name, data=data.encode())
    page = alice.get(f"{HOME}evenements/{entry.pk}/").content.decode()
    assert "Jeudi 3 décembre 2026 à 18:30" in page
    assert changed(alice, entry, location="Gare").status_code == 302
