"""The structure decides how one joins online: its forms, their words and versions, their address, a look before."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cast import Cast
from tilios.core.structures.scope import scope
from tilios.tools.members.actions.joining import apply_to_join
from tilios.tools.members.actions.kinds import archive_kind
from tilios.tools.members.models import Application, ApplicationState, DuesKind, JoinForm, Rate, Status
from tilios.tools.members.tests.contract import dues
from tilios.tools.members.tests.joining_values import application, join_form

SETTINGS = "/s/la-fabrique/adhesions/reglages/adhesion-en-ligne/"
PUBLIC = "/s/la-fabrique/adhesions/rejoindre/"


def typed(kind: DuesKind, **more: Any) -> dict[str, Any]:
    return {
        "title": "Rejoindre l'atelier", "slug": "", "introduction": "**Bienvenue** <script>", "kinds": [kind.pk],
        "most_family": 3, "agreements": ["newsletter"], "consent_text": "Gardé pour l'adhésion.", "mode": "accepted",
        "role": 10, "means": ["transfer", "cash"], "kept_days": 30, "is_open": "on", "ask_birth_date": "required",
        "ask_mobile": "optional",
    } | more  # fmt: skip


def test_a_form_is_made_seen_and_changed(fabrique: Cast) -> None:
    kind, alice = dues().kind, fabrique.client("alice")
    assert "Aucun formulaire" in alice.get(SETTINGS).content.decode()
    answer = alice.post(f"{SETTINGS}nouveau/", typed(kind))
    form = JoinForm.objects.get()
    assert answer["Location"] == f"{SETTINGS}{form.pk}/"
    assert (form.slug, form.asked) == ("rejoindre-l-atelier", {"birth_date": "required", "mobile": "optional"})
    page = alice.get(f"{SETTINGS}{form.pk}/").content.decode()
    assert f"{PUBLIC}rejoindre-l-atelier/" in page
    assert '<svg class="qr"' in page
    public = Client().get(f"{PUBLIC}rejoindre-l-atelier/").content.decode()
    assert "<strong>Bienvenue</strong>" in public
    assert "<script>" not in public.split("<main")[1].split("</main>")[0]
    assert "je souhaite recevoir" in public.lower()
    assert "annuaire" not in public
    alice.post(f"{SETTINGS}{form.pk}/modifier/", typed(kind, title="Adhérer", slug="adherer"))
    form.refresh_from_db()
    assert (form.title, form.slug, form.consent_version) == ("Adhérer", "adherer", 1)


def test_new_words_about_data_are_a_new_version(fabrique: Cast) -> None:
    kind, alice = dues().kind, fabrique.client("alice")
    alice.post(f"{SETTINGS}nouveau/", typed(kind))
    form = JoinForm.objects.get()
    rate = Rate.objects.get()
    said = {"form": form, "people": [{"given_name": "Ada", "rate": rate, "amount_cents": 2000}]}
    first = apply_to_join(email="ada@example.org", **said)  # type: ignore[arg-type]
    alice.post(f"{SETTINGS}{form.pk}/modifier/", typed(kind, consent_text="Gardé deux ans."))
    form.refresh_from_db()
    second = apply_to_join(email="lou@example.org", **said | {"form": form})  # type: ignore[arg-type]
    assert (first.consent_version, first.consent_text) == (1, "Gardé pour l'adhésion.")
    assert (second.consent_version, second.consent_text) == (2, "Gardé deux ans.")


def test_what_is_wrong_is_said_and_what_was_typed_stays(fabrique: Cast) -> None:
    kind, alice = dues().kind, fabrique.client("alice")
    join_form("pris")
    wrong: tuple[dict[str, Any], ...] = (
        {"slug": "pris"}, {"kinds": []}, {"role": 30}, {"most_family": 99}, {"statutes_url": "pas une adresse"},
        {"opens_on": "2027-02-01", "closes_on": "2027-01-01"}, {"title": " "},
    )  # fmt: skip
    for more in wrong:
        answer = alice.post(f"{SETTINGS}nouveau/", typed(kind, **more))
        assert answer.status_code == 422, more
        assert "Gardé pour l&#x27;adhésion." in answer.content.decode(), more
    assert JoinForm.objects.count() == 1


def test_statutes_are_a_pdf_that_visitors_read(fabrique: Cast) -> None:
    kind, alice = dues().kind, fabrique.client("alice")
    page = SimpleUploadedFile("statuts.html", b"<script>alert(1)</script>")
    assert alice.post(f"{SETTINGS}nouveau/", typed(kind, statutes_sent=page)).status_code == 422
    pdf = SimpleUploadedFile("statuts 2026.pdf", b"%PDF-1.7 statuts")
    alice.post(f"{SETTINGS}nouveau/", typed(kind, statutes_sent=pdf))
    form = JoinForm.objects.get()
    public = f"{PUBLIC}{form.slug}/"
    assert f'href="{public}statuts/"' in Client().get(public).content.decode()
    answer: Any = Client().get(f"{public}statuts/")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 statuts"
    alice.post(f"{SETTINGS}{form.pk}/modifier/", typed(kind, statutes_removed="on"))
    assert Client().get(f"{public}statuts/").status_code == 404


def test_the_preview_shows_a_closed_form_and_sends_nothing(fabrique: Cast) -> None:
    form = join_form(is_open=False)
    page = fabrique.client("alice").get(f"{SETTINGS}{form.pk}/apercu/").content.decode()
    assert "Qui vous êtes" in page
    assert "disabled" in page
    assert fabrique.client("alice").post(f"{SETTINGS}{form.pk}/apercu/").status_code == 405


def test_a_rate_for_a_status_is_offered_where_the_form_gives_it(fabrique: Cast) -> None:
    form = join_form()
    status = Status.objects.create(name="Actif")
    rate = Rate.objects.get()
    rate.statuses.create(status=status)
    client = fabrique.client("alice")
    assert "Aucune cotisation de ce formulaire" in client.get(f"{SETTINGS}{form.pk}/").content.decode()
    JoinForm.objects.update(status=status)
    assert "Plein tarif" in Client().get(f"{PUBLIC}adherer/").content.decode()


def test_a_form_by_which_somebody_joined_is_closed_not_removed(fabrique: Cast) -> None:
    form, alice = join_form(), fabrique.client("alice")
    one = application(form)
    alice.post(f"{SETTINGS}{form.pk}/retirer/")
    assert JoinForm.objects.exists()
    Application.objects.filter(pk=one.pk).update(state=ApplicationState.REFUSED)
    alice.post(f"{SETTINGS}{form.pk}/retirer/")
    assert not JoinForm.objects.exists()


def test_dues_that_somebody_asks_for_are_archived_not_removed(fabrique: Cast) -> None:
    form = join_form()
    application(form)
    kind = form.kinds.get()
    archive_kind(by=fabrique.alice, kind=kind)
    kind.refresh_from_db()
    assert kind.is_archived


def test_only_those_who_decide_the_register_change_forms(fabrique: Cast) -> None:
    form, kind = join_form(), dues().kind
    for who in ("manon", "bob", "gus"):
        client = fabrique.client(who)
        for page in (SETTINGS, f"{SETTINGS}nouveau/", f"{SETTINGS}{form.pk}/", f"{SETTINGS}{form.pk}/apercu/"):
            assert client.get(page).status_code == 403, (who, page)
        assert client.post(f"{SETTINGS}nouveau/", typed(kind)).status_code == 403
        assert client.post(f"{SETTINGS}{form.pk}/retirer/").status_code == 403
    assert JoinForm.objects.count() == 1


def test_dues_of_another_structure_cannot_be_offered(cast: Cast) -> None:
    with scope(cast.atelier):
        theirs = join_form()
        kind = theirs.kinds.get()
    alice = cast.client("alice")
    assert alice.get(f"{SETTINGS}{theirs.pk}/modifier/").status_code == 404
    assert alice.post(f"{SETTINGS}{theirs.pk}/retirer/").status_code == 404
    assert alice.post(f"{SETTINGS}nouveau/", typed(kind)).status_code == 422
