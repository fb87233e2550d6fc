"""One thing changed of many members: looked at, made, undone; who may, what is refused, what was changed since."""

import time
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.cast import Cast
from tests.harness.crowd import LARGE, sizes_are_known
from tilios.core.access import grants
from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.core.jobs import worker
from tilios.core.journal.models import Entry
from tilios.core.people import actions as people
from tilios.core.people.models import ImportState, Membership, Outcome, Person
from tilios.core.structures.scope import scope
from tilios.tools.members import actions as register
from tilios.tools.members import queries as reads
from tilios.tools.members.actions import mass as actions
from tilios.tools.members.actions import mass_steps as steps
from tilios.tools.members.models import Answer, FieldKind, MassEdit, MassEditRow, Opened, Opening, Record, Status
from tilios.tools.members.queries import mass as queries
from tilios.tools.members.tests.contract import dues, member
from tilios.tools.members.tests.crowding import crowd

LIST = "/s/la-fabrique/adhesions/"
CHOOSE = f"{LIST}modifications/choisir/"
DAY = timedelta(days=1)


def prepared(cast: Cast, thing: str, records: Any = None, **value: Any) -> MassEdit:
    chosen = Record.objects.order_by("pk") if records is None else records
    return actions.prepare(by=cast.alice, records=chosen, thing=thing, value=value or {thing: "1"}, name="Essai")


def made(cast: Cast, thing: str, records: Any = None, **value: Any) -> MassEdit:
    edit = steps.make(by=cast.alice, edit=prepared(cast, thing, records, **value))
    worker.run_all()
    edit.refresh_from_db()
    return edit


def undone(cast: Cast, edit: MassEdit) -> MassEdit:
    steps.undo(by=cast.alice, edit=edit)
    worker.run_all()
    edit.refresh_from_db()
    assert edit.state == ImportState.UNDONE
    return edit


def test_a_status_is_given_looked_at_first_and_taken_back(fabrique: Cast) -> None:
    old, new = Status.objects.create(name="Actif"), Status.objects.create(name="Honneur")
    records = [member("Ana", status=old), member("Léa"), member("Jo", status=new)]
    edit = prepared(fabrique, "status", records, status="Honneur")
    assert (edit.counts["changed"], edit.counts["unchanged"]) == (2, 1)
    assert Record.objects.filter(status=new).count() == 1  # nothing is written yet
    edit = steps.make(by=fabrique.alice, edit=edit)
    edit.refresh_from_db()
    assert edit.state == ImportState.IMPORTED
    assert Record.objects.filter(status=new).count() == 3
    assert Entry.objects.filter(verb="members.changed", subject=records[0].person_id, data__fields=["status"]).exists()
    assert Entry.objects.filter(verb="members.mass_edited", data__changed=2).exists()
    undone(fabrique, edit)
    assert [Record.objects.get(pk=one.pk).status for one in records] == [old, None, new]
    assert Entry.objects.filter(verb="members.mass_undone", data__undone=2, data__kept=0).exists()


@pytest.mark.parametrize("name", ["newsletter", "photos_allowed", "in_directory", "in_public_list", "is_exempt"])
def test_each_box_is_ticked_and_unticked_again(fabrique: Cast, name: str) -> None:
    records = [member("Ana"), member("Léa", **{name: True})]
    edit = made(fabrique, name)
    assert Record.objects.filter(**{name: True}).count() == 2
    undone(fabrique, edit)
    assert [getattr(Record.objects.get(pk=one.pk), name) for one in records] == [False, True]


@pytest.mark.parametrize(
    ("kind", "before", "text", "after"),
    [
        (FieldKind.TEXT, "Rouge", "rouge", "rouge"),
        (FieldKind.LONG_TEXT, None, "deux\nlignes", "deux\nlignes"),
        (FieldKind.NUMBER, 3, "12.5", 12.5),
        (FieldKind.DATE, date(2020, 1, 2), "2026-03-04", date(2026, 3, 4)),
        (FieldKind.YES_NO, True, "0", False),
        (FieldKind.CHOICE, "a", "b", "b"),
        (FieldKind.CHOICES, ["a"], "a|b", ["a", "b"]),
        (FieldKind.TEXT, "Rouge", "", None),
    ],
)
def test_a_field_of_the_structure_is_written_and_given_back(
    fabrique: Cast, kind: str, before: Any, text: str, after: Any
) -> None:
    field = register.add_field(by=None, name="Champ", kind=kind, choices=["a", "b"] if kind.startswith("choi") else [])

    def said(record: Record) -> Any:
        return register_answers(record).get(field.key)

    answered, silent = member("Ana", answers={field.key: before}), member("Léa")
    first = said(answered)
    edit = made(fabrique, f"field:{field.key}", **{f"field:{field.key}": text})
    assert said(answered) == said(silent) == after
    undone(fabrique, edit)
    assert (said(answered), said(silent)) == (first, None)


