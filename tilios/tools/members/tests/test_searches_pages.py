"""The pages of searches: conditions added and taken away without any script, found, kept, and to whom."""

import json
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given as whatever
from hypothesis import strategies as st

from tests.cast import Cast
from tilios.core.access import grants
from tilios.core.journal.models import Entry
from tilios.tools.members.forms import searching as form
from tilios.tools.members.models import Field, SavedSearch
from tilios.tools.members.queries.searching import DEEPEST
from tilios.tools.members.tests.contract import member

BASE = "/s/la-fabrique/adhesions/recherches/"
LILLE = {"field": "town", "test": "is_text", "value": "lille"}

lines = st.fixed_dictionaries({name: st.text(max_size=9) for name in ("field", "test", "value")})


def nested(depth: int) -> st.SearchStrategy[dict[str, Any]]:
    below = lines if depth == 1 else st.one_of(lines, nested(depth - 1))
    return st.builds(lambda kind, nodes: {kind: nodes}, st.sampled_from(["all", "any"]), st.lists(below, max_size=3))


@whatever(nested(2))
def test_what_is_drawn_is_read_back(tree: dict[str, Any]) -> None:
    assert form.read_tree(form.query_of(tree)) == tree


@whatever(
    st.dictionaries(st.from_regex(r"\A[fgtv]-0(-\d{1,3}){0,6}\Z"), st.text(max_size=5), max_size=20),
    st.text(max_size=12),
)
def test_whatever_comes_is_a_tree_and_no_button_breaks_it(fields: dict[str, str], button: str) -> None:
    query = QueryDict(mutable=True)
    query.update(fields)
    tree = form.press(form.read_tree(query), button)
    assert isinstance(form.filled(tree), dict)


def test_lines_and_groups_are_added_and_taken_away() -> None:
    tree = {"all": [dict(LILLE)]}
    tree = form.press(tree, "group-0")
    tree = form.press(tree, "line-0-1")
    assert tree == {"all": [LILLE, {"any": [form.blank_line(), form.blank_line()]}]}
    assert form.press(tree, "line-0-0") == tree
    tree = form.press(tree, "drop-0-1-0")
    assert form.filled(tree) == {"all": [LILLE]}
    assert form.press(tree, "drop-0-1") == {"all": [LILLE]}


def test_a_search_is_put_together_press_by_press(fabrique: Cast) -> None:
    member("Zoé", town="Lille")
    member("Yann", town="Brest")
    client = fabrique.client("manon")
    page = client.get(BASE, {"g-0": "all", "f-0-0": "town", "do": "refresh"})
    assert 'name="t-0-0"' in page.content.decode()
    page = client.get(BASE, {"g-0": "all", "f-0-0": "town", "t-0-0": "contains", "v-0-0": "LILLE", "do": "line-0"})
    assert page.context["page"] is None
    assert 'value="LILLE"' in page.content.decode()
    assert 'name="f-0-1"' in page.content.decode()
    page = client.get(BASE, {"g-0": "all", "f-0-0": "town", "t-0-0": "contains", "v-0-0": "LILLE", "f-0-1": ""})
    assert [record.person.given_name for record in page.context["page"]] == ["Zoé"]


def test_a_value_that_is_missing_is_asked_for_and_nothing_is_lost(fabrique: Cast) -> None:
    answer = fabrique.client("manon").get(BASE, {"g-0": "any", "f-0-0": "age", "t-0-0": "more", "v-0-0": "vieux"})
    assert answer.status_code == 422
    assert 'value="vieux"' in answer.content.decode()
    assert answer.context["error"]


def test_the_deepest_group_still_searches(fabrique: Cast) -> None:
    client, tree = fabrique.client("manon"), {"all": [dict(LILLE)]}
    for depth in range(DEEPEST + 2):
        tree = form.press(tree, "group-0" + "-1" * depth)
    page = client.get(BASE + "?" + form.query_of(tree).urlencode())
    assert page.status_code == 200
    path = "group-0" + "-1" * (DEEPEST - 1)
    assert f'value="{path}"' not in page.content.decode()


def test_a_search_is_kept_changed_found_again_and_forgotten(fabrique: Cast) -> None:
    member("Zoé", town="Lille")
    client = fabrique.client("manon")
    assert (
        client.post(BASE + "enregistrer/", {"name": "Lillois", "conditions": json.dumps({"all": [LILLE]})}).status_code
        == 302
    )
    kept = SavedSearch.objects.get()
    page = client.get(f"{BASE}{kept.pk}/")
    assert [record.person.given_name for record in page.context["page"]] == ["Zoé"]
    changed = {"name": "Nordistes", "conditions": json.dumps({"any": [LILLE]}), "search": kept.pk}
    assert client.post(BASE + "enregistrer/", changed).status_code == 302
    kept.refresh_from_db()
    assert (kept.name, kept.conditions) == ("Nordistes", {"any": [LILLE]})
    client.post(f"{BASE}{kept.pk}/oublier/")
    assert not SavedSearch.objects.exists()


def test_what_is_found_is_taken_as_a_sheet_and_each_sees_it(fabrique: Cast) -> None:
    found = member("Zoé", town="Lille")
    member("Yann", town="Brest")
    given = {"conditions": json.dumps({"all": [LILLE]}), "format": "csv"}
    sheet = fabrique.client("manon").post(BASE + "export/", given).content.decode("utf-8-sig")
    assert "Zoé" in sheet
    assert "Yann" not in sheet
    assert Entry.objects.get(verb="people.read").subject == found.person_id
    assert fabrique.client("bob").post(BASE + "export/", given).status_code == 403
    assert fabrique.client("manon").post(BASE + "export/", given | {"format": "exe"}).status_code == 422


@pytest.mark.parametrize(
    ("name", "conditions"),
    [("", "{}"), ("tout LE monde", "{}"), ("Neuve", "[]"), ("Neuve", "{"), ("Neuve", '{"all": [{"field": "pwd"}]}')],
)
def test_a_search_that_cannot_be_is_not_kept(fabrique: Cast, name: str, conditions: str) -> None:
    SavedSearch.objects.create(name="Tout le monde", conditions={"all": []})
    answer = fabrique.client("manon").post(BASE + "enregistrer/", {"name": name, "conditions": conditions})
    assert answer.status_code == 422
    assert SavedSearch.objects.count() == 1


def test_searches_are_for_those_who_read_the_whole_register(fabrique: Cast) -> None:
    Field.objects.create(name="Suivi", key="suivi", seen_by="keepers")
    on_secret = {"all": [{"field": "champ-suivi", "test": "filled", "value": ""}]}
    kept = SavedSearch.objects.create(name="Suivis", conditions=on_secret)
    for who in ("bob", "gus"):
        for path in ("", f"{kept.pk}/"):
            assert fabrique.client(who).get(BASE + path).status_code == 403
        assert fabrique.client(who).post(f"{BASE}{kept.pk}/oublier/").status_code == 403
    grants.give(by=fabrique.alice, person=fabrique.bob, action="members.money")
    treasurer = fabrique.client("bob")
    assert "Suivi" not in treasurer.get(BASE).content.decode()
    assert treasurer.get(f"{BASE}{kept.pk}/").status_code == 404
    assert treasurer.post(f"{BASE}{kept.pk}/oublier/").status_code == 404
    assert (
        treasurer.get(BASE, {"g-0": "all", "f-0-0": "note", "t-0-0": "filled"}).context["conditions"] == '{"all": []}'
    )
