"""Pages for people of the structure, in each role; forms that keep what was typed."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cast import Cast
from tilios.core.people.models import Role
from tilios.core.structures.scope import scope
from tilios.tools.colours import actions, demo
from tilios.tools.colours.drafts import Draft
from tilios.tools.colours.models import Answer, Remark, Session
from tilios.tools.colours.tests.contract import colours, first_of, give, objects, open_session, picture

BASE = "/s/la-fabrique/vote-colore/"
VIEWS = ("spectre", "mosaique-triee", "mosaique", "carte", "enonce", "groupes", "tours")


def body(client: Client, path: str = "", status: int = 200) -> str:
    response = client.get(BASE + path)
    assert response.status_code == status, response.content
    return response.content.decode()


def settings(*statements: str, **more: Any) -> dict[str, Any]:
    """The form of a session as a browser sends it, with nothing unfolded."""
    sent = {
        "title": "Notre lieu", "introduction": "", "identity": "named", "electorate": "members", "least_role": "20",
        "group": "", "guests": "on", "remarks": "on", "results": "open", "deadline_day": "", "deadline_hour": "",
        "reminder_h": "", "timezone": "Europe/Paris", "tell": "on", "preset": "agreement5", "lines": "",
        "s-TOTAL_FORMS": len(statements), "s-INITIAL_FORMS": 0, "c-TOTAL_FORMS": 0, "c-INITIAL_FORMS": 0,
    }  # fmt: skip
    for number, text in enumerate(statements):
        sent |= {f"s-{number}-text": text, f"s-{number}-ORDER": str(number + 1)}
    return sent | more


@pytest.mark.parametrize("who", ["gus", "bob", "manon", "alice"])
def test_every_role_sees_the_sessions_that_ask_it(cast: Cast, who: str) -> None:
    with scope(cast.fabrique):
        everybody = open_session(cast.alice, title="Pour tous", least_role=Role.GUEST)
        managers = open_session(cast.alice, title="Pour responsables", least_role=Role.MANAGER)
    page = body(cast.client(who))
    assert "Pour tous" in page
    body(cast.client(who), f"{everybody.pk}/")
    is_manager = who in {"manon", "alice"}
    assert ("Pour responsables" in page) is is_manager
    body(cast.client(who), f"{managers.pk}/", 200 if is_manager else 404)
    assert (f"{BASE}nouveau/" in page) is (who != "gus")


def test_the_empty_lists_teach_how_to_begin(cast: Cast) -> None:
    assert f"{BASE}nouveau/" in body(cast.client("bob"))
    for tab in ("attente", "clos"):
        assert "empty" in body(cast.client("bob"), f"?onglet={tab}")
    assert "Météo" in body(cast.client("bob"), "nouveau/")


def test_a_set_of_the_library_fills_the_form(cast: Cast) -> None:
    page = body(cast.client("bob"), "nouveau/session/?modele=usagers")
    assert "Les prix sont justes" in page
    assert "Les prix sont justes" not in body(cast.client("bob"), "nouveau/session/?modele=inconnu")


def test_a_session_is_made_without_a_script_then_changed(cast: Cast) -> None:
    bob = cast.client("bob")
    sent = settings("L'accueil", "", lines="1. Les horaires | du soir\n- Les prix\n")
    response = bob.post(BASE + "nouveau/session/", sent)
    assert response.status_code == 302, response.content.decode()
    with scope(cast.fabrique):
        session = Session.objects.get()
        texts = [(one.text, one.explanation) for one in session.statements.all()]
        assert texts == [("L'accueil", ""), ("Les horaires", "du soir"), ("Les prix", "")]
        first = first_of(session)
    sent = settings("Le café", "L'accueil du matin", title="Notre lieu, bis") | {"s-1-pk": first, "s-1-ORDER": "0"}
    assert bob.post(f"{BASE}{session.pk}/modifier/", sent).status_code == 302
    with scope(cast.fabrique):
        assert [one.text for one in session.statements.all()] == ["L'accueil du matin", "Le café"]
        assert first_of(session) == first


def test_pasted_lines_become_rows_and_nothing_is_made(cast: Cast) -> None:
    sent = settings("Déjà là", paste="1", lines="Une\nDeux | pourquoi")
    page = cast.client("bob").post(BASE + "nouveau/session/", sent).content.decode()
    assert "Déjà là" in page
    assert ">\nDeux</textarea>" in page
    with scope(cast.fabrique):
        assert not Session.objects.exists()


def test_a_sheet_of_statements_becomes_rows_and_what_is_no_sheet_is_refused_with_the_rest_kept(cast: Cast) -> None:
    client, url = cast.client("alice"), BASE + "nouveau/session/"
    typed = settings("Le repas", paste="1", lines="Le pain")
    sheet = SimpleUploadedFile("enonces.csv", "Le café;du matin\nLa soupe;\n".encode())
    page = client.post(url, typed | {"sheet": sheet}).content.decode()
    assert all(words in page for words in ("Le repas", "Le pain", "Le café", "du matin", "La soupe"))
    refused = client.post(url, typed | {"sheet": SimpleUploadedFile("x.csv", b"\x89PNG\r\n\x1a\n\0\0")})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert 'id="sheet-problem"' in page
    assert all(words in page for words in ("Le repas", "Le pain"))
    with scope(cast.fabrique):
        assert not Session.objects.exists()


def test_a_refused_form_says_why_and_keeps_what_was_typed(cast: Cast) -> None:
    for wrong in (
        {"title": ""},
        {"deadline_hour": "18:00"},
        {"preset": "own", "label_0": "Oui", "label_1": "Non"},
        {"electorate": "nobody", "guests": ""},
        {"identity": "martian"},
    ):
        response = cast.client("bob").post(BASE + "nouveau/session/", settings("Je garde ceci") | wrong)
        assert response.status_code == 422, wrong
        assert "Je garde ceci" in response.content.decode()
    with scope(cast.fabrique):
        assert not Session.objects.exists()


def test_words_of_ones_own_make_a_scale(cast: Cast) -> None:
    words = {"preset": "own", "label_0": "Chaud", "label_1": "Tiède", "label_2": "Froid"}
    assert cast.client("bob").post(BASE + "nouveau/session/", settings("Le temps", **words)).status_code == 302
    with scope(cast.fabrique):
        scale = Session.objects.get().levels
    assert [level.label for level in scale.levels] == ["Chaud", "Tiède", "Froid"]
    assert scale.weights == (3.0, 2.0, 1.0)


def test_answers_without_a_script_and_one_tap_with_one(cast: Cast) -> None:
    with scope(cast.fabrique):
        session = open_session(cast.alice)
        one, two, three = session.statements.values_list("pk", flat=True)
    bob = cast.client("bob")
    sent = {f"a-{one}": "0", f"a-{two}": "-1", f"a-{three}": "", f"r-{one}": "Parfait"}
    assert bob.post(f"{BASE}{session.pk}/repondre/", sent).status_code == 302
    page = body(bob, f"{session.pk}/")
    assert "Parfait" in page
    tapped = bob.post(f"{BASE}{session.pk}/repondre/{three}/", {f"a-{three}": "4", f"a-{one}": "3"})
    assert "3 sur 3" in tapped.content.decode()
    with scope(cast.fabrique):
        assert sorted(Answer.objects.values_list("value", flat=True)) == [-1, 0, 4]


@pytest.mark.parametrize("value", ["9", "-7", "rouge", "१"])
def test_a_colour_that_is_not_offered_is_refused_with_the_rest_kept(cast: Cast, value: str) -> None:
    with scope(cast.fabrique):
        session = open_session(cast.alice)
        one, two, _three = session.statements.values_list("pk", flat=True)
    sent = {f"a-{one}": value, f"a-{two}": "1", f"r-{two}": "À garder"}
    response = cast.client("bob").post(f"{BASE}{session.pk}/repondre/", sent)
    assert response.status_code == 422
    assert "À garder" in response.content.decode()


def test_a_session_closed_while_somebody_answers_keeps_their_screen(cast: Cast) -> None:
    with scope(cast.fabrique):
        session = open_session(cast.alice)
        one = first_of(session)
        actions.close_session(by=cast.alice, session=session)
    response = cast.client("bob").post(f"{BASE}{session.pk}/repondre/", {f"a-{one}": "4", f"r-{one}": "Trop froid"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Trop froid" in page
    assert "Ce vote est clos" in page
    tapped = cast.client("bob").post(f"{BASE}{session.pk}/repondre/{one}/", {f"a-{one}": "4"})
    assert tapped.status_code == 422
    assert "Ce vote est clos" in tapped.content.decode()


def test_a_secret_answer_is_found_again_on_the_device_that_gave_it(cast: Cast) -> None:
    with scope(cast.fabrique):
        session = open_session(cast.alice, identity="secret")
        one = first_of(session)
    bob, other = cast.client("bob"), Client()
    other.force_login(cast.bob.account)
    bob.post(f"{BASE}{session.pk}/repondre/{one}/", {f"a-{one}": "2"})
    bob.post(f"{BASE}{session.pk}/repondre/{one}/", {f"a-{one}": "3"})
    assert "1 sur 3" in body(bob, f"{session.pk}/")
    page = body(other, f"{session.pk}/")
    assert "autre appareil" in page
    assert other.post(f"{BASE}{session.pk}/repondre/", {f"a-{one}": "0"}).status_code == 409
    with scope(cast.fabrique):
        assert Answer.objects.get().value == 3


def test_every_view_is_drawn_from_the_demonstration_in_both_palettes(cast: Cast) -> None:
    with scope(cast.fabrique):
        demo.load(cast.alice)
        session = Session.objects.get(title__startswith="Que pensez")
    client = cast.client("bob")
    for palette in ("classic", "safe"):
        sent = {"palette": palette, "next": f"{BASE}{session.pk}/resultats/"}
        assert client.post(BASE + "palette/", sent)["Location"] == sent["next"]
        for view in VIEWS:
            page = body(client, f"{session.pk}/resultats/{view}/?tour=2")
            assert "<svg" in page, view
            assert f"palette-{palette}" in page
    assert "chaudière" in body(client, f"{session.pk}/resultats/?tour=1")
    for form, head in (("csv", b"\xef\xbb\xbf"), ("ods", b"PK"), ("svg", b"<?xml"), ("png", b"\x89PNG")):
        response = client.get(f"{BASE}{session.pk}/resultats.{form}?tour=1")
        content = b"".join(response) if response.streaming else response.content
        assert response.status_code == 200, form
        assert content.startswith(head), form
    body(client, f"{session.pk}/resultats.exe", 404)
    body(client, f"{session.pk}/resultats/inconnue/", 404)


def test_the_palette_sends_nobody_elsewhere(cast: Cast) -> None:
    for away in ("https://ailleurs.example/", "//ailleurs.example/", "/\\ailleurs.example"):
        response = cast.client("bob").post(BASE + "palette/", {"palette": "safe", "next": away})
        assert "ailleurs" not in response["Location"]


@pytest.mark.parametrize("results", ["answered", "closed", "revealed"])
def test_hidden_results_are_in_no_page_and_no_file(cast: Cast, results: str) -> None:
    with scope(cast.fabrique):
        session = open_session(cast.alice, results=results)
        give(session, cast.manon, 4, 4, 4, remarks={first_of(session): "Le secret de Manon"})
    for who in ("bob", "alice"):
        client = cast.client(who)
        for view in VIEWS[:5]:
            page = body(client, f"{session.pk}/resultats/{view}/")
            assert '<svg class="chart' not in page
            assert "Le secret de Manon" not in page
        for form in ("csv", "ods", "svg", "png", "pdf"):
            body(client, f"{session.pk}/resultats.{form}", 403)
    with scope(cast.fabrique):
        give(session, cast.bob, 0)
    seen = "Le secret de Manon" in body(cast.client("bob"), f"{session.pk}/resultats/")
    assert seen is (results == "answered")
    with scope(cast.fabrique):
        actions.close_session(by=cast.alice, session=session)
    assert "Le secret de Manon" in body(cast.client("bob"), f"{session.pk}/resultats/")


def test_the_animator_goes_through_reveals_and_keeps_time(cast: Cast) -> None:
    with scope(cast.fabrique):
        session = open_session(cast.alice, results="revealed")
        give(session, cast.bob, 0, 1, 2)
    alice, base = cast.client("alice"), f"{BASE}{session.pk}/animer/"
    assert alice.get(base).status_code == 200
    assert alice.post(base + "enonce/", {"step": "1"}).status_code == 302
    panel = body(alice, f"{session.pk}/animer/ecran/")
    assert "L&#x27;accueil" in panel
    assert '<svg class="chart' not in panel
    assert '<svg class="chart' not in body(cast.client("bob"), f"{session.pk}/resultats/")
    shown = alice.post(base + "couleurs/", {"shown": "1"}, headers={"HX-Request": "true"}).content.decode()
    assert "stage-picture" in shown
    assert "L&#x27;accueil" in body(cast.client("bob"), f"{session.pk}/resultats/")
    assert alice.post(base + "minuteur/", {"seconds": "60", "running": "1"}).status_code == 302
    assert "data-ends" in body(alice, f"{session.pk}/animer/ecran/")
    assert alice.post(base + "minuteur/", {"seconds": "999999", "running": "1"}).status_code == 422
    assert cast.client("bob").post(base + "enonce/", {"step": "1"}).status_code == 403


def test_the_animator_does_not_break_a_promise(cast: Cast) -> None:
    with scope(cast.fabrique):
        session = open_session(cast.alice, results="closed")
    alice, base = cast.client("alice"), f"{BASE}{session.pk}/animer/"
    alice.post(base + "enonce/", {"step": "1"})
    assert alice.post(base + "couleurs/", {"shown": "1"}).status_code == 409


def test_sheets_are_keyed_in_one_after_the_other(cast: Cast) -> None:
    with scope(cast.fabrique):
        session = open_session(cast.alice)
        one = first_of(session)
    alice, url = cast.client("alice"), f"{BASE}{session.pk}/saisir/"
    assert 'data-key="b"' in body(alice, f"{session.pk}/saisir/")
    assert alice.post(url, {f"a-{one}": "0", "name": "Rosa", "again": "1"})["Location"] == url
    refused = alice.post(url, {f"a-{one}": "4", "name": "rosa"})
    assert refused.status_code == 409
    assert 'value="rosa"' in refused.content.decode()
    assert alice.post(url, {"name": "Vide"}).status_code == 422
    assert cast.client("bob").get(url).status_code == 403


def test_remarks_are_read_in_the_order_of_colours_and_marked(cast: Cast) -> None:
    with scope(cast.fabrique):
        session = open_session(cast.alice)
        one = first_of(session)
        for person, value, text in ((cast.bob, 4, "ROUGE"), (cast.alice, -1, "BLANC"), (cast.manon, 0, "VERT")):
            give(session, person, value, remarks={one: text})
        remark = Remark.objects.get(text="ROUGE")
    page = body(cast.client("alice"), f"{session.pk}/resultats/")
    assert page.index("VERT") < page.index("ROUGE") < page.index("BLANC")
    url = f"{BASE}{session.pk}/remarques/{remark.pk}/"
    assert cast.client("alice").post(url, {"discussed": "1"}).status_code == 302
    assert cast.client("bob").post(url, {"discussed": "0"}).status_code == 403
    with scope(cast.fabrique):
        remark.refresh_from_db()
        assert remark.discussed


def test_pictures_links_and_the_other_pages_answer(cast: Cast) -> None:
    with scope(cast.fabrique):
        values = objects(cast.alice)
        plain = open_session(cast.alice, drafts=[Draft("A", "Pourquoi", "https://example.org", picture())])
    alice, pk = cast.client("alice"), values["pk"]
    assert alice.get(f"{BASE}{pk}/image/{values['statement_pk']}/")["Content-Type"].startswith("image/")
    for path in (
        "participation/",
        "invitations/",
        "modifier/",
        "copier/",
        "importer/",
        f"saisir/{values['voice_pk']}/",
    ):
        body(alice, f"{pk}/{path}")
    assert "example.org" in body(alice, f"{plain.pk}/")


def test_closing_deleting_and_a_new_round_can_be_undone_or_refused(cast: Cast) -> None:
    with scope(cast.fabrique):
        session = open_session(cast.alice)
    alice, url = cast.client("alice"), f"{BASE}{session.pk}/"
    alice.post(url + "tour/")  # nobody has answered: nothing to compare
    with scope(cast.fabrique):
        assert session.rounds.count() == 1
        give(session, cast.bob, 0)
    alice.post(url + "tour/")
    alice.post(url + "clore/")
    body(alice, f"{session.pk}/rouvrir/")
    assert alice.post(url + "rouvrir/", {"deadline_day": "2001-01-01"}).status_code == 422
    assert alice.post(url + "rouvrir/", {}).status_code == 302
    alice.post(url + "supprimer/")
    body(alice, f"{session.pk}/", 404)
    assert "Que pensez-vous du lieu" in body(alice, "?onglet=clos")
    alice.post(url + "restaurer/")
    with scope(cast.fabrique):
        session.refresh_from_db()
        assert session.is_open
        assert session.rounds.count() == 2
        assert colours(session, 0)
