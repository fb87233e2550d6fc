"""The list of the register: who stands how, orders, figures, columns, sheets, ten thousand members."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import Cast
from tests.harness.crowd import LARGE
from tilios.core.journal.models import Entry
from tilios.core.people import actions as people
from tilios.core.people.actions.persons import index_names
from tilios.core.people.models import Person
from tilios.core.structures.scope import scope
from tilios.tools.members import actions, queries
from tilios.tools.members.models import FieldKind, Record, Status
from tilios.tools.members.queries import listing
from tilios.tools.members.tests.contract import member

LIST = "/s/la-fabrique/adhesions/"
DAY = timedelta(days=1)


def stand_every_way() -> list[Record]:
    """Members of every mixture of end of dues, presence, status and exemption."""
    today = timezone.localdate()
    statuses = (None, Status.objects.create(name="Actif"), Status.objects.create(name="Honneur", is_exempt=True))
    ways = product((None, today - DAY, today, today + DAY), (None, today - DAY), statuses, (False, True))
    for number, (due_on, left_on, status, is_exempt) in enumerate(ways):
        record = member("Camille", f"Dupont {number}", status=status, is_exempt=is_exempt)
        Record.objects.filter(pk=record.pk).update(due_on=due_on, left_on=left_on)
    return list(queries.records())


def in_plain_python(name: str, record: Record) -> bool:
    """What `listing.standing` says of one record."""
    here, today = record.left_on is None, timezone.localdate()
    paid = record.due_on is not None and record.due_on >= today
    return {
        "": here,
        listing.EVERYBODY: True,
        listing.LEFT: not here,
        listing.UP_TO_DATE: here and (paid or not record.owes_dues),
        listing.LATE: here and record.due_on is not None and not paid and record.owes_dues,
        listing.NEVER: here and record.due_on is None and record.owes_dues,
        listing.EXEMPT: here and not record.owes_dues,
    }[name]


def test_the_database_finds_who_stands_how_as_plain_python_does(cast: Cast) -> None:
    with scope(cast.fabrique):
        records = stand_every_way()
        for name in ("", *listing.STANDINGS):
            rows = queries.listed_records(cast.alice, queries.Filters(standing=name))
            expected = {record.pk for record in records if in_plain_python(name, record)}
            assert {record.pk for record in rows} == expected, name
        figures = queries.figures(cast.alice)
        late = sum(in_plain_python(listing.LATE, record) for record in records)
        assert (figures["here"], figures["left"], figures["late"]) == (24, 24, late)


@pytest.mark.parametrize("sort", listing.SORTS)
def test_an_order_turned_round_loses_nobody(cast: Cast, sort: str) -> None:
    with scope(cast.fabrique):
        everybody = {record.pk for record in stand_every_way()}
        for way in (sort, f"-{sort}"):
            filters = queries.Filters(standing=listing.EVERYBODY, sort=way)
            assert {record.pk for record in queries.listed_records(cast.alice, filters)} == everybody, way


def test_numbers_are_ordered_as_numbers(cast: Cast) -> None:
    with scope(cast.fabrique):
        for number in ("10", "9", "101"):
            member("Camille", "Dupont", number=number)
        ordered = queries.listed_records(cast.alice, queries.Filters(sort="numero"))
        assert [record.number for record in ordered] == ["9", "10", "101"]


def test_whoever_manages_a_group_lists_its_members_and_no_other(cast: Cast) -> None:
    with scope(cast.fabrique):
        inside, outside = member("Ana", "Dedans"), member("Zoé", "Dehors")
        group = people.create_group(by=None, name="Bois")
        people.add_to_group(by=None, person=cast.bob, group=group, is_manager=True)
        people.add_to_group(by=None, person=inside.person, group=group)
    page = cast.client("bob").get(LIST).content.decode()
    assert "Ana Dedans" in page
    assert "Zoé Dehors" not in page
    assert cast.client("gus").get(LIST).status_code == 302  # to one's own record
    assert cast.client("bob").get(f"{LIST}fiches/{outside.pk}/").status_code == 404


@pytest.mark.parametrize("kind", ["csv", "ods", "xlsx"])
def test_the_list_taken_in_a_sheet_is_a_reading_of_each(cast: Cast, kind: str) -> None:
    with scope(cast.fabrique):
        records = [member("Camille", f"Dupont {number}") for number in range(3)]
    answer = cast.client("manon").post(f"{LIST}export/", {"format": kind, "query": ""})
    assert answer.status_code == 200
    assert answer["Content-Disposition"].endswith(f'.{kind}"')
    subjects = {record.person_id for record in records}
    readings = Entry.objects.filter(verb="people.read", actor=cast.manon.pk, subject__in=subjects)
    assert readings.count() == 3
    assert Entry.objects.filter(verb="members.exported", actor=cast.manon.pk).count() == 1


def test_a_sheet_is_refused_to_who_lists_nobody_and_in_an_unknown_format(cast: Cast) -> None:
    assert cast.client("bob").post(f"{LIST}export/", {"format": "csv"}).status_code == 403
    assert cast.client("alice").post(f"{LIST}export/", {"format": "exe"}).status_code == 422


def test_thousands_of_members_are_listed_in_a_bounded_number_of_queries(cast: Cast) -> None:
    with scope(cast.fabrique):
        actions.add_field(by=None, name="Majeur", kind=FieldKind.FORMULA, formula="age >= 18", in_list=True)
        persons = Person.objects.bulk_create(
            [
                index_names(Person(structure=cast.fabrique, display_name=f"Nom {number}", family_name=f"Nom {number}"))
                for number in range(LARGE)
            ]
        )
        Record.objects.bulk_create(
            [
                Record(structure=cast.fabrique, person=person, number=str(number))
                for number, person in enumerate(persons)
            ]
        )
    client = cast.client("alice")
    client.get(LIST)
    for query in ("", "?q=nom+42", "?tri=-numero&page=100", "?etat=jamais"):
        with CaptureQueriesContext(connection) as asked:
            page = client.get(f"{LIST}{query}")
        assert page.status_code == 200, query
        assert len(asked) <= 20, (query, len(asked))
