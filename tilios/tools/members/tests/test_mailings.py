"""Mailings: whom they reach, what each reads, sent once at their pace, held, come back, refused."""

from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import Cast
from tests.harness.crowd import at_once
from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.core.mailroom import letters, taking
from tilios.core.notify.models import Mail
from tilios.core.notify.outbox import MAX_TRIES
from tilios.core.people import actions as people
from tilios.core.structures.scope import scope
from tilios.tools.members.actions import mailings as actions
from tilios.tools.members.actions.searches import save_search
from tilios.tools.members.mailing_letters import stop_token
from tilios.tools.members.models import Delivery, Mailing, MailingKind, MailingState, Posted, Record
from tilios.tools.members.queries import mailings as queries
from tilios.tools.members.tests.contract import member

HOME = "/s/la-fabrique/adhesions/envois/"


def written(cast: Cast, **values: Any) -> Mailing:
    said = {"subject": "Bonjour {given_name}", "body": "Le **loto** de {structure}.", "kind": MailingKind.LIFE}
    return actions.save_mailing(by=cast.alice, **(said | values))


def crowd(count: int) -> None:
    for number in range(count):
        member("Camille", f"Dupont {number}", email=f"camille{number}@example.org", newsletter=True)


def test_each_reads_the_letter_in_their_own_name(fabrique: Cast) -> None:
    crowd(2)
    member("Sans", "Adresse")
    actions.start(by=fabrique.alice, mailing=(letter := written(fabrique)))
    assert actions.send_some(letter.pk) == 2
    first = message_from_bytes(bytes(Mail.objects.order_by("pk")[0].message), policy=policy.default)
    assert (first["Subject"], first["To"]) == ("Bonjour Camille", "camille0@example.org")
    html = first.get_body(("html",))
    assert html is not None
    assert "<strong>loto</strong> de La Fabrique" in html.get_content()
    letter.refresh_from_db()
    assert letter.state == MailingState.SENT


def test_a_letter_leaves_at_its_pace_and_never_twice(fabrique: Cast) -> None:
    crowd(25)
    letter = written(fabrique, per_minute=20)
    actions.start(by=fabrique.alice, mailing=letter)
    assert (actions.send_due(), actions.send_due(), actions.send_due()) == (20, 5, 0)
    assert Mail.objects.count() == 25
    with pytest.raises(Conflict):
        actions.start(by=fabrique.alice, mailing=letter)


def test_a_crash_between_the_outbox_and_the_rows_sends_nothing(fabrique: Cast, monkeypatch: Any) -> None:
    crowd(3)
    letter = written(fabrique)
    actions.start(by=fabrique.alice, mailing=letter)

    def crash(*_args: Any, **_more: Any) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as cut:
        cut.setattr(Posted.objects, "bulk_create", crash)
        with pytest.raises(RuntimeError):
            actions.send_some(letter.pk)
    assert not Mail.objects.exists()
    assert actions.send_some(letter.pk) == 3


def test_it_is_held_resumed_and_stopped(fabrique: Cast) -> None:
    crowd(25)
    letter = written(fabrique, per_minute=20)
    actions.start(by=fabrique.alice, mailing=letter)
    actions.send_some(letter.pk)
    actions.pause(by=fabrique.alice, mailing=letter)
    assert actions.send_due() == 0
    actions.resume(by=fabrique.alice, mailing=letter)
    actions.stop(by=fabrique.alice, mailing=letter)
    assert (actions.send_due(), Mail.objects.count()) == (0, 20)
    letter.refresh_from_db()
    assert letter.state == MailingState.STOPPED


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_send_it_once(cast: Cast) -> None:
    with scope(cast.fabrique):
        crowd(3)
        letter = written(cast)
    said = at_once(cast, lambda _number: actions.start(by=cast.alice, mailing=letter), 4, threads=4)
    assert sorted(isinstance(one, Conflict) for one in said) == [False, True, True, True]
    with scope(cast.fabrique):
        assert Delivery.objects.count() == 3


