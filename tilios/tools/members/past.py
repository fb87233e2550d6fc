"""The demonstration's past: three years of arrivals, renewals and departures, written at once, for its figures."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from tilios.core.people import watchers
from tilios.core.people.actions.persons import index_names
from tilios.core.people.models import Person
from tilios.core.people.models import Status as PersonStatus
from tilios.core.people.roles import Role
from tilios.kit.dates import months_after
from tilios.tools.members.actions import community, offices
from tilios.tools.members.actions.records import lock_settings
from tilios.tools.members.models import Contribution, ContributionState, DuesKind, Record, Status

ARRIVALS = (9, 0, 6, 0, 5, 0, 0, 0, 14, 7, 5, 0)  # of January, February…
YEARS = 3
GIVEN = (
    "Adèle", "Bastien", "Clémence", "Denis", "Élodie", "Fañch", "Gaëlle", "Hervé", "Inès", "Joël", "Katell", "Loïc",
    "Maëlle", "Nadir", "Ophélie", "Pierrick", "Quentin", "Rozenn", "Samira", "Tanguy", "Ursule", "Victor", "Wassila",
)  # fmt: skip
FAMILY = (
    "Abgrall",
    "Cadiou",
    "Derrien",
    "Floc'h",
    "Guéguen",
    "Hamon",
    "Jaouen",
    "Kervella",
    "Nédélec",
    "Quéré",
    "Riou",
)
TOWNS = (("Morlaix", "29600"), ("Plougonven", "29640"), ("Saint-Pol-de-Léon", "29250"), ("Lanmeur", "29620"))
DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Past:
    """What happened to the `rank`-th of them: dues begun on each of `starts`, gone on `left` unless None."""

    rank: int
    starts: list[date]
    left: date | None


def load(by: Person, status: Status, kind: DuesKind) -> None:
    """People who came before the others, those who left among them; a waiting list, and places that grew."""
    today = timezone.localdate()
    waits = offices.save_status(by=by, name="En attente d'une place")
    pasts = _pasts(today)
    people = [index_names(_person(past, today)) for past in pasts]
    people = Person.objects.bulk_create(people)
    watchers.changed(people)
    settings = lock_settings()
    records = Record.objects.bulk_create(
        _record(past, person, settings.last_number + past.rank + 1, waits if past.rank >= len(pasts) - 6 else status)
        for past, person in zip(pasts, people, strict=True)
    )
    settings.last_number += len(records)
    settings.save(update_fields=["last_number"])
    Contribution.objects.bulk_create(
        Contribution(
            record=record, payer=record.person, kind=kind, first=first, last=_end(first), amount_cents=2400,
            state=ContributionState.PAID, paid_at=timezone.now(), origin="import",
        )
        for past, record in zip(pasts, records, strict=True) for first in past.starts
    )  # fmt: skip
    community.change_community(by=by, waiting_status=waits)
    for ago, places in ((YEARS * 365, 90), (400, 130)):
        community.write_places(by=by, day=today - ago * DAY, places=places)


def _pasts(today: date) -> list[_Past]:
    found: list[_Past] = []
    first_month = months_after(today.replace(day=1), -12 * YEARS)
    for month in range(12 * YEARS):
        start = months_after(first_month, month)
        for _one in range(ARRIVALS[start.month - 1]):
            rank = len(found)
            found.append(_past(rank, start + (rank * 5 % 27) * DAY, today))
    return found


def _past(rank: int, arrival: date, today: date) -> _Past:
    """Three in ten renew no more after some year; one in nine of the others is back after a gap."""
    starts = [arrival]
    while (following := _end(starts[-1]) + DAY) <= today:
        if (rank * 7 + len(starts)) % 10 < 3:
            return _Past(rank, starts, following + 60 * DAY if following + 60 * DAY <= today else None)
        if rank % 9 == 4 and len(starts) == 1:
            following += 150 * DAY
        if following > today:
            break
        starts.append(following)
    return _Past(rank, starts, None)


def _end(first: date) -> date:
    return months_after(first, 12) - DAY


def _person(past: _Past, today: date) -> Person:
    given, family = GIVEN[past.rank % len(GIVEN)], FAMILY[past.rank % len(FAMILY)]
    town, postcode = TOWNS[past.rank % len(TOWNS)]
    return Person(
        given_name=given, family_name=family, display_name=f"{given} {family}", role=Role.MEMBER, town=town,
        postcode=postcode, birth_date=today - (18 + past.rank * 13 % 60) * 365 * DAY if past.rank % 11 else None,
        status=PersonStatus.LEFT if past.left else PersonStatus.ACTIVE,
    )  # fmt: skip


def _record(past: _Past, person: Person, number: int, status: Status) -> Record:
    return Record(
        person=person, number=str(number), status=status, joined_on=past.starts[0], left_on=past.left,
        due_on=_end(past.starts[-1]), newsletter=past.rank % 3 == 0,
    )  # fmt: skip
