"""Reminders of what is late: on their day, all of one payer in one letter, never twice, not once it is paid."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone
from django.utils.module_loading import import_string

from tests.cast import Cast
from tilios.core.billing import actions as billing
from tilios.core.billing import queries as money
from tilios.core.billing.models import Charge
from tilios.core.errors import Invalid, NotAllowed
from tilios.core.journal.models import Entry
from tilios.core.people.models import Person
from tilios.tools.members.actions.late import remind_late, remove_late_rule, save_late_rule
from tilios.tools.members.models import LateLetter, LateReminded, LateRule, Record
from tilios.tools.members.tests.contract import member
from tilios.tools.members.tests.money_values import IBAN, able_profile, owed, paid
from tilios.tools.members.tool import TOOL

DUE = date(2026, 3, 2)
BASE = "/s/la-fabrique/adhesions/"
RULES = f"{BASE}argent/retards/rappels/"
BODY = "Bonjour {given_name},\n\n{owed}\n\nEn tout : {total}\n\n{how_to_pay}\n\n{structure}"


def after(days: int) -> date:
    return DUE + timedelta(days=days)


def rule(cast: Cast, days: int = 7, body: str = BODY, **fields: Any) -> LateRule:
    return save_late_rule(by=cast.alice, days=days, subject="À payer : {total}", body=body, **fields)


@pytest.fixture
def camille(fabrique: Cast) -> Person:
    return member(email="camille@example.org").person


def test_a_letter_on_its_day_once_a_rule(fabrique: Cast, camille: Person, mailoutbox: list[EmailMessage]) -> None:
    owed(camille, due_on=DUE)
    rule(fabrique, 7), rule(fabrique, 30)
    sent = [remind_late(today=after(days)) for days in (0, 6, 7, 7, 8, 21, 29, 30, 30, 60, 300)]
    assert sent == [0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0]
    assert [letter.to for letter in mailoutbox] == [["camille@example.org"]] * 2
    assert list(LateLetter.objects.order_by("pk").values_list("days", "cents")) == [(7, 2000), (30, 2000)]
    assert Entry.objects.filter(verb="members.late_reminded").count() == 2


def test_all_that_is_late_of_one_payer_is_in_one_letter(
    fabrique: Cast, camille: Person, mailoutbox: list[EmailMessage]
) -> None:
    able_profile(fabrique.alice)
    child = member("Zoé", "Dupont").person
    owed(camille, "Adhésion (1/3)", due_on=DUE)
    owed(camille, "Judo", 8050, due_on=DUE, beneficiary=child)
    owed(camille, "À venir", due_on=after(7))
    rule(fabrique)
    assert remind_late(today=after(7)) == 1
    (letter,) = mailoutbox
    body = letter.body.replace("\xa0", " ").replace("\u202f", " ")
    assert letter.subject.replace("\xa0", " ") == "À payer : 100,50 €"
    assert body.startswith("Bonjour Camille,\n\n- Adhésion (1/3)")
    assert "- Judo (Zoé Dupont)" in body
    assert "80,50 €" in body
    assert "À venir" not in body
    assert IBAN in body
    assert "DUPONT CAMILLE" in body
    assert letter.reply_to == ([fabrique.fabrique.email] if fabrique.fabrique.email else [])
    assert LateReminded.objects.count() == 2


def test_without_an_account_of_the_structure_the_letter_has_no_hole(
    fabrique: Cast, camille: Person, mailoutbox: list[EmailMessage]
) -> None:
    owed(camille, due_on=DUE)
    rule(fabrique)
    remind_late(today=after(7))
    assert "\n\n\n" not in mailoutbox[0].body
    assert "{" not in mailoutbox[0].body


def test_what_is_paid_cancelled_or_covered_by_credit_is_not_reminded(fabrique: Cast) -> None:
    people = [member(email=f"m{number}@example.org").person for number in range(3)]
    charges = [owed(person, due_on=DUE) for person in people]
    rule(fabrique)
    paid(people[0])
    billing.cancel_charge(by=None, charge=charges[1])
    paid(people[2], allocations={})
    assert remind_late(today=after(7)) == 0
    assert not LateLetter.objects.exists()


def test_what_is_left_is_asked_for_and_credit_is_taken_off(
    fabrique: Cast, camille: Person, mailoutbox: list[EmailMessage]
) -> None:
    owed(camille, due_on=DUE)
    paid(camille, 500)
    paid(camille, 300, allocations={})
    rule(fabrique)
    assert remind_late(today=after(7)) == 1
    assert LateLetter.objects.get().cents == 1200
    assert "12,00" in mailoutbox[0].subject


def test_whoever_is_being_debited_is_reminded_once_the_bank_refuses(fabrique: Cast, camille: Person) -> None:
    able_profile(fabrique.alice)
    today = timezone.localdate()
    charge = owed(camille, due_on=today)
    billing.record_mandate(by=fabrique.alice, payer=camille, iban=IBAN, signed_on=today)
    batch = billing.make_batch(by=fabrique.alice, charges=[charge], collect_on=today + timedelta(days=20))
    rule(fabrique)
    assert remind_late(today=today + timedelta(days=7)) == 0
    billing.reject_debit(by=fabrique.alice, debit=batch.debits.get(), reason="AM04")
    assert remind_late(today=today + timedelta(days=21)) == 1


def test_a_server_that_was_down_sends_the_last_reminder_alone_and_none_too_late(
    fabrique: Cast, camille: Person
) -> None:
    owed(camille, due_on=DUE)
    rule(fabrique, 7), rule(fabrique, 10)
    assert remind_late(today=after(12)) == 1
    assert LateLetter.objects.get().days == 10
    assert remind_late(today=after(13)) == 0
    late = member("Léo", email="leo@example.org").person
    owed(late, due_on=DUE)
    assert remind_late(today=after(25)) == 0


def test_a_rule_that_changes_its_day_or_comes_back_reminds_nobody_again(fabrique: Cast, camille: Person) -> None:
    owed(camille, due_on=DUE)
    first = rule(fabrique)
    assert remind_late(today=after(7)) == 1
    rule(fabrique, 9, rule=first)
    assert remind_late(today=after(9)) == 0
    remove_late_rule(by=fabrique.alice, rule=first)
    rule(fabrique, 7)
    assert remind_late(today=after(8)) == 0
    assert LateLetter.objects.get().rule is None


def test_a_rule_at_rest_sends_nothing(fabrique: Cast, camille: Person) -> None:
    owed(camille, due_on=DUE)
    rule(fabrique, is_active=False)
    assert remind_late(today=after(7)) == 0


def test_a_crash_loses_nothing_and_doubles_nothing(
    fabrique: Cast, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        owed(member(email=f"m{number}@example.org").person, due_on=DUE)
    rule(fabrique)
    send, calls = EmailMessage.send, []

    def fail_at_second(letter: EmailMessage, *args: Any, **options: Any) -> int:
        calls.append(letter)
        if len(calls) == 2:
            raise RuntimeError("the server stops")
        return send(letter, *args, **options)

    monkeypatch.setattr(EmailMessage, "send", fail_at_second)
    with pytest.raises(RuntimeError):
        remind_late(today=after(7))
    assert LateLetter.objects.count() == len(mailoutbox) == 1
    assert remind_late(today=after(7)) == 2
    assert sorted(letter.to[0] for letter in mailoutbox) == [f"m{number}@example.org" for number in range(3)]


def test_without_an_address_it_is_printed_once_as_things_stand_then(fabrique: Cast) -> None:
    camille, leo = member().person, member("Léo", "Roux").person
    today = timezone.localdate()
    for person in (camille, leo):
        owed(person, "Judo", 8000, due_on=today - timedelta(days=8))
    rule(fabrique)
    assert remind_late() == 2
    paid(leo, 8000)
    paid(camille, 1000)
    client, url = fabrique.client("alice"), f"{BASE}cotisations/lettres/"
    page = client.get(url)
    content = page.content.decode().replace("\xa0", " ")
    assert "Bonjour Camille" in content
    assert "70,00 €" in content
    assert "Bonjour Léo" not in content
    later = member("Ana", "Petit").person
    owed(later, "Judo", 8000, due_on=today - timedelta(days=8))
    remind_late()
    client.post(url, {"until": page.context["until"], "late_until": page.context["late_until"]})
    content = client.get(url).content.decode()
    assert "Bonjour Camille" not in content
    assert "Bonjour Ana" in content  # she was not on the page that was printed


def test_a_second_letter_on_paper_takes_the_place_of_one_nobody_printed(fabrique: Cast) -> None:
    camille, today = member().person, timezone.localdate()
    owed(camille, due_on=today - timedelta(days=31))
    rule(fabrique, 7), rule(fabrique, 30, body="Dernier rappel, {given_name}")
    remind_late(today=today - timedelta(days=24))
    remind_late(today=today)
    client, url = fabrique.client("alice"), f"{BASE}cotisations/lettres/"
    page = client.get(url)
    assert len(page.context["letters"]) == 1
    assert "Dernier rappel, Camille" in page.content.decode()
    client.post(url, {"until": 0, "late_until": page.context["late_until"]})
    assert not LateLetter.objects.filter(printed_at=None).exists()


def test_what_was_sent_is_on_the_pages_of_the_treasurer(fabrique: Cast, camille: Person) -> None:
    owed(camille, "Judo", due_on=timezone.localdate() - timedelta(days=7))
    rule(fabrique)
    remind_late()
    client = fabrique.client("alice")
    for path in ("argent/retards/", "argent/retards/rappels/", f"argent/payeurs/{camille.pk}/"):
        content = client.get(BASE + path).content.decode()
        assert "Par courriel" in content, path
        assert "Judo" in content, path
    row = client.get(f"{BASE}argent/retards/").context["rows"][0]
    assert [letter.days for letter in row[1]] == [7]


def test_a_rule_is_written_refused_and_removed_by_who_keeps_the_money(fabrique: Cast) -> None:
    client = fabrique.client("alice")
    assert "{comment_payer}" in client.get(f"{RULES}nouveau/").content.decode()
    form = {"days": "7", "subject": "À payer", "body": BODY, "is_active": "on"}
    for wrong, field in (({"days": "0"}, "days"), ({"days": "400"}, "days"), ({"body": "{solde}"}, "body")):
        refused = client.post(f"{RULES}nouveau/", form | {"subject": "Mes mots"} | wrong)
        assert refused.status_code == 422
        assert list(refused.context["form"].errors) == [field]
        assert "Mes mots" in refused.content.decode()
    assert client.post(f"{RULES}nouveau/", form).status_code == 302
    made = LateRule.objects.get()
    assert client.post(f"{RULES}nouveau/", form).status_code == 422  # this day is taken
    assert client.post(f"{RULES}{made.pk}/", form | {"days": "10", "is_active": ""}).status_code == 302
    made.refresh_from_db()
    assert (made.days, made.is_active) == (10, False)
    assert fabrique.client("bob").get(RULES).status_code == 403
    assert client.post(f"{RULES}{made.pk}/retirer/").status_code == 302
    assert not LateRule.objects.exists()


def test_rules_refuse_whom_and_what_they_must(fabrique: Cast) -> None:
    with pytest.raises(NotAllowed):
        save_late_rule(by=fabrique.bob, days=7, subject="À payer", body=BODY)
    with pytest.raises(Invalid) as refused:
        save_late_rule(by=fabrique.alice, days=7, subject="{noms}", body=BODY)
    assert refused.value.field == "subject"


def test_the_letter_is_in_the_language_of_its_payer(
    fabrique: Cast, camille: Person, mailoutbox: list[EmailMessage]
) -> None:
    Record.objects.filter(person=camille).update(language="en")
    owed(camille, due_on=DUE)
    rule(fabrique)
    remind_late(today=after(7))
    assert "€20.00" in mailoutbox[0].subject
    assert Charge.objects.get() in money.due_charges(camille)


def test_reminders_leave_by_themselves() -> None:
    assert remind_late in [import_string(task.run) for task in TOOL.periodic]
