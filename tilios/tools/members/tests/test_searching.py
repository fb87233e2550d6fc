"""Searches find what plain Python finds, whatever the tree; nobody searches by what they do not see."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import Cast
from tests.harness.crowd import LARGE, sizes_are_known
from tilios.core.access import grants
from tilios.core.errors import Invalid, NotAllowed
from tilios.core.people import actions as people
from tilios.core.people.models import Person
from tilios.kit.expressions import years_between
from tilios.kit.text import fold
from tilios.tools.members.models import Answer, Field, FieldKind, Record, SavedSearch, Status
from tilios.tools.members.queries import searching
from tilios.tools.members.queries.catalogue import criteria_for
from tilios.tools.members.queries.criteria import TESTS, TESTS_OF, Sort
from tilios.tools.members.tests.contract import dues, member

TODAY = date(2026, 2, 28)


def leaf(field: str, test: str, value: Any = "") -> dict[str, Any]:
    return {"field": field, "test": test, "value": str(value)}


def names(conditions: dict[str, Any], person: Person) -> list[str]:
    return [record.person.given_name for record in searching.found(conditions, person, today=TODAY)]


def make_register() -> dict[str, Any]:
    """Forty records unlike one another; what the plain evaluation needs beside them."""
    active, honorary = Status.objects.create(name="Actif"), Status.objects.create(name="Honneur", is_exempt=True)
    board = people.create_group(by=None, name="Bureau")
    diet = Field.objects.create(name="Régime", key="regime", kind=FieldKind.TEXT)
    size = Field.objects.create(name="Pointure", key="pointure", kind=FieldKind.NUMBER)
    since = Field.objects.create(name="Permis", key="permis", kind=FieldKind.DATE)
    crafts = Field.objects.create(name="Métiers", key="metiers", kind=FieldKind.CHOICES, choices=["bois", "fer"])
    towns, days = ("Lille", "LILLE", "Évreux", "evreux", "", "Saint-Omer"), (None, 0, 1, 27, 28, 365, 3000, 11000)
    for number in range(40):
        record = member(
            f"P{number:02}", "Dupont", town=towns[number % 6], kind="organisation" if number % 7 == 0 else "human",
            status=(None, active, honorary)[number % 3], joined_on=date(2024, 2, 29) - timedelta(days=number * 40),
            is_exempt=number % 11 == 0, newsletter=number % 2 == 0, head_count=number if number % 4 else None,
        )  # fmt: skip
        gap = days[number % 8]
        record.person.birth_date = None if gap is None else TODAY - timedelta(days=gap * 3)
        record.person.save()
        record.due_on = None if number % 5 == 0 else TODAY + timedelta(days=number - 20)
        record.left_on = TODAY if number % 9 == 0 else None
        record.save()
        if number % 3 == 0:
            people.add_to_group(by=None, person=record.person, group=board)
        if number % 4 == 1:
            Answer.objects.create(record=record, field=diet, text="Végétarien" if number % 8 == 1 else "sans gluten")
            Answer.objects.create(record=record, field=size, number=Decimal(number))
            Answer.objects.create(record=record, field=since, day=TODAY - timedelta(days=number))
        for craft in ("bois", "fer")[: number % 3]:
            Answer.objects.create(record=record, field=crafts, text=craft)
    return {"status": [active.pk, honorary.pk], "groups": [board.pk]}


def facts(record: Record) -> dict[str, Any]:
    """What a record says, in plain Python."""
    said: dict[str, Any] = {"champ-metiers": set()}
    for answer in record.answers.all():
        if answer.field.kind == FieldKind.CHOICES:
            said["champ-metiers"].add(answer.text)
        else:
            said[f"champ-{answer.field.key}"] = answer.text or answer.number or answer.day
    person, born = record.person, record.person.birth_date
    return said | {
        "town": person.town,
        "kind": record.kind,
        "status": record.status_id,
        "age": None if born is None else years_between(born, TODAY),
        "birth_date": born,
        "due_on": record.due_on,
        "joined_on": record.joined_on,
        "head_count": record.head_count,
        "newsletter": record.newsletter,
        "is_exempt": not record.owes_dues,
        "left": record.left_on is not None,
        "groups": set(person.memberships.values_list("group", flat=True)),
        "standing": standing_in_python(record),
    }


def standing_in_python(record: Record) -> str:
    if record.left_on:
        return "left"
    if record.due_on and record.due_on >= TODAY:
        return "up_to_date"
    if not record.owes_dues:
        return "exempt"
    return "late" if record.due_on else "never"


def says_something(tree: dict[str, Any]) -> bool:
    return "field" in tree or any(says_something(node) for node in tree.get("any", tree.get("all", [])))


def holds(tree: dict[str, Any], said: dict[str, Any], choices_are_numbers: set[str]) -> bool:
    if "field" not in tree:
        nodes = [node for node in tree.get("any", tree.get("all", [])) if says_something(node)]
        parts = [holds(node, said, choices_are_numbers) for node in nodes]
        return (any(parts) or not parts) if "any" in tree else all(parts)
    field, test, text = tree["field"], tree["test"], tree["value"]
    value = said.get(field)
    if test in {"empty", "filled"}:
        return (value in (None, "", set())) == (test == "empty")
    if test in {"yes", "no"}:
        return value == (test == "yes")
    if test in {"has", "has_not"}:
        wanted: Any = int(text) if field in choices_are_numbers else text
        return (wanted in (value or set())) == (test == "has")
    if test in {"is", "is_not"}:
        wanted = int(text) if field in choices_are_numbers else text
        return (value == wanted) == (test == "is")
    if test == "lacks":
        return fold(text).strip() not in fold(value or "")
    if value is None:
        return False
    return passes(test, value, text)


def passes(test: str, value: Any, text: str) -> bool:
    if isinstance(value, str):
        ours, theirs = fold(value), fold(text).strip()
        return {"contains": theirs in ours, "begins": ours.startswith(theirs), "is_text": ours == theirs}[test]
    if not isinstance(value, date):
        number = Decimal(text)
        return {"equal": value == number, "less": value < number, "more": value > number}[test]
    if TESTS[test].needs == "day":
        day = date.fromisoformat(text)
        return {"on": value == day, "before": value < day, "after": value > day}[test]
    gap = (value - TODAY).days
    days = int(text or 0)
    return {
        "last_days": -days <= gap <= 0,
        "next_days": 0 <= gap <= days,
        "older_than": gap < -days,
        "later_than": gap > days,
        "this_month": (value.year, value.month) == (TODAY.year, TODAY.month),
        "this_year": value.year == TODAY.year,
        "anniversary": value.month == TODAY.month,
    }[test]


VALUES: dict[str, st.SearchStrategy[str]] = {
    "": st.just(""),
    "text": st.sampled_from(["lille", "É", "evr", "saint-omer", "vegetarien", "GLUTEN", "x"]),
    "number": st.integers(0, 60).map(str),
    "days": st.integers(0, 400).map(str),
    "day": st.integers(-60, 60).map(lambda gap: (TODAY + timedelta(days=gap)).isoformat()),
}
FIELDS = (
    "town", "kind", "status", "age", "birth_date", "due_on", "joined_on", "head_count", "newsletter", "is_exempt",
    "left", "groups", "standing", "champ-regime", "champ-pointure", "champ-permis", "champ-metiers",
)  # fmt: skip


def trees(person: Person) -> st.SearchStrategy[dict[str, Any]]:
    criteria = criteria_for(person)

    @st.composite
    def leaves(draw: Any) -> dict[str, Any]:
        criterion = criteria[draw(st.sampled_from(FIELDS))]
        test = draw(st.sampled_from(criterion.allowed))
        needs = TESTS[test].needs
        values = st.sampled_from([value for value, _label in criterion.choices]) if needs == "choice" else VALUES[needs]
        return leaf(criterion.key, test, draw(values))

    def group(children: Any) -> Any:
        kinds, nodes = st.sampled_from(["all", "any"]), st.lists(children, max_size=4)
        return st.builds(lambda kind, parts: {kind: parts}, kinds, nodes)

    return group(st.one_of(leaves(), group(st.one_of(leaves(), group(leaves())))))


def test_a_search_finds_what_plain_python_finds(fabrique: Cast) -> None:
    make_register()
    said = {record.person.given_name: facts(record) for record in Record.objects.select_related("person", "status")}

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(tree=trees(fabrique.alice))
    def check(tree: dict[str, Any]) -> None:
        wanted = [name for name, one in sorted(said.items()) if holds(tree, one, {"status", "groups"})]
        assert sorted(names(tree, fabrique.alice)) == wanted

    check()


def test_every_test_of_every_field_is_understood_by_the_database(fabrique: Cast) -> None:
    make_register()
    dues()
    for criterion in criteria_for(fabrique.alice).values():
        for test in criterion.allowed:
            needs = TESTS[test].needs
            if needs == "choice" and not criterion.choices:
                continue
            typed = {"number": "3", "days": "3", "day": "2026-02-01"}.get(needs, "a")
            value = criterion.choices[0][0] if needs == "choice" else typed
            assert len(searching.found(leaf(criterion.key, test, value), fabrique.alice)) <= 40, (criterion.key, test)


def test_the_labels_of_tests_are_all_used() -> None:
    assert {test for tests in TESTS_OF.values() for test in tests} == set(TESTS)
    assert set(TESTS_OF) == set(Sort)


@pytest.mark.parametrize(
    "conditions",
    [
        "town",
        {"none": []},
        {"all": [], "any": []},
        {"all": "town"},
        {"all": [leaf("password", "contains", "a")]},
        {"all": [leaf("person__account__password", "contains", "a")]},
        {"all": [leaf("town", "regex", "a")]},
        {"all": [leaf("town", "contains")]},
        {"all": [leaf("kind", "is", "robot")]},
        {"all": [leaf("age", "more", "1e9")]},
        {"all": [leaf("age", "more", "100000000000000000000")]},
        {"all": [leaf("head_count", "more", "inf")]},
        {"all": [leaf("birth_date", "before", "demain")]},
        {"all": [leaf("birth_date", "last_days", "99999999")]},
        {"all": [{"all": [{"all": [{"all": [{"all": []}]}]}]}]},
        {"all": [leaf("left", "no")] * 31},
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(fabrique: Cast, conditions: Any) -> None:
    with pytest.raises(Invalid, match=r"\w"):
        searching.found(conditions, fabrique.alice)


def test_nobody_searches_by_what_they_do_not_see(fabrique: Cast) -> None:
    secret = Field.objects.create(name="Suivi", key="suivi", seen_by="keepers")
    record = member()
    Answer.objects.create(record=record, field=secret, text="à rappeler")
    SavedSearch.objects.create(name="À rappeler", conditions={"all": [leaf("champ-suivi", "contains", "rappeler")]})
    assert names(leaf("champ-suivi", "filled"), fabrique.manon) == ["Camille"]
    assert [search.name for search in searching.searches(fabrique.manon)] == ["À rappeler"]
    grants.give(by=fabrique.alice, person=fabrique.bob, action="members.money")
    assert names({"all": []}, fabrique.bob) == ["Camille"]
    assert searching.searches(fabrique.bob) == []
    for field in ("champ-suivi", "note"):
        with pytest.raises(Invalid):
            searching.found(leaf(field, "filled"), fabrique.bob)
    with pytest.raises(NotAllowed):
        searching.found({"all": []}, fabrique.gus)
    assert searching.searches(fabrique.gus) == []


def test_a_search_of_many_conditions_asks_few_queries(fabrique: Cast) -> None:
    make_register()
    tree = {"any": [leaf("town", "contains", "lille"), {"all": [leaf("left", "no"), leaf("groups", "filled")]}]}
    with CaptureQueriesContext(connection) as queries:
        list(searching.found(tree, fabrique.manon))
    assert len(queries) <= 9


def test_a_search_in_words(fabrique: Cast) -> None:
    criteria = criteria_for(fabrique.alice)
    recent = {"all": [leaf("birth_date", "last_days", "30"), leaf("left", "no")]}
    tree = {"any": [leaf("town", "is_text", "Lille"), recent]}
    with translation.override("en"):
        words = searching.in_words(tree, criteria_for(fabrique.alice))
    assert words == "town is exactly “Lille” or (birth date is in the last 30 days and has left no)"
    assert searching.in_words({"all": [leaf("gone", "is", "1")]}, criteria)


@pytest.mark.slow
def test_a_search_among_thousands_asks_a_bounded_number_of_queries(fabrique: Cast) -> None:
    today = timezone.localdate()
    crowd = Person.objects.bulk_create(
        Person(structure=fabrique.fabrique, display_name=f"P {n}", town=f"Ville {n}", email=f"p{n}@example.org")
        for n in range(LARGE)
    )
    Record.objects.bulk_create(
        Record(structure=fabrique.fabrique, person=person, number=str(n), due_on=today)
        for n, person in enumerate(crowd)
    )
    sizes_are_known()
    texts = [leaf("town", "contains", "ville 12"), leaf("email", "lacks", "99")]
    tree = {"any": [*texts, {"field": "due_on", "test": "older_than", "value": "3"}]}
    started = timezone.now()
    with CaptureQueriesContext(connection) as queries:
        page = searching.found(tree, fabrique.alice)
        assert 0.9 * LARGE < page.count() < LARGE
        assert len(page[:50]) == 50
    assert len(queries) <= 12
    print(f"three conditions: {(timezone.now() - started).total_seconds():.2f} s")  # noqa: T201