def register_answers(record: Record) -> dict[str, Any]:
    return reads.answers_of([record], reads.fields())[record.pk]


def test_people_join_and_leave_a_group_except_its_managers_and_those_whose_dues_open_it(fabrique: Cast) -> None:
    group = people.create_group(by=None, name="Bois")
    value = {"group": group.pk, "name": group.name}
    ana, lea, jo = member("Ana"), member("Léa"), member("Jo")
    people.add_to_group(by=None, person=jo.person, group=group, is_manager=True)
    edit = made(fabrique, "group-in", **value)
    assert edit.counts["changed"] == 2
    assert Membership.objects.filter(group=group).count() == 3
    rate = dues()
    opening = Opening.objects.create(kind=rate.kind, group=group)
    contribution = register.contribute(by=None, record=lea, kind=rate.kind, rate=rate)
    Opened.objects.create(contribution=contribution, opening=opening)
    out = made(fabrique, "group-out", **value)
    assert {row.record_id: row.problems for row in out.rows.all()} == {ana.pk: [], lea.pk: ["dues"], jo.pk: ["manager"]}
    assert set(Membership.objects.filter(group=group).values_list("person", flat=True)) == {lea.person_id, jo.person_id}
    undone(fabrique, out)
    assert Membership.objects.filter(group=group).count() == 3
    Membership.objects.filter(group=group, person=ana.person).update(is_manager=True)  # changed since
    edit = undone(fabrique, edit)
    assert (edit.counts["undone"], edit.counts["kept"]) == (1, 1)
    assert Membership.objects.filter(group=group).count() == 2


def test_a_group_that_is_gone_takes_nobody_in(fabrique: Cast) -> None:
    member("Ana")
    group = people.create_group(by=None, name="Bois")
    edit = prepared(fabrique, "group-in", group=group.pk, name=group.name)
    group.delete()
    edit = steps.make(by=fabrique.alice, edit=edit)
    edit.refresh_from_db()
    assert (edit.state, edit.counts["changed"]) == (ImportState.IMPORTED, 0)


def test_many_leave_on_a_day_but_not_those_who_left_or_came_later(fabrique: Cast) -> None:
    today = timezone.localdate()
    here, gone, later = member("Ana", joined_on=today - 90 * DAY), member("Léa"), member("Jo", joined_on=today)
    register.leave(by=None, record=gone, on=today)
    day = (today - DAY).isoformat()
    edit = made(fabrique, "left_on", left_on=day, leaving_reason="Radiation")
    assert {row.record_id: row.problems for row in edit.rows.all()} == {
        here.pk: [], gone.pk: ["gone"], later.pk: ["before"]
    }  # fmt: skip
    here.refresh_from_db()
    assert (here.left_on, here.leaving_reason) == (today - DAY, "Radiation")
    assert Entry.objects.filter(verb="members.left", subject=here.person_id).exists()
    undone(fabrique, edit)
    here.refresh_from_db()
    assert (here.left_on, here.leaving_reason) == (None, "")


def test_what_somebody_changed_since_is_left_and_said(fabrique: Cast) -> None:
    records = [member("Ana"), member("Léa")]
    edit = made(fabrique, "language", language="en")
    register.change_record(by=fabrique.alice, record=records[0], language="fr")
    edit = undone(fabrique, edit)
    assert [Record.objects.get(pk=one.pk).language for one in records] == ["fr", ""]
    assert (edit.counts["undone"], edit.counts["kept"]) == (1, 1)


def test_what_was_changed_between_looking_and_pressing_is_judged_anew(fabrique: Cast) -> None:
    records = [member("Ana"), member("Léa")]
    edit = prepared(fabrique, "newsletter")
    register.change_record(by=fabrique.alice, record=records[0], newsletter=True)
    edit = steps.make(by=fabrique.alice, edit=edit)
    edit.refresh_from_db()
    assert (edit.counts["changed"], edit.counts["unchanged"]) == (1, 1)
    undone(fabrique, edit)
    assert [Record.objects.get(pk=one.pk).newsletter for one in records] == [True, False]


