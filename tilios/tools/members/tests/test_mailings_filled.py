"""What letters by mail fill: the words of each, hostile names, links, the money of whoever may read it."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tilios.core.access import grants
from tilios.core.billing.tests.money import owe
from tilios.core.errors import Conflict, Invalid
from tilios.core.notify.models import Mail
from tilios.core.people.models import Person
from tilios.tools.members import actions as register
from tilios.tools.members.actions import mailings as actions
from tilios.tools.members.models import FieldKind, Mailing, MailingState, Record, Status
from tilios.tools.members.tests.contract import member

HOME = "/s/la-fabrique/adhesions/envois/"
HOSTILE = "<script>alert(1)</script> **{{ nom }}** [ici](https://mal.example)"


def draft(by: Person, body: str, subject: str = "Bonjour") -> Mailing:
    return actions.save_mailing(by=by, subject=subject, body=body, kind="life")


def sent(by: Person, body: str, subject: str = "Bonjour") -> EmailMessage:
    """The letter that the one member with an address receives."""
    letter = draft(by, body, subject)
    actions.start(by=by, mailing=letter)
    actions.send_some(letter.pk)
    return message_from_bytes(bytes(Mail.objects.get().message), policy=policy.default)


def part(letter: EmailMessage, kind: str) -> str:
    found = letter.get_body((kind,))
    assert found is not None
    return found.get_content()


def test_each_word_stands_for_what_the_record_says(fabrique: Cast) -> None:
    field = register.add_field(by=None, name="Métier", kind=FieldKind.TEXT)
    active = Status.objects.create(name="Actif")
    zoe = member("Zoé", "Morvan", email="zoe@example.org", town="Lille", status=active, title="Madame", number="A7",
                 answers={field.key: "Tourneuse"})  # fmt: skip
    owe(zoe.person, 2550)
    body = f"{{civilite}}|{{prenom}}|{{nom_de_famille}}|{{numero}}|{{statut}}|{{ville}}|{{{{ {field.key} }}}}"
    letter = sent(fabrique.alice, f"{body}|{{reste_a_payer}}|{{structure}}", subject="Pour {Prénom} {nom}")
    assert letter["Subject"] == "Pour Zoé Zoé Morvan"
    said = "Madame|Zoé|Morvan|A7|Actif|Lille|Tourneuse|25,50\u00a0€|La Fabrique"
    assert said in part(letter, "plain")
    assert said in part(letter, "html").replace("&nbsp;", "\u00a0")


def test_a_hostile_name_is_text_and_nothing_else(fabrique: Cast) -> None:
    member("Zoé", "Morvan", email="zoe@example.org", chosen_name=HOSTILE)
    letter = sent(fabrique.alice, "Bonjour {prenom}, [{prenom}]({lien})", subject="{prenom}")
    html = part(letter, "html")
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "<strong>{" not in html
    assert "https://mal.example&quot;" not in html
    assert 'href="https://mal.example' not in html
    assert "{{ nom }}" in html
    assert HOSTILE in part(letter, "plain")
    assert letter["Subject"] == HOSTILE


@pytest.mark.parametrize("body", ["{lien}", "{{ link }}", "<{lien}>", "[Mon espace]({lien})", "[Mon espace](<{lien}>)"])
def test_the_link_is_one_to_click(fabrique: Cast, settings: Any, body: str) -> None:
    member("Zoé", "Morvan", email="zoe@example.org")
    address = f"{settings.TILIOS_URL}/s/la-fabrique/adhesions/ma-fiche/"
    letter = sent(fabrique.alice, f"Voici : {body} !")
    html = part(letter, "html")
    words = "Mon espace" if "Mon" in body else address
    assert f'<a href="{address}" rel="nofollow noopener">{words}</a> !' in html
    assert address in part(letter, "plain")
    page = fabrique.client("alice").get(f"{HOME}{Mailing.objects.get().pk}/").content.decode()
    assert f'<a href="{address}" rel="nofollow noopener">{words}</a> !' in page


def test_amounts_are_written_tried_and_sent_by_those_who_keep_the_money(fabrique: Cast) -> None:
    zoe = member("Zoé", "Morvan", email="zoe@example.org")
    owe(zoe.person, 2550)
    with pytest.raises(Invalid, match="reste_a_payer"):
        draft(fabrique.manon, "Il reste {reste_a_payer}")
    letter = draft(fabrique.alice, "Il reste {reste_a_payer}")
    with pytest.raises(Conflict):
        actions.start(by=fabrique.manon, mailing=letter)
    with pytest.raises(Conflict):
        actions.send_test(by=fabrique.manon, mailing=letter, record=zoe)
    assert "25,50" in fabrique.client("alice").get(f"{HOME}{letter.pk}/").content.decode()
    refused = fabrique.client("manon").get(f"{HOME}{letter.pk}/", follow=True).content.decode()
    assert "25,50" not in refused
    assert "réservé à qui tient les comptes" in refused
    assert not Mail.objects.exists()


def test_a_sender_who_loses_the_right_sends_no_more_amounts(fabrique: Cast) -> None:
    for number in range(21):
        zoe = member("Zoé", f"Morvan {number}", email=f"zoe{number}@example.org")
        owe(zoe.person, 2550)
    grant = grants.give(by=fabrique.alice, person=fabrique.manon, action="members.money")
    manon = Person.objects.get(pk=fabrique.manon.pk)
    letter = actions.save_mailing(by=manon, subject="Reste", body="{reste_a_payer}", kind="life", per_minute=20)
    actions.start(by=manon, mailing=letter)
    assert actions.send_some(letter.pk) == 20
    grants.take_back(by=fabrique.alice, grant=grant)
    assert actions.send_some(letter.pk) == 0
    letter.refresh_from_db()
    assert (letter.state, Mail.objects.count()) == (MailingState.PAUSED, 20)
    with pytest.raises(Conflict, match="reste_a_payer"):
        actions.resume(by=Person.objects.get(pk=fabrique.manon.pk), mailing=letter)
    actions.resume(by=fabrique.alice, mailing=letter)
    assert actions.send_some(letter.pk) == 1
    assert b"25,50" in bytes(Mail.objects.order_by("pk")[20].message).replace(b"=\n", b"")


def test_a_letter_with_a_field_that_is_gone_does_not_leave(fabrique: Cast) -> None:
    field = register.add_field(by=None, name="Métier", kind=FieldKind.TEXT)
    member("Zoé", "Morvan", email="zoe@example.org")
    letter = draft(fabrique.alice, f"{{{field.key}}}")
    field.delete()
    with pytest.raises(Conflict, match=field.key):
        actions.start(by=fabrique.alice, mailing=letter)


def test_a_batch_asks_as_many_queries_whatever_its_size(fabrique: Cast) -> None:
    field = register.add_field(by=None, name="Métier", kind=FieldKind.TEXT)
    active = Status.objects.create(name="Actif")
    counts = []
    for size in (3, 12):
        Record.objects.update(left_on="2020-01-01")
        payer = member("Jo", "Morvan")
        for number in range(size):
            member("Zoé", f"{size} {number}", email=f"z{size}-{number}@example.org", status=active, payer=payer,
                   answers={field.key: "Tourneuse"})  # fmt: skip
        body = f"{{prenom}} {{statut}} {{{field.key}}} {{reste_a_payer}} {{fin_adhesion}} {{lien}}"
        letter = draft(fabrique.alice, body)
        assert actions.start(by=fabrique.alice, mailing=letter) == size
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert actions.send_some(letter.pk) == size
        counts.append(len(asked))
    assert counts[0] == counts[1] < 40


def test_the_form_lists_the_words_and_keeps_what_was_typed(fabrique: Cast) -> None:
    page = fabrique.client("alice").get(f"{HOME}nouveau/").content.decode()
    assert 'data-copy="{prenom}"' in page
    assert 'data-copy="{reste_a_payer}"' in page
    assert "reste_a_payer" not in fabrique.client("manon").get(f"{HOME}nouveau/").content.decode()
    said = {"audience": "tous", "kind": "life", "subject": "Loto", "body": "Cher {prenon}", "per_minute": "60"}
    refused = fabrique.client("alice").post(f"{HOME}nouveau/", said)
    assert refused.status_code == 422
    assert "Cher {prenon}" in refused.content.decode()
    assert "vouliez-vous écrire {prenom}" in refused.content.decode()
