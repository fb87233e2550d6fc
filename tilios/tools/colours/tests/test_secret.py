"""A secret session: nothing kept says who gave which colour. A test tries to find out."""

import io
import random
import zipfile
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection, models

from tests.cast import Cast, make_cast, make_person
from tilios.core.errors import Conflict, Invalid
from tilios.core.journal.models import Entry
from tilios.core.portability.exporting import export
from tilios.core.structures.scope import scope
from tilios.tools.colours import actions, queries, rules
from tilios.tools.colours.models import Answer, Remark, Roll, Session, Voice
from tilios.tools.colours.tests.contract import colours, first_of, give, open_session

CROWD = 60


def secret_session(cast: Cast, **fields: Any) -> Session:
    return open_session(cast.alice, identity="secret", results="answered", least_role=10, **fields)


def test_the_device_finds_its_voice_and_another_does_not(fabrique: Cast) -> None:
    session = secret_session(fabrique)
    give(session, fabrique.bob, 0, device="one")
    give(session, fabrique.bob, 3, device="one")
    assert Answer.objects.get().value == 3
    with pytest.raises(Conflict):
        give(session, fabrique.bob, 0, device="two")
    with pytest.raises(Invalid):
        give(session, fabrique.manon, 0)  # a device that keeps nothing
    give(session, fabrique.manon, 1, device="one")  # the computer of the place serves two people
    assert Voice.objects.count() == Roll.objects.count() == 2


def test_a_voice_holds_no_person_and_the_journal_nobody(fabrique: Cast) -> None:
    session = secret_session(fabrique)
    give(session, fabrique.bob, 0, device="one", remarks={first_of(session): "Un mot"})
    actions.key_in(
        by=fabrique.alice, session=session, given=actions.Given(colours(session, 1)), person=fabrique.manon, name="X"
    )
    for voice in Voice.objects.all():
        assert (voice.person, voice.visitor, voice.invited, voice.keyed_by, voice.acted_by, voice.name) == (
            None, None, None, None, None, "",
        )  # fmt: skip
    assert Remark.objects.get().author is None
    assert {row.person_id for row in Roll.objects.all()} == {fabrique.bob.pk, fabrique.manon.pk}
    assert not Entry.objects.filter(actor=fabrique.bob.pk, verb__startswith="colours.").exists()


def test_no_model_of_an_answer_keeps_a_time() -> None:
    for model in (Voice, Roll, Answer, Remark):
        kept = [field.name for field in model._meta.fields if isinstance(field, models.DateField | models.TimeField)]
        assert kept == [], model


def ranks(values: Sequence[Any]) -> list[float]:
    """The place of each value among all, equal ones at the mean of theirs."""
    order = sorted(range(len(values)), key=lambda place: values[place])
    found = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and values[order[end + 1]] == values[order[start]]:
            end += 1
        for place in order[start : end + 1]:
            found[place] = (start + end) / 2
        start = end + 1
    return found


def likeness(one: Sequence[Any], other: Sequence[Any]) -> float:
    """Spearman's rank correlation: 1 when both are in the same order, 0 when the one says nothing of the other."""
    first, second = ranks(one), ranks(other)
    mean = (len(first) - 1) / 2
    top = sum((a - mean) * (b - mean) for a, b in zip(first, second, strict=True))
    left = sum((a - mean) ** 2 for a in first)
    right = sum((b - mean) ** 2 for b in second)
    return top / (left * right) ** 0.5 if left and right else 0.0


def rows_with_their_place(table: str) -> list[dict[str, Any]]:
    """Every column of a table, and what the database keeps beside: where a row lies, which transaction wrote it."""
    hidden = "ctid::text AS place, xmin::text AS written" if connection.vendor == "postgresql" else "rowid AS place"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT *, {hidden} FROM {table}")
        names = [column[0] for column in cursor.description]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for number, row in enumerate(found):
        row["as_read"] = number
        if isinstance(row["place"], str):
            row["place"] = tuple(map(int, row["place"].strip("()").split(",")))
            row["written"] = int(row["written"])
    return found


@pytest.mark.django_db(transaction=True)
def test_nothing_kept_says_in_which_order_people_answered() -> None:
    """Each answers in turn, in a transaction of their own; the number they answer with is their turn, spread over the
    statements, so that whoever finds the order finds the answers.
    """
    cast = make_cast()
    people = [make_person(cast.fabrique, f"Voix {number}", 20, login=False) for number in range(CROWD)]
    with scope(cast.fabrique):
        session = secret_session(cast)
        turns: dict[int, int] = {}
        order = random.Random(3).sample(people, CROWD)
        for turn, person in enumerate(order):
            voice = give(session, person, turn % 5, (turn // 5) % 5, device=f"appareil {turn}")
            turns[voice.pk] = turn
        roll = {row.person_id: row.pk for row in Roll.objects.all()}
    voices = rows_with_their_place("colours_voice")
    answers = rows_with_their_place("colours_answer")
    for row in answers:
        row["id_of_voice"] = row["voice_id"]
    for rows, name in ((voices, "id"), (answers, "voice_id")):
        when = [turns[row[name]] for row in rows]
        for column in rows[0]:
            if column == "id_of_voice" or any(row[column] is None for row in rows):
                continue
            assert abs(likeness([row[column] for row in rows], when)) < 0.5, column
    written = {row.get("written") for row in voices}
    assert len(written) == 1  # on PostgreSQL, all were written again with the last
    said = [turn for turn, person in enumerate(order)]
    assert abs(likeness([roll[person.pk] for person in order], said)) < 0.5
    with scope(cast.fabrique):
        assert not Entry.objects.filter(actor__in=[one.pk for one in people]).exists()


def test_an_archive_says_who_answered_and_not_what(cast: Cast) -> None:
    with scope(cast.fabrique):
        session = secret_session(cast)
        for number, person in enumerate((cast.alice, cast.manon, cast.bob, cast.gus)):
            give(session, person, number, device=f"appareil {number}")
        keys = list(Voice.objects.values_list("key", flat=True))
    file = io.BytesIO()
    export(cast.fabrique, file)
    with zipfile.ZipFile(file) as archive:
        content = {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}
    assert all(keys)
    assert not [key for key in keys if any(key in text for text in content.values())]
    lines = content["data/colours.voice.jsonl"] + content["data/colours.answer.jsonl"]
    for person in (cast.alice, cast.manon, cast.bob, cast.gus):
        assert f'"person": {person.pk}' not in lines
        assert f'"person":{person.pk}' not in lines
    assert not [name for name in content if name.startswith(f"open/colours/{session.pk}-")]  # fewer than five


def test_nothing_is_shown_before_five_and_groups_below_five_stay_hidden(fabrique: Cast) -> None:
    session = Session(identity="secret", results="open", closed_at=None)
    assert not rules.sees_results(session, None, has_answered=True, voices=4)
    assert rules.sees_results(session, None, has_answered=True, voices=5)
    assert rules.groups_shown({1: 4, 2: 9, 3: 6}, secret=False) == {1, 2, 3}
    assert rules.groups_shown({1: 2, 2: 9, 3: 6}, secret=True) == {2}
    assert rules.groups_shown({1: 4, 2: 4, 3: 6}, secret=True) == {3}


def test_people_on_the_roll_are_not_reminded(fabrique: Cast) -> None:
    session = secret_session(fabrique)
    give(session, fabrique.bob, 0, device="one")
    assert fabrique.bob not in queries.silent_people(session)
    assert fabrique.manon in queries.silent_people(session)