def test_a_change_is_made_once_undone_once_and_within_ninety_days(fabrique: Cast) -> None:
    member("Ana")
    edit = prepared(fabrique, "newsletter")
    with pytest.raises(Conflict):
        steps.undo(by=fabrique.alice, edit=edit)
    steps.make(by=fabrique.alice, edit=edit)
    for again in (steps.make, steps.forget, steps.resume):
        with pytest.raises(Conflict):
            again(by=fabrique.alice, edit=edit)
    MassEdit.objects.update(created_at=timezone.now() - 91 * DAY)
    with pytest.raises(Conflict):
        steps.undo(by=fabrique.alice, edit=edit)
    actions.forget_old()
    assert MassEditRow.objects.get().before == {}


def test_a_status_removed_meanwhile_erases_nothing(fabrique: Cast) -> None:
    status = Status.objects.create(name="Actif")
    record = member("Ana", status=status)
    Status.objects.create(name="Honneur")
    edit = prepared(fabrique, "status", status="Honneur")
    Status.objects.filter(name="Honneur").delete()
    with pytest.raises(Conflict):
        steps.make(by=fabrique.alice, edit=edit)
    record.refresh_from_db()
    assert record.status == status


def test_only_those_who_keep_the_register_change_many_and_groups_ask_for_their_own_right(cast: Cast) -> None:
    with scope(cast.fabrique):
        record = member("Ana")
        edit = prepared(cast, "newsletter")
        group = people.create_group(by=None, name="Bois")
        for who in (cast.bob, cast.gus):
            with pytest.raises(NotAllowed):
                actions.prepare(by=who, records=[record], thing="newsletter", value={"newsletter": "1"}, name="x")
            for step in (steps.make, steps.undo, steps.forget):
                with pytest.raises(NotAllowed):
                    step(by=who, edit=edit)
        grants.give(by=cast.alice, person=cast.bob, action="members.register")
        bob = Person.objects.get(pk=cast.bob.pk)  # rights are read once for each object
        things = {one.key for one in queries.things(bob)}
        assert "status" in things
        assert "group-in" not in things
        with pytest.raises(Invalid):
            actions.prepare(by=bob, records=[record], thing="group-in", value={"group": group.pk}, name="x")
        with pytest.raises(Invalid):
            prepared(cast, "email")
        of_groups = prepared(cast, "group-in", group=group.pk, name="Bois")
        with pytest.raises(NotAllowed):
            steps.make(by=bob, edit=of_groups)
    for who, status in (("gus", 403), ("charlie", 404)):
        assert cast.client(who).get(f"{LIST}modifications/{edit.pk}/").status_code == status
        assert cast.client(who).post(f"{LIST}modifications/{edit.pk}/appliquer/").status_code == status
        assert cast.client(who).post(CHOOSE, {"which": "all"}).status_code == status


@pytest.mark.slow
def test_ten_thousand_are_changed_in_the_background_and_back(fabrique: Cast) -> None:
    many = LARGE
    crowd(many, years=1)
    sizes_are_known()
    started = time.perf_counter()
    edit = prepared(fabrique, "newsletter")
    looked = time.perf_counter()
    steps.make(by=fabrique.alice, edit=edit)
    edit.refresh_from_db()
    assert edit.state == ImportState.IMPORTING  # a job does it
    worker.run_all()
    done = time.perf_counter()
    assert Record.objects.filter(newsletter=True).count() == many
    undone(fabrique, edit)
    back = time.perf_counter()
    assert not Record.objects.filter(newsletter=True).exists()
    print(f"looked at {looked - started:.1f} s, made {done - looked:.1f} s, undone {back - done:.1f} s")  # noqa: T201


def test_a_work_that_stopped_half_way_goes_on_where_it_stopped(fabrique: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd(600, years=1)
    edit = prepared(fabrique, "newsletter")
    whole, chunks = actions.apply_rows, []

    def dying(*args: Any) -> None:
        chunks.append(1)
        if len(chunks) == 2:
            raise RuntimeError("the power goes")
        whole(*args)

    monkeypatch.setattr(steps, "apply_rows", dying)
    steps.make(by=fabrique.alice, edit=edit)
    worker.run_all()
    edit.refresh_from_db()
    assert edit.rows.filter(applied=True, outcome=Outcome.CHANGED).count() in {250, 600}
    if edit.state == ImportState.IMPORTING:
        steps.resume(by=fabrique.alice, edit=edit)
        worker.run_all()
    assert Record.objects.filter(newsletter=True).count() == 600
    assert Answer.objects.count() == 0
