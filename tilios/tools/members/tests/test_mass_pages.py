"""The pages that change many members: from the list and from a search to the preview, and back to the list."""

import json

import pytest

from tests.cast import Cast
from tilios.core.structures.scope import scope
from tilios.tools.members.models import MassEdit, Record, Status
from tilios.tools.members.tests.contract import member

LIST = "/s/la-fabrique/adhesions/"
CHOOSE = f"{LIST}modifications/choisir/"


def test_from_ticked_rows_to_the_list_with_its_filter(cast: Cast) -> None:
    with scope(cast.fabrique):
        records = [member(name, town="Lille") for name in ("Ana", "Léa", "Jo")]
        Status.objects.create(name="Honneur")
        status = Status.objects.get()
    client = cast.client("manon")
    page = client.get(f"{LIST}?q=lille").content.decode()
    assert page.count('name="pick"') == 3
    assert 'form="mass-form"' in page
    said = {"query": "q=lille", "which": "ticked", "pick": [str(one.pk) for one in records[:2]]}
    page = client.post(CHOOSE, said).content.decode()
    assert "Modifier 2 membres" in page
    said["thing"] = "status"
    page = client.post(CHOOSE, said).content.decode()
    assert "Honneur" in page
    response = client.post(CHOOSE, said | {"step": "value", "status": str(status.pk)})
    assert response.status_code == 302
    page = client.get(response["Location"]).content.decode()
    assert "Rien n'est encore écrit" in page
    assert "Statut" in page
    assert client.post(f"{response['Location']}appliquer/").status_code == 302
    page = client.get(response["Location"]).content.decode()
    assert f'href="{LIST}?q=lille"' in page
    with scope(cast.fabrique):
        assert Record.objects.filter(status=status).count() == 2
    assert client.post(f"{response['Location']}annuler/").status_code == 302
    page = client.get(response["Location"]).content.decode()
    assert "2 fiches ont retrouvé" in page
    assert "Statut" in client.get(f"{LIST}modifications/").content.decode()


def test_all_that_match_and_those_a_search_finds(cast: Cast) -> None:
    with scope(cast.fabrique):
        for name in ("Ana", "Léa"):
            member(name, town="Lille")
        member("Jo", town="Brest")
    client = cast.client("alice")
    said = {"query": "q=lille", "which": "all", "thing": "newsletter", "step": "value", "answer": "oui"}
    client.post(CHOOSE, said)
    conditions = {"all": [{"field": "town", "test": "is_text", "value": "brest"}]}
    found = client.get(f"{LIST}recherches/?g-0=all&f-0-0=town&t-0-0=is_text&v-0-0=brest&do=search").content.decode()
    assert 'id="mass-form"' in found
    del said["query"]
    client.post(CHOOSE, said | {"conditions": json.dumps(conditions)})
    with scope(cast.fabrique):
        assert [edit.total for edit in MassEdit.objects.order_by("pk")] == [2, 1]
        last = MassEdit.objects.order_by("pk").last()
        assert last is not None
        assert "v-0-0=brest" in last.back
    assert client.post(f"{LIST}modifications/{last.pk}/oublier/")["Location"] == last.back
    with scope(cast.fabrique):
        assert MassEdit.objects.count() == 1


@pytest.mark.parametrize(
    ("thing", "typed", "kept"),
    [
        ("left_on", {"on": "avant-hier ou presque", "reason": "Déménagement"}, "avant-hier ou presque"),
        ("status", {"status": "999999"}, "Honneur"),
        ("newsletter", {}, "oui"),
        ("group-in", {"group": ""}, "Groupe"),
    ],
)
def test_a_wrong_value_keeps_what_was_typed(cast: Cast, thing: str, typed: dict[str, str], kept: str) -> None:
    with scope(cast.fabrique):
        member("Ana")
        Status.objects.create(name="Honneur")
    response = cast.client("alice").post(CHOOSE, {"which": "all", "thing": thing, "step": "value", **typed})
    assert response.status_code == 422
    assert kept in response.content.decode()
    with scope(cast.fabrique):
        assert not MassEdit.objects.exists()


def test_nobody_ticked_or_somebody_of_elsewhere_is_refused(cast: Cast) -> None:
    with scope(cast.atelier):
        stranger = member("Zoé")
    with scope(cast.fabrique):
        member("Ana")
    client = cast.client("alice")
    for picked in ([], [str(stranger.pk)], ["x"], ["9" * 30]):
        response = client.post(CHOOSE, {"which": "ticked", "pick": picked, "thing": "newsletter"})
        assert response.status_code == 422, picked
    assert client.post(CHOOSE, {"which": "all", "conditions": "{"}).status_code == 422
