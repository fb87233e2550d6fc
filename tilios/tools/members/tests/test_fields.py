"""The fields of the structure: every kind answered from the form, formulas that fail, answers never lost unsaid."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cast import Cast
from tilios.core.errors import Invalid, NotAllowed
from tilios.core.structures.scope import scope
from tilios.tools.members import actions, queries
from tilios.tools.members.models import Access, Field, FieldKind, Record
from tilios.tools.members.queries.answers import Trouble
from tilios.tools.members.tests.contract import member

BASE = "/s/la-fabrique/adhesions/"


def field(name: str, kind: str, **said: Any) -> Field:
    return actions.add_field(by=None, name=name, kind=kind, **said)


def test_every_kind_of_field_is_answered_from_the_form(cast: Cast) -> None:
    with scope(cast.fabrique):
        for kind in (FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.NUMBER, FieldKind.DATE, FieldKind.YES_NO):
            field(f"x {kind}", kind)
        field("x choice", FieldKind.CHOICE, choices=["Rouge", "Vert"])
        field("x choices", FieldKind.CHOICES, choices=["Vélo", "Bus"])
        field("x file", FieldKind.FILE)
        field("x formula", FieldKind.FORMULA, formula="x_number * 2")
    said = {
        "kind": "human", "given_name": "Ève", "champ_x_text": "mot", "champ_x_long_text": "a\nb",
        "champ_x_number": "1 200,5", "champ_x_date": "2020-01-31", "champ_x_yes_no": "non", "champ_x_choice": "Vert",
        "champ_x_choices": ["Vélo", "Bus"], "champ_x_file": SimpleUploadedFile("page.html", b"<script>1</script>"),
    }  # fmt: skip
    assert cast.client("alice").post(f"{BASE}fiches/nouvelle/", said).status_code == 302
    with scope(cast.fabrique):
        record = Record.objects.get()
        answers = queries.answers_of([record], queries.fields())[record.pk]
    assert (answers["x_text"], answers["x_number"]) == ("mot", Decimal("1200.5"))
    assert (answers["x_date"], answers["x_yes_no"], answers["x_choice"]) == (date(2020, 1, 31), False, "Vert")
    assert (answers["x_choices"], answers["x_formula"]) == (["Vélo", "Bus"], 2401.0)
    file = cast.client("alice").get(f"{BASE}fiches/{record.pk}/fichiers/x_file/")
    assert file["Content-Disposition"].startswith("attachment")


def test_a_formula_that_fails_for_a_member_is_a_sentence_and_the_list_stands(cast: Cast) -> None:
    with scope(cast.fabrique):
        field("parts", FieldKind.NUMBER)
        formula = field("part", FieldKind.FORMULA, formula="100 / parts", in_list=True)
        record = member()
        value = queries.answers_of([record], [formula])[record.pk]["part"]
        assert isinstance(value, Trouble)
    shown = cast.client("alice").get(BASE)
    assert shown.status_code == 200
    assert "Dupont" in shown.content.decode()


@pytest.mark.parametrize("formula", ["", "inconnu + 1", "().__class__", "1 +"])
def test_a_formula_that_cannot_be_read_is_not_kept(cast: Cast, formula: str) -> None:
    with scope(cast.fabrique), pytest.raises(Invalid) as refused:
        field("part", FieldKind.FORMULA, formula=formula)
    assert refused.value.field == "formula"


def test_no_change_of_a_field_loses_an_answer(cast: Cast) -> None:
    with scope(cast.fabrique):
        colour = field("couleur", FieldKind.CHOICE, choices=["Rouge", "Vert"])
        member(answers={"couleur": "Vert"})
        with pytest.raises(Invalid, match="1 "):
            actions.change_field(by=None, field=colour, kind=FieldKind.NUMBER)
        with pytest.raises(Invalid, match="Vert"):
            actions.change_field(by=None, field=colour, choices=["Rouge"])
        assert actions.change_field(by=None, field=colour, choices=["Vert"]).choices == ["Vert"]
        assert actions.remove_field(by=None, field=colour) == 1


def test_fields_are_put_in_another_order(cast: Cast) -> None:
    with scope(cast.fabrique):
        first, _second, third = (field(name, FieldKind.TEXT) for name in ("un", "deux", "trois"))
        actions.move_field(by=None, field=third, steps=-1)
        actions.move_field(by=None, field=first, steps=-1)
        assert [one.name for one in queries.fields()] == ["un", "trois", "deux"]


def test_a_member_answers_the_fields_left_to_them_and_no_other(cast: Cast) -> None:
    with scope(cast.fabrique):
        field("taille", FieldKind.TEXT, seen_by=Access.MEMBER, changed_by=Access.MEMBER)
        field("casier", FieldKind.TEXT, seen_by=Access.KEEPERS, changed_by=Access.KEEPERS)
        record = actions.add_record(by=None, person=cast.bob, answers={"casier": "confidentiel"})
        actions.change_record(by=cast.bob, record=record, answers={"taille": "M"})
        with pytest.raises(NotAllowed):
            actions.change_record(by=cast.bob, record=record, answers={"casier": "autre"})
    shown = cast.client("bob").get(f"{BASE}fiches/{record.pk}/").content.decode()
    assert "taille" in shown
    assert "confidentiel" not in shown
