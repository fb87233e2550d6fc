"""Joining online: asked without an account, confirmed from the mail, nothing in the register before."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from tests.cast import Cast
from tilios.core.billing.models import BillingProfile, Charge
from tilios.core.notify.models import Notification
from tilios.core.people.models import Invitation, Person
from tilios.core.people.roles import Role
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.tools.members.actions import add_record
from tilios.tools.members.actions.joining import forget_old
from tilios.tools.members.models import (
    Application,
    ApplicationState,
    Contribution,
    Field,
    FieldKind,
    JoinForm,
    Rate,
    Record,
)
from tilios.tools.members.queries import answers_of
from tilios.tools.members.tests.contract import member
from tilios.tools.members.tests.joining_values import join_form, new_kind

BASE = "/s/la-fabrique/adhesions/rejoindre/"
PAGE = f"{BASE}adherer/"


@pytest.fixture
def form(fabrique: Cast) -> JoinForm:
    return join_form(
        mode="at_once", asked={"birth_date": "optional", "address": "required"}, consent_text="Gardé pour cela."
    )


def typed(form: JoinForm, **more: Any) -> dict[str, Any]:
    rate = Rate.objects.filter(kind__in=form.kinds.all()).first()
    assert rate is not None
    return {
        "moi-given_name": "Ada", "moi-family_name": "Kerlouan", "moi-email": "Ada@Example.org", "moi-rate": rate.pk,
        "moi-street": "3 rue du Phare", "moi-postcode": "29890", "moi-town": "Brignogan", "means": "transfer",
        "consent": "on", "autres": "", "message": "Bonjour à vous",
    } | more  # fmt: skip


def send(form: JoinForm, client: Client | None = None, **more: Any) -> Any:
    return (client or Client()).post(PAGE, typed(form, **more))


def path_in(number: int = -1) -> str:
    """The path of the link in a letter."""
    return re.findall(r"https?://[^/\s]+(/s/\S+)", str(mail.outbox[number].body))[0]


def test_nothing_is_in_the_register_before_the_address_is_confirmed(fabrique: Cast, form: JoinForm) -> None:
    people = Person.objects.count()
    answer = send(form)
    assert answer.status_code == 302
    assert "Regardez votre courrier" in Client().get(answer["Location"]).content.decode()
    application = Application.objects.get()
    assert (application.state, application.email) == (ApplicationState.SENT, "ada@example.org")
    assert (application.consent_text, application.consent_version) == ("Gardé pour cela.", 1)
    assert (Record.objects.count(), Person.objects.count()) == (0, people)
    assert "20,00" in str(mail.outbox[0].body)
    manager = fabrique.client("manon")
    assert manager.get(f"/s/la-fabrique/adhesions/demandes/{application.pk}/").status_code == 404


def test_looking_at_the_link_confirms_nothing_the_button_does_once(fabrique: Cast, form: JoinForm) -> None:
    send(form)
    path = path_in()
    assert "Ada Kerlouan" in Client().get(path).content.decode()
    assert Application.objects.get().state == ApplicationState.SENT
    for _turn in range(2):
        assert Client().post(path).status_code == 302
    record = Record.objects.get()
    assert (record.person.email, record.person.town, record.person.role) == ("ada@example.org", "Brignogan", Role.GUEST)
    taken = Contribution.objects.get()
    assert (taken.record, taken.amount_cents, taken.origin, taken.state) == (record, 2000, "online", "expected")
    assert Charge.objects.get().payer == record.person
    assert Application.objects.get().record == record
    assert Invitation.objects.get().person == record.person
    assert not record.in_directory
    page = Client().get(path).content.decode()
    assert "Bienvenue" in page
    assert Notification.objects.filter(person=fabrique.manon).count() == 1
    assert not Notification.objects.filter(person=fabrique.bob).exists()


def test_the_letter_of_welcome_says_how_to_pay(fabrique: Cast, form: JoinForm) -> None:
    BillingProfile.objects.update_or_create(
        defaults={"legal_name": "La Fabrique", "iban": "FR7630006000011234567890189"}
    )
    JoinForm.objects.update(welcome="Ravis de vous compter parmi nous.")
    send(form)
    path = path_in()
    Client().post(path)
    letter = next(one for one in mail.outbox if "Bienvenue" in one.subject)
    for said in ("20,00", "FR76 3000 6000 0112 3456 7890 189", "KERLOUAN ADA", "Ravis de vous"):
        assert said in str(letter.body), said
    page = Client().get(path).content.decode()
    assert "FR76 3000 6000" in page
    assert "<svg" in page


def test_a_member_is_not_made_twice_and_the_page_says_nothing_of_it(fabrique: Cast, form: JoinForm) -> None:
    member("Ada", "Kerlouan", email="ADA@example.org")
    known, unknown = Client(), Client()
    first = known.get(send(form, known)["Location"]).content
    second = unknown.get(send(form, unknown, **{"moi-email": "eve@example.org"})["Location"]).content
    strip = re.compile(rb"csrfmiddlewaretoken[^>]*>|nonce-\S+|[?&]v=\S+")
    assert strip.sub(b"", first) == strip.sub(b"", second)
    already, other = mail.outbox
    assert "déjà membre" in already.subject
    assert "/mes-cotisations/" in str(already.body)
    assert "/demande/" not in str(already.body)
    assert "/demande/" in str(other.body)
    assert Record.objects.count() == 1


def test_another_address_of_a_member_and_that_of_a_login_count_too(fabrique: Cast, form: JoinForm) -> None:
    member("Ada", "Kerlouan", email="x@example.org", other_emails=["ada@example.org"])
    add_record(by=None, person=fabrique.bob)
    Person.objects.filter(pk=fabrique.bob.pk).update(email="")
    assert fabrique.bob.account is not None
    for email in ("ada@example.org", fabrique.bob.account.email):
        send(form, **{"moi-email": email})
        assert "déjà membre" in mail.outbox[-1].subject


def test_the_letter_is_sent_again_once(fabrique: Cast, form: JoinForm) -> None:
    page = send(form)["Location"]
    client = Client()
    assert "Envoyer la lettre à nouveau" in client.get(page).content.decode()
    for _turn in range(3):
        client.post(page)
    assert len(mail.outbox) == 2
    assert "Envoyer la lettre à nouveau" not in client.get(page).content.decode()


def test_a_link_is_good_for_two_days_for_its_form_and_structure(
    fabrique: Cast, form: JoinForm, monkeypatch: pytest.MonkeyPatch
) -> None:
    join_form("autre")
    send(form)
    path = path_in()
    for wrong in (path[:-4] + "/", path.replace("adherer", "autre")):
        assert Client().get(wrong).status_code == 404, wrong
    sent_page = send(form, **{"moi-email": "b@example.org"})["Location"]
    assert Client().get(sent_page.replace("envoye", "demande")).status_code == 404
    later = timezone.now().timestamp() + 49 * 3600
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert Client().post(path).status_code == 404
    assert not Record.objects.exists()


def test_what_is_wrong_is_said_and_what_was_typed_stays(fabrique: Cast, form: JoinForm) -> None:
    answer = send(form, **{"moi-town": "", "moi-email": "pas une adresse", "consent": "", "autres": "1",
                           "p1-given_name": "Lou", "p1-family_name": ""})  # fmt: skip
    assert answer.status_code == 422
    page = answer.content.decode()
    for kept in ('value="Ada"', 'value="pas une adresse"', 'value="Lou"', "Bonjour à vous", "3 rue du Phare"):
        assert kept in page, kept
    assert page.count("field--error") == 5
    assert not Application.objects.exists()
    assert not mail.outbox


def test_a_person_is_added_and_taken_out_without_losing_anything(fabrique: Cast, form: JoinForm) -> None:
    page = send(form, ajouter="1", **{"moi-email": ""})
    assert page.status_code == 200
    text = page.content.decode()
    assert 'name="p1-given_name"' in text
    assert "field--error" not in text
    assert 'value="Ada"' in text
    again = send(form, ajouter="1", autres="1", **{"p1-given_name": "Lou"}).content.decode()
    assert 'value="Lou"' in again
    assert 'name="p2-given_name"' in again
    less = send(form, retirer="1", autres="1,2", **{"p1-given_name": "Lou", "p2-given_name": "Jo"}).content.decode()
    assert 'value="Lou"' not in less
    assert 'value="Jo"' in less
    JoinForm.objects.update(most_family=1)
    full = send(form, ajouter="1", autres="1").content.decode()
    assert 'name="p2-given_name"' not in full


def test_a_family_joins_with_one_who_pays(fabrique: Cast, form: JoinForm) -> None:
    rate = Rate.objects.get()
    send(form, autres="4", **{"p4-given_name": "Lou", "p4-family_name": "Kerlouan", "p4-rate": rate.pk,
                              "p4-birth_date": "2015-03-02", "p4-in_directory": "on"})  # fmt: skip
    Client().post(path_in())
    lou, ada = Record.objects.order_by("-person__given_name")
    assert lou.family == ada.family is not None
    assert (lou.payer, ada.payer, lou.person.town, lou.person.email) == (ada, None, "Brignogan", "")
    assert (lou.in_directory, ada.in_directory) == (True, False)
    assert {charge.payer_id for charge in Charge.objects.all()} == {ada.person_id}
    assert Charge.objects.count() == 2


def test_programs_that_fill_everything_are_told_that_all_went_well(fabrique: Cast, form: JoinForm) -> None:
    answer = send(form, surname="x")
    assert answer.status_code == 302
    assert Client().get(answer["Location"]).status_code == 200
    assert not Application.objects.exists()


def test_one_address_is_written_to_a_few_times_only(fabrique: Cast, form: JoinForm) -> None:
    codes = [send(form).status_code for _turn in range(7)]
    assert codes[0] == 302
    assert codes[-1] == 422
    assert len(mail.outbox) < 7


def test_a_closed_form_takes_nothing(fabrique: Cast, form: JoinForm) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    for change in ({"is_open": False}, {"is_open": True, "opens_on": tomorrow}):
        JoinForm.objects.update(**change)
        answer = send(form)
        assert "fermé" in answer.content.decode()
        assert Client().get(BASE).status_code == 404
    assert not Application.objects.exists()


def test_the_short_address_leads_to_the_one_form_or_lists_them(fabrique: Cast, form: JoinForm) -> None:
    assert Client().get(BASE)["Location"] == PAGE
    join_form("jeunes", title="Adhérer jeune")
    page = Client().get(BASE).content.decode()
    assert "Adhérer jeune" in page


def test_another_structure_has_neither_the_form_nor_the_application(cast: Cast) -> None:
    with scope(cast.fabrique):
        form = join_form()
        send(form)
    path = path_in()
    assert Client().get(path).status_code == 200
    for page in (PAGE, path, BASE):
        assert Client().get(page.replace("la-fabrique", "l-atelier")).status_code == 404


def test_prices_are_settled_and_the_quotient_is_kept_nowhere(fabrique: Cast) -> None:
    kind = new_kind("à prix")
    kind.rates.all().delete()
    free = Rate.objects.create(kind=kind, name="Libre", pricing="free", amount_cents=1500, floor_cents=500)
    by_income = Rate.objects.create(kind=kind, name="QF", pricing="brackets", brackets=[[70000, 1000], [None, 4000]])
    young = Rate.objects.create(kind=kind, name="Jeune", amount_cents=700, max_age=17)
    house = Rate.objects.create(kind=kind, name="Asso", pricing="formula", formula="30 + 2 * head_count",
                                for_organisations=True)  # fmt: skip
    form = join_form(kind=kind, mode="accepted", consent_text="")
    wrong = {free: {}, by_income: {}, young: {"moi-birth_date": "1980-01-01"}, house: {}}
    for rate, more in wrong.items():
        answer = send(form, **{"moi-rate": rate.pk, "moi-kind": "human"} | more)
        assert answer.status_code == 422, rate
    assert send(form, **{"moi-rate": free.pk, "moi-amount": "4", "moi-kind": "human"}).status_code == 422
    right = (
        ({"moi-rate": free.pk, "moi-amount": "7,50"}, 750),
        ({"moi-rate": by_income.pk, "quotient": "650,37"}, 1000),
        ({"moi-rate": young.pk, "moi-birth_date": "2015-01-01"}, 700),
        (
            {"moi-rate": house.pk, "moi-kind": "organisation", "moi-organisation": "Épicerie", "moi-head_count": "5"},
            4000,
        ),
    )
    for number, (more, cents) in enumerate(right):
        more = {"moi-kind": "human", "moi-email": f"p{number}@example.org"} | more
        assert send(form, **more).status_code == 302, more
        application = Application.objects.get(email=f"p{number}@example.org")
        assert application.applicants.get().amount_cents == cents
    kept = [str(row) for row in Application.objects.values()] + [
        str(row) for one in Application.objects.all() for row in one.applicants.values()
    ]
    assert not [row for row in kept if "65037" in row or "650,37" in row or "650.37" in row]


def test_answers_to_fields_of_the_structure_reach_the_record(fabrique: Cast) -> None:
    form = join_form(mode="at_once")
    fields = [
        Field.objects.create(name="Taille", key="taille", kind=FieldKind.NUMBER, is_required=True),
        Field.objects.create(name="Envies", key="envies", kind=FieldKind.CHOICES, choices=["bois", "métal"]),
        Field.objects.create(name="Depuis", key="depuis", kind=FieldKind.DATE),
        Field.objects.create(name="Pièce", key="piece", kind=FieldKind.FILE),
    ]
    form.fields.set(fields)
    page = Client().get(PAGE).content.decode()
    assert "champ_taille" in page
    assert "champ_piece" not in page
    assert send(form).status_code == 422
    more = {"moi-champ_taille": "1,75", "moi-champ_envies": ["bois", "métal"], "moi-champ_depuis": "2020-05-01"}
    assert send(form, **more).status_code == 302
    Client().post(path_in())
    record = Record.objects.get()
    said = answers_of([record], fields)[record.pk]
    assert (float(said["taille"]), said["envies"], str(said["depuis"])) == (1.75, ["bois", "métal"], "2020-05-01")


def test_statutes_are_read_and_must_be_accepted(fabrique: Cast) -> None:
    form = join_form(statutes_url="https://example.org/statuts.pdf")
    page = Client().get(PAGE).content.decode()
    assert 'href="https://example.org/statuts.pdf"' in page
    assert send(form).status_code == 422
    assert send(form, statutes="on").status_code == 302
    assert Application.objects.get().statutes == "https://example.org/statuts.pdf"
    assert Client().get(f"{PAGE}statuts/").status_code == 404


def test_somebody_alike_in_the_register_waits_for_a_human(fabrique: Cast, form: JoinForm) -> None:
    member("Ada", "Kerlouann", postcode="29890")
    send(form)
    Client().post(path_in())
    assert Application.objects.get().state == ApplicationState.WAITING
    assert Record.objects.count() == 1
    assert "a bien reçu" in mail.outbox[-1].subject


def test_withdrawn_by_the_one_who_asks_then_erased(fabrique: Cast) -> None:
    form = join_form(kept_days=10)
    send(form)
    path = path_in()
    Client().post(path)
    assert Application.objects.get().state == ApplicationState.WAITING
    Client().post(f"{path}retirer/")
    assert Application.objects.get().state == ApplicationState.WITHDRAWN
    assert "retirée" in Client().get(path).content.decode()
    Application.objects.update(decided_at=timezone.now() - timedelta(days=9))
    assert forget_old() == 0
    Application.objects.update(decided_at=timezone.now() - timedelta(days=11))
    assert forget_old() == 1
    assert not Application.objects.exists()


def test_what_is_never_confirmed_is_erased_after_a_week(fabrique: Cast, form: JoinForm) -> None:
    send(form)
    Application.objects.update(agreed_at=timezone.now() - timedelta(days=6))
    assert forget_old() == 0
    Application.objects.update(agreed_at=timezone.now() - timedelta(days=8))
    assert forget_old() == 1


def test_where_the_tool_is_off_there_is_no_page(fabrique: Cast, form: JoinForm) -> None:
    Structure.objects.filter(pk=fabrique.fabrique.pk).update(enabled_tools=[])
    assert Client().get(PAGE).status_code == 404
