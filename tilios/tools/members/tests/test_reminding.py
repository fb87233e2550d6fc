"""Reminders of dues: on their day, by mail or on paper, never twice for one end, not for those who renewed or left."""

from datetime import timedelta

from django.utils import timezone

from tests.cast import Cast
from tilios.core.billing import actions as billing
from tilios.tools.members import actions
from tilios.tools.members.actions.kinds import save_reminder
from tilios.tools.members.actions.reminding import remind
from tilios.tools.members.models import Contribution, Record, ReminderSent
from tilios.tools.members.tests.contract import dues, member


def paid(cast: Cast, record: Record, rate=None) -> Contribution:
    rate = rate or dues()
    taken = actions.contribute(by=None, record=record, kind=rate.kind, rate=rate)
    billing.record_payment(
        by=None, payer=record.person, means="cash", received_on=timezone.localdate(), amount_cents=taken.amount_cents
    )
    return taken


def rule(cast: Cast, taken: Contribution, days: int):
    return save_reminder(by=cast.alice, kind=taken.kind, days=days, subject="Fin le {end}", body="Bonjour {given_name}")


def test_a_letter_on_its_day_and_never_again(fabrique: Cast, mailoutbox: list) -> None:
    taken = paid(fabrique, member(email="camille@example.org"))
    rule(fabrique, taken, -30)
    assert taken.last is not None
    assert remind(today=taken.last - timedelta(days=31)) == 0
    assert remind(today=taken.last - timedelta(days=30)) == 1
    assert remind(today=taken.last - timedelta(days=30)) == 0
    assert remind(today=taken.last - timedelta(days=25)) == 0
    (letter,) = mailoutbox
    assert (letter.to, letter.body) == (["camille@example.org"], "Bonjour Camille")
    assert str(taken.last.year) in letter.subject


def test_without_an_address_it_waits_to_be_printed(fabrique: Cast, mailoutbox: list) -> None:
    taken = paid(fabrique, member())
    rule(fabrique, taken, 10)
    assert taken.last is not None
    assert remind(today=taken.last + timedelta(days=10)) == 1
    assert not mailoutbox
    client = fabrique.client("alice")
    page = client.get("/s/la-fabrique/adhesions/cotisations/lettres/")
    assert "Bonjour Camille" in page.content.decode()
    client.post("/s/la-fabrique/adhesions/cotisations/lettres/", {"until": page.context["until"]})
    assert ReminderSent.objects.get().printed_at is not None
    assert "Bonjour Camille" not in client.get("/s/la-fabrique/adhesions/cotisations/lettres/").content.decode()


def test_a_server_that_was_down_sends_the_nearest_alone(fabrique: Cast) -> None:
    taken = paid(fabrique, member(email="camille@example.org"))
    rule(fabrique, taken, -10)
    rule(fabrique, taken, -3)
    assert taken.last is not None
    assert remind(today=taken.last - timedelta(days=1)) == 1
    assert ReminderSent.objects.get().days == -3


def test_too_late_is_not_sent(fabrique: Cast) -> None:
    taken = paid(fabrique, member(email="camille@example.org"))
    rule(fabrique, taken, 5)
    assert taken.last is not None
    assert remind(today=taken.last + timedelta(days=20)) == 0


def test_who_renewed_left_or_owes_nothing_is_not_reminded(fabrique: Cast) -> None:
    rate = dues()
    renewed, gone, exempt = (paid(fabrique, member(email=f"m{n}@example.org"), rate) for n in range(3))
    rule(fabrique, renewed, -5)
    assert renewed.last is not None
    actions.contribute(by=None, record=renewed.record, kind=rate.kind, rate=rate, on=renewed.last)
    actions.leave(by=None, record=gone.record, on=timezone.localdate())
    Record.objects.filter(pk=exempt.record_id).update(is_exempt=True)
    assert remind(today=renewed.last - timedelta(days=5)) == 0


def test_renewing_closes_the_reminders_of_the_old_period_and_opens_those_of_the_new(fabrique: Cast) -> None:
    rate = dues()
    record = member(email="camille@example.org")
    first = paid(fabrique, record, rate)
    rule(fabrique, first, -5)
    assert first.last is not None
    assert remind(today=first.last - timedelta(days=5)) == 1
    second = actions.contribute(by=None, record=record, kind=rate.kind, rate=rate, on=first.last)
    billing.record_payment(
        by=None, payer=record.person, means="cash", received_on=timezone.localdate(), amount_cents=2000
    )
    assert second.last is not None
    assert remind(today=second.last - timedelta(days=5)) == 1
    assert ReminderSent.objects.count() == 2


def test_french_and_english_words_are_filled_and_a_name_is_only_text(fabrique: Cast, mailoutbox: list) -> None:
    taken = paid(fabrique, member(email="camille@example.org", chosen_name="{{ lien }} **X**"))
    body = "{prenom}|{{ given_name }}|{cotisation}|{Montant}|{kind}|{amount}|{nom}"
    save_reminder(by=fabrique.alice, kind=taken.kind, days=-5, subject="Fin {fin_adhesion} {end}", body=body)
    assert taken.last is not None
    remind(today=taken.last - timedelta(days=5))
    (letter,) = mailoutbox
    name, twenty = "{{ lien }} **X**", "20,00\u00a0€"
    assert letter.body == f"{name}|{name}|Adhésion|{twenty}|Adhésion|{twenty}|Camille Dupont"
    assert letter.subject.count(str(taken.last.year)) == 2


def test_a_word_of_other_letters_is_refused_and_the_list_is_beside(fabrique: Cast) -> None:
    kind = dues().kind
    client, page = fabrique.client("alice"), f"/s/la-fabrique/adhesions/reglages/cotisations/{kind.pk}/rappels/nouveau/"
    shown = client.get(page).content.decode()
    assert 'data-copy="{fin_adhesion}"' in shown
    assert "Bonjour {prenom}," in shown
    said = {"days": "-30", "subject": "Fin", "body": "Cher {montan}"}
    refused = client.post(page, said)
    assert refused.status_code == 422
    assert "vouliez-vous écrire {montant}" in refused.content.decode()
    assert "Cher {montan}" in refused.content.decode()