def test_who_is_left_out_is_said_with_the_reason(fabrique: Cast) -> None:
    yes = member("Ana", "Le Goff", email="ana@example.org", newsletter=True)
    no = member("Bo", "Martin", email="bo@example.org")
    same = member("Cleo", "Le Goff", email="ANA@example.org", newsletter=True)
    without = member("Dan", "Petit", newsletter=True)
    gone = member("Eve", "Partie", email="eve@example.org", newsletter=True)
    Record.objects.filter(pk=gone.pk).update(left_on=timezone.localdate())
    found = queries.recipients(written(fabrique, kind=MailingKind.NEWS), fabrique.alice)
    assert (found.letters, found.refusing, found.sharing, found.without_address) == ([yes], [no], [same], [without])


def test_audiences_by_group_and_search(fabrique: Cast) -> None:
    inside = member("Ana", "Le Goff", email="ana@example.org", town="Brest")
    member("Bo", "Martin", email="bo@example.org", town="Lille")
    group = people.create_group(by=None, name="Jardin")
    people.add_to_group(by=None, group=group, person=inside.person)
    test = {"all": [{"field": "town", "test": "is_text", "value": "Brest"}]}
    search = save_search(by=fabrique.alice, name="Brest", conditions=test)
    for audience in (f"groupe-{group.pk}", f"recherche-{search.pk}"):
        assert queries.recipients(written(fabrique, audience=audience), fabrique.alice).letters == [inside]
    for gone in ("groupe-999999", "recherche-999999", "nobody", "groupe-x"):
        with pytest.raises(Invalid):
            written(fabrique, audience=gone)


@pytest.mark.parametrize(
    "body",
    [
        "Vous devez {amount}",
        "{",
        "{% if %}",
        "[ici](https://x.org/{prenom})",
        "[ici]({lien}/{ville})",
        "[ici](https://x.org/?{lien})",
    ],
)
def test_a_word_that_is_none_or_is_hidden_in_an_address_is_refused(fabrique: Cast, body: str) -> None:
    with pytest.raises(Invalid) as refused:
        written(fabrique, body=body)
    assert refused.value.field == "body"


def test_a_letter_that_comes_back_is_noted_and_its_address_left_alone(fabrique: Cast, settings: Any) -> None:
    settings.TILIOS_MAIL_DOMAIN = "mail.example.org"
    crowd(2)
    letter = written(fabrique)
    actions.start(by=fabrique.alice, mailing=letter)
    actions.send_some(letter.pk)
    first = Mail.objects.order_by("pk")[0]
    assert first.sender.startswith("envois+")
    assert b"From: " in bytes(first.message)
    report = letters.read(failure("5.1.1", "550 no such user"), envelope_from="")
    assert taking.knows(first.sender)
    taking.take(first.sender, report)
    delivery = Delivery.objects.order_by("pk")[0]
    assert (delivery.returned, delivery.returned_at is not None) == ("5.1.1 550 no such user", True)
    assert queries.standing_counts(letter)[queries.RETURNED] == 1
    again = queries.recipients(written(fabrique), fabrique.alice)
    assert ([one.person.email for one in again.letters], len(again.returned)) == (["camille1@example.org"], 1)
    actions.forgive(by=fabrique.alice, delivery=delivery)
    assert len(queries.recipients(written(fabrique), fabrique.alice).letters) == 2


def test_an_absence_and_a_delay_are_no_failure(fabrique: Cast, settings: Any) -> None:
    settings.TILIOS_MAIL_DOMAIN = "mail.example.org"
    crowd(1)
    letter = written(fabrique)
    actions.start(by=fabrique.alice, mailing=letter)
    actions.send_some(letter.pk)
    sender = Mail.objects.get().sender
    away = b"From: camille0@example.org\r\nAuto-Submitted: auto-replied\r\n\r\nEn vacances"
    for came in (away, failure("4.4.1", "try later", action="delayed")):
        taking.take(sender, letters.read(came, envelope_from=""))
    assert not queries.returned_addresses()
    assert not taking.knows(sender.replace("envois+", "envois+9"))


def failure(status: str, reason: str, action: str = "failed") -> bytes:
    """A report of delivery as Postfix writes it (RFC 3464)."""
    return (
        b"From: MAILER-DAEMON@mx.example.org\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nThis is the mail system.\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
        b"Final-Recipient: rfc822; camille0@example.org\r\nAction: " + action.encode() + b"\r\nStatus: "
        + status.encode() + b"\r\nDiagnostic-Code: smtp; " + reason.encode() + b"\r\n\r\n--b--\r\n"
    )  # fmt: skip


