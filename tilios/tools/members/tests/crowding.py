"""Many members with their dues, written at once."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from tilios.core.people.actions.persons import index_names
from tilios.core.people.models import Person
from tilios.kit.dates import months_after
from tilios.tools.members.models import Contribution, ContributionState, Record
from tilios.tools.members.tests.contract import dues

DAY = timedelta(days=1)


def crowd(count: int, years: int = 3, **fields: Any) -> list[Record]:
    """So many members, arrived over the last `years`, each with dues of every year since."""
    today = timezone.localdate()
    rate = dues(f"Adhésion {count}")
    made = Person.objects.bulk_create(
        index_names(
            Person(
                role=20, given_name="Camille", family_name=f"Foule {n}", display_name=f"Camille Foule {n}",
                birth_date=date(1940 + n % 70, 1 + n % 12, 5),
            )
        )
        for n in range(count)
    )  # fmt: skip
    last = Record.objects.count()
    records = Record.objects.bulk_create(
        Record(
            person=person, number=f"F{last + n}", joined_on=today - timedelta(days=40 + n * 7 % (years * 365)),
            left_on=today - timedelta(days=n % 200 + 1) if n % 11 == 0 else None, **fields,
        )
        for n, person in enumerate(made)
    )  # fmt: skip
    taken = []
    for n, record in enumerate(records):
        first = record.joined_on
        while first is not None and first <= today:
            if (n + first.year) % 7:
                taken.append(
                    Contribution(
                        record=record, kind=rate.kind, first=first, last=months_after(first, 12) - DAY,
                        amount_cents=2000, state=ContributionState.PAID,
                    )
                )  # fmt: skip
            first = months_after(first, 12)
    Contribution.objects.bulk_create(taken, batch_size=2_000)
    return records
