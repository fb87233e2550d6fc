"""Direct debits announced: amount, day, creditor, mandate; once a debtor; on paper without an address; in time."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from tests.cast import Cast
from tilios.core.billing import actions as billing
from tilios.core.billing.models import BillingProfile, DebitBatch
from tilios.core.errors import Conflict, NotAllowed
from tilios.core.journal.models import Entry
from tilios.core.notify.models import Mail
from tilios.core.people.models import Person
from tilios.core.structures.models import Structure
from tilios.tools.members.actions.announcing import announce_debits
from tilios.tools.members.models import DebitNotice
from tilios.tools.members.queries.announcing import announced
from tilios.tools.members.tests.contract import member
from tilios.tools.members.tests.money_values import CREDITOR, IBAN, able_profile, owed

BASE = "/s/la-fabrique/adhesions/argent/"


def plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


def mandated(cast: Cast, *payers: Person) -> None:
    able_profile(cast.alice)
    for payer in payers:
        billing.record_mandate(by=cast.alice, payer=payer, iban=IBAN, signed_on=timezone.localdate())


def batch_of(cast: Cast, *charges: Any, days: int = 20, **options: Any) -> DebitBatch:
    return billing.make_batch(
        by=cast.alice, charges=charges, collect_on=timezone.localdate() + timedelta(days=days), **options
    )


@pytest.fixture
def camille(fabrique: Cast) -> Person:
    return member(email="camille@example.org").person


def test_a_letter_says_all_that_the_rulebook_asks(
    fabrique: Cast, camille: Person, mailoutbox: list[EmailMessage]
) -> None:
    Structure.objects.filter(pk=fabrique.fabrique.pk).update(email="bonjour@fabrique.example", phone="03 20 00 00 00")
    fabrique.fabrique.refresh_from_db()
    mandated(fabrique, camille)
    child = member("Zoé", "Dupont").person
    batch = batch_of(fabrique, owed(camille, "Adhésion 2026"), owed(camille, "Judo", 8050, beneficiary=child))
    client = fabrique.client("alice")
    assert client.post(f"{BASE}prelevements/{batch.pk}/annoncer/").status_code == 302
    (letter,) = mailoutbox
    body = plain(str(letter.body))
    reference = batch.debits.first().mandate.reference  # type: ignore[union-attr]
    for said in (
        "100,50 €", "- Adhésion 2026 : 20,00 €", "- Judo (Zoé Dupont) : 80,50 €", CREDITOR, reference, "0189",
        str(batch.collect_on.year), "bonjour@fabrique.example", "03 20 00 00 00", "La Fabrique prélèvera",
    ):  # fmt: skip
        assert said in body, said
    assert IBAN.replace(" ", "") not in body.replace(" ", "")
    assert letter.to == ["camille@example.org"]
    assert letter.reply_to == ["bonjour@fabrique.example"]
    assert "\n\n\n" not in letter.body


def test_each_debtor_is_told_once_a_batch(fabrique: Cast, camille: Person, mailoutbox: list[EmailMessage]) -> None:
    leo = member("Léo", "Roux", email="leo@example.org").person
    mandated(fabrique, camille, leo)
    first = batch_of(fabrique, owed(camille), owed(camille, "Judo"), owed(leo))
    for _again in range(2):
        announce_debits(by=fabrique.alice, batch=first)
    assert sorted(letter.to[0] for letter in mailoutbox) == ["camille@example.org", "leo@example.org"]
    assert Entry.objects.filter(verb="members.debits_announced").count() == 1
    announce_debits(by=fabrique.alice, batch=batch_of(fabrique, owed(leo, "Atelier")))
    assert len(mailoutbox) == 3


def test_a_crash_leaves_no_letter_behind_and_the_next_press_tells_everybody(
    fabrique: Cast, camille: Person, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_BACKEND = "tilios.core.notify.outbox.Backend"
    mandated(fabrique, camille)
    batch = batch_of(fabrique, owed(camille))
    with monkeypatch.context() as patch:
        patch.setattr("tilios.tools.members.actions.announcing.publish", _fail)
        with pytest.raises(RuntimeError):
            announce_debits(by=fabrique.alice, batch=batch)
    assert not Mail.objects.exists()
    assert announced(batch).left == 1
    announce_debits(by=fabrique.alice, batch=batch)
    assert Mail.objects.count() == DebitNotice.objects.count() == 1


def _fail(*_args: Any, **_options: Any) -> None:
    raise RuntimeError("the server stops")


def test_without_an_address_it_is_printed_and_can_be_printed_again(fabrique: Cast, camille: Person) -> None:
    leo = member("Léo", "Roux").person
    Person.objects.filter(pk=leo.pk).update(street="1 rue Haute", postcode="59000", town="Lille")
    mandated(fabrique, camille, leo)
    batch = batch_of(fabrique, owed(camille), owed(leo, "Atelier", 3000))
    client, url = fabrique.client("alice"), f"{BASE}prelevements/{batch.pk}/annonces/"
    answer = client.post(f"{BASE}prelevements/{batch.pk}/annoncer/")
    assert answer["Location"].endswith("/annonces/")
    page = client.get(url)
    content = plain(page.content.decode())
    assert "Atelier : 30,00 €" in content
    assert "1 rue Haute" in content
    assert "Camille" not in content.split("<article", 1)[1]
    client.post(url, {"until": page.context["until"]})
    assert DebitNotice.objects.get(channel="paper").printed_at is not None
    again = client.get(url)
    assert "Atelier : 30,00 €" in plain(again.content.decode())
    assert not again.context["unprinted"]
    said = announced(batch)
    assert (said.by_mail, said.on_paper, said.printed, said.left, said.to_print) == (1, 1, 1, 0, 0)


def test_the_page_of_the_batch_says_who_was_told_and_warns_when_it_is_late(fabrique: Cast, camille: Person) -> None:
    mandated(fabrique, camille)
    batch = batch_of(fabrique, owed(camille), days=14)
    client, url = fabrique.client("alice"), f"{BASE}prelevements/{batch.pk}/"
    content = client.get(url).content.decode()
    assert "14 jours" in content
    assert not client.get(url).context["announced"].too_near
    DebitBatch.objects.update(collect_on=timezone.localdate() + timedelta(days=13))
    assert "callout--warning" in client.get(url).content.decode()
    client.post(f"{url}annoncer/")
    said = client.get(url).context["announced"]
    assert (said.told, said.left, said.too_late) == (1, 0, 1)
    DebitBatch.objects.update(collect_on=timezone.localdate() + timedelta(days=14))
    assert client.get(url).context["announced"].too_late == 0


def test_the_days_of_notice_are_those_of_the_structure(fabrique: Cast, camille: Person) -> None:
    mandated(fabrique, camille)
    client, charge = fabrique.client("alice"), owed(camille)
    today = timezone.localdate()
    form = {
        "charge": charge.pk,
        "notified_on": today.isoformat(),
        "collect_on": (today + timedelta(days=5)).isoformat(),
    }
    assert "14 jours" in client.get(f"{BASE}prelevements/").content.decode()
    assert client.post(f"{BASE}prelevements/", form).status_code == 422
    settings = {
        "legal_name": "La Fabrique",
        "country": "FR",
        "fiscal_month": "1",
        "iban": IBAN,
        "creditor_id": CREDITOR,
    }
    for wrong in ("0", "61", "deux"):
        refused = client.post(f"{BASE}reglages/", settings | {"notice_days": wrong})
        assert list(refused.context["form"].errors) == ["notice_days"], wrong
    assert client.post(f"{BASE}reglages/", settings | {"notice_days": "5"}).status_code == 302
    assert BillingProfile.objects.get().notice_days == 5
    assert client.post(f"{BASE}prelevements/", form).status_code == 302
    assert not announced(DebitBatch.objects.get()).too_near


def test_who_was_told_otherwise_is_no_reason_to_warn(fabrique: Cast, camille: Person) -> None:
    mandated(fabrique, camille)
    told = timezone.localdate() - timedelta(days=12)
    batch = batch_of(fabrique, owed(camille), days=4, notified_on=told)
    page = fabrique.client("alice").get(f"{BASE}prelevements/{batch.pk}/")
    assert page.context["announced"].told_otherwise_on == told
    assert "callout--warning" not in page.content.decode()


def test_nothing_is_announced_once_answered_over_or_without_a_creditor(fabrique: Cast, camille: Person) -> None:
    leo = member("Léo", "Roux", email="leo@example.org").person
    mandated(fabrique, camille, leo)
    batch = batch_of(fabrique, owed(camille), owed(leo))
    billing.reject_debit(by=fabrique.alice, debit=batch.debits.get(charge__payer=leo), reason="AM04")
    assert announced(batch).left == 1
    BillingProfile.objects.update(creditor_id="")
    with pytest.raises(Conflict):
        announce_debits(by=fabrique.alice, batch=batch)
    BillingProfile.objects.update(creditor_id=CREDITOR)
    DebitBatch.objects.update(collect_on=date(2020, 1, 1))
    batch.refresh_from_db()
    assert announced(batch).left == 0
    answer = fabrique.client("alice").post(f"{BASE}prelevements/{batch.pk}/annoncer/", follow=True)
    assert "est passé" in answer.content.decode()
    with pytest.raises(NotAllowed):
        announce_debits(by=fabrique.bob, batch=batch)
    assert not DebitNotice.objects.exists()