def test_one_click_stops_the_news_and_looking_does_not(fabrique: Cast) -> None:
    record = member("Ana", "Le Goff", email="ana@example.org", newsletter=True)
    actions.start(by=fabrique.alice, mailing=(letter := written(fabrique, kind=MailingKind.NEWS)))
    actions.send_some(letter.pk)
    made = message_from_bytes(bytes(Mail.objects.get().message), policy=policy.default)
    assert made["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = made["List-Unsubscribe"].strip("<>").partition("/s/")[2]
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.get(f"/s/{path}").status_code == 200
    record.refresh_from_db()
    assert record.newsletter
    assert stranger.post(f"/s/{path}", {"List-Unsubscribe": "One-Click"}).status_code == 200
    record.refresh_from_db()
    assert not record.newsletter
    assert stranger.get(f"{HOME}desinscription/faux/").status_code == 404


def test_the_key_of_another_structure_opens_nothing(cast: Cast) -> None:
    with scope(cast.atelier):
        token = stop_token(member("Ana", "Le Goff", newsletter=True))
    assert Client().get(f"{HOME}desinscription/{token}/").status_code == 404


def test_only_those_who_keep_the_register_write(fabrique: Cast) -> None:
    with pytest.raises(NotAllowed):
        actions.save_mailing(by=fabrique.bob, subject="a", body="b", kind="life")
    letter = written(fabrique)
    for work in (actions.start, actions.copy_mailing, actions.remove_mailing):
        with pytest.raises(NotAllowed):
            work(by=fabrique.bob, mailing=letter)
    assert fabrique.client("bob").get(HOME).status_code == 403


def test_from_the_form_to_the_last_letter(fabrique: Cast) -> None:
    crowd(2)
    client = fabrique.client("alice")
    said = {"audience": "tous", "kind": "life", "subject": "Le {jour}", "body": "Bonjour", "per_minute": "60"}
    refused = client.post(f"{HOME}nouveau/", said)
    assert refused.status_code == 422
    assert "Le {jour}" in refused.content.decode()
    page = client.post(f"{HOME}nouveau/", said | {"subject": "Loto"}, follow=True).content.decode()
    assert "camille0@example.org" in page
    letter = Mailing.objects.get()
    here = f"{HOME}{letter.pk}/"
    assert "camille1@example.org" in client.get(f"{here}?page=2").content.decode()
    client.post(f"{here}essai/")
    assert Mail.objects.get().recipients == [fabrique.alice.email]
    client.post(f"{here}envoyer/")
    actions.send_due()
    assert "camille1@example.org" in client.get(f"{here}?voir=depart").content.decode()
    Mail.objects.filter(recipients=["camille1@example.org"]).update(tries=MAX_TRIES, problem="550 refused")
    assert "550 refused" in client.get(here).content.decode()
    assert client.post(f"{here}jeter/").status_code == 404
    client.post(f"{here}copier/")
    assert Mailing.objects.count() == 2


def test_letters_that_the_outbox_has_forgotten_have_left(cast: Cast) -> None:
    with scope(cast.fabrique):
        crowd(2)
        letter = written(cast)
        actions.start(by=cast.alice, mailing=letter)
        actions.send_some(letter.pk)
        Mail.objects.filter(recipients=["camille1@example.org"]).update(sent_at=timezone.now())
        counts = queries.standing_counts(letter)
        assert (counts[queries.LEAVING], counts[queries.GONE]) == (1, 1)
    Mail.objects.all().delete()  # of no structure: outside any scope
    with scope(cast.fabrique):
        assert queries.standing_counts(letter) == {
            queries.WAITING: 0, queries.LEAVING: 0, queries.GONE: 2, queries.STUCK: 0, queries.RETURNED: 0
        }  # fmt: skip


def test_an_address_rests_for_a_year_only(fabrique: Cast) -> None:
    crowd(1)
    actions.start(by=fabrique.alice, mailing=written(fabrique))
    long_ago = timezone.now() - queries.REST - timedelta(days=1)
    Delivery.objects.update(returned="5.1.1", returned_at=long_ago)
    assert not queries.returned_addresses()
