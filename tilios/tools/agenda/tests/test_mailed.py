"""The whole way of an invitation by mail, with real servers: out by SMTP, the answer in by LMTP or from a box."""

import email
import email.policy
import smtplib
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from tests.cast import Cast
from tests.harness import mail as post
from tilios.config.environment import MailServer
from tilios.core.errors import Refused
from tilios.core.mailroom import boxes, letters, taking
from tilios.core.mailroom.models import Box
from tilios.core.notify import outbox
from tilios.core.notify.models import Mail, Notification
from tilios.core.outside import OutsideError
from tilios.core.structures.scope import no_scope, scope
from tilios.kit import ical
from tilios.tools.agenda import mailed
from tilios.tools.agenda.models import Entry
from tilios.tools.agenda.tests.contract import calendar
from tilios.tools.agenda.tests.inviting import ADA, calendar_part, guest, invite, jobs, own_calendar, remove
from tilios.tools.agenda.tests.writing import event

DOMAIN = "courrier.example"


@pytest.fixture(autouse=True)
def real_outbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "tilios.core.notify.outbox.Backend"
    settings.TILIOS_MAIL_DOMAIN = DOMAIN


def reply_to(request: bytes, status: str, who: str = ADA, comment: str = "") -> bytes:
    """What a program of mail answers to a calendar that came by mail."""
    return ical.reply(request, who, status, now=timezone.now(), comment=comment)


def organizer_of(request: bytes) -> str:
    return ical.itip(request).organizer


def request_in(data: bytes) -> bytes:
    """The calendar that a letter holds, as a program of mail reads it."""
    letter = email.message_from_bytes(data, policy=email.policy.default)
    return calendar_part(letter)[1].encode()  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
def test_an_invitation_leaves_by_smtp_is_answered_by_mail_and_shows_accepted(cast: Cast) -> None:
    """The whole way (issue 6, done when 4)."""
    with post.outside() as server, post.listening() as port:
        with override_settings(TILIOS_MAIL_SERVER=MailServer("127.0.0.1", server.port, "", "", False, False)):
            with scope(cast.fabrique):
                entry = invite(cast.bob, ADA, into=calendar(cast.bob))
            jobs()
        ((recipients, data),) = server.letters
        assert recipients == [ADA]
        invitation = request_in(data)
        where = organizer_of(invitation)
        assert where.endswith(f"@{DOMAIN}")

        post.hand_over(port, post.answer(reply_to(invitation, "ACCEPTED", comment="Volontiers"), to=where), where)

    with scope(cast.fabrique):
        assert guest(entry).status == "ACCEPTED"
        told = Notification.objects.get(person=cast.bob)
    assert told.text == "ada@example.org vient à « Réunion » – Volontiers"
    page = cast.client("alice").get(f"/s/la-fabrique/agenda/evenements/{entry.pk}/").content.decode()
    assert "1 oui" in page
    assert "Volontiers" in page


@pytest.fixture
def asked(cast: Cast) -> Any:
    """An invitation of Ada, its calendar as she got it, and where answers go."""
    with scope(cast.fabrique):
        entry = invite(cast.bob, ADA, "grace@example.net")
    row = Mail.objects.get(recipients=[ADA])
    invitation = request_in(bytes(row.message))
    return type("Asked", (), {"entry": entry, "invitation": invitation, "where": organizer_of(invitation)})


def take(where: str, data: bytes) -> None:
    with no_scope():
        taking.take(where, letters.read(data, envelope_from=ADA))


def status(cast: Cast, entry: Entry, who: str = ADA) -> str:
    with no_scope(), scope(cast.fabrique):
        return guest(entry, who).status


def told(cast: Cast) -> list[str]:
    with no_scope(), scope(cast.fabrique):
        return [row.text for row in Notification.objects.filter(person=cast.bob).order_by("pk")]


def test_somebody_else_who_answers_is_told_of_and_not_taken_for_the_guest(cast: Cast, asked: Any) -> None:
    forwarded = reply_to(
        asked.invitation.replace(b"ada@example.org", b"eve@example.com"), "ACCEPTED", "eve@example.com"
    )
    take(asked.where, post.answer(forwarded, sender="eve@example.com"))
    assert status(cast, asked.entry) == "NEEDS-ACTION"
    (said,) = told(cast)
    assert said.startswith("eve@example.com, qui n'était pas sur votre liste, répond oui à « Réunion »")
    assert said.endswith("rien n'est enregistré")


def test_a_guest_does_not_answer_for_another(cast: Cast, asked: Any) -> None:
    take(asked.where, post.answer(reply_to(asked.invitation, "DECLINED", "grace@example.net")))
    take(asked.where, post.answer(reply_to(asked.invitation, "DECLINED"), sender="grace@example.net"))
    assert status(cast, asked.entry, "grace@example.net") == "NEEDS-ACTION"
    assert status(cast, asked.entry) == "NEEDS-ACTION"


def test_an_answer_to_another_event_is_refused(cast: Cast, asked: Any) -> None:
    other = asked.invitation.replace(asked.entry.uid.encode(), b"autre@test")
    with pytest.raises(Refused, match="autre événement"):
        take(asked.where, post.answer(reply_to(other, "ACCEPTED")))


def test_another_time_comes_in_by_mail(cast: Cast, asked: Any) -> None:
    counter = reply_to(asked.invitation, "TENTATIVE").replace(b"METHOD:REPLY", b"METHOD:COUNTER")
    take(asked.where, post.answer(counter, method="COUNTER"))
    with scope(cast.fabrique):
        row = guest(asked.entry)
    assert row.status == "TENTATIVE"
    assert row.proposed_start == asked.entry.first
    assert len(told(cast)) == 2


def test_addresses_that_nobody_was_given_take_nothing(cast: Cast, asked: Any) -> None:
    with post.listening() as port:
        for wrong in (
            f"agenda+{cast.fabrique.pk}-{'0' * 32}@{DOMAIN}",
            asked.where.replace(f"+{cast.fabrique.pk}-", f"+{cast.atelier.pk}-"),
            asked.where.replace(DOMAIN, "ailleurs.example"),
            f"agenda+99999999-{'0' * 32}@{DOMAIN}",
            f"inconnu+{cast.fabrique.pk}-{'0' * 32}@{DOMAIN}",
            f"postmaster@{DOMAIN}",
        ):
            with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
                post.hand_over(port, post.answer(reply_to(asked.invitation, "ACCEPTED")), wrong)
            assert next(iter(refused.value.recipients.values()))[0] == 550
    assert status(cast, asked.entry) == "NEEDS-ACTION"


def test_an_event_that_was_removed_takes_no_answer(cast: Cast, asked: Any) -> None:
    with scope(cast.fabrique):
        remove(cast.bob, asked.entry)
    with pytest.raises(taking.NoSuchAddress):
        take(asked.where, post.answer(reply_to(asked.invitation, "ACCEPTED")))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00 nothing",
        b"From: ada@example.org\r\n\r\nBonjour",
        b"Subject: x\r\n\r\nBonjour",
        b"From: ada@example.org\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nEND:",
        b"From: ada@example.org\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\n\r\nx\r\n" * 500,
    ],
)
def test_what_is_no_answer_is_refused_with_a_sentence(cast: Cast, asked: Any, data: bytes) -> None:
    with pytest.raises(Refused) as refused:
        take(asked.where, data)
    assert str(refused.value.message)


def test_a_letter_that_is_too_large_is_refused(cast: Cast, asked: Any) -> None:
    with post.listening() as port, pytest.raises(smtplib.SMTPException):
        post.hand_over(
            port,
            b"From: ada@example.org\r\n\r\n" + b"x" * 70 + b"\r\n" + b"yyyyyyyy\r\n" * (letters.LARGEST // 10),
            asked.where,
        )


def test_bounces_and_vacation_notes_start_nothing(cast: Cast, asked: Any) -> None:
    before = Mail.objects.count()
    with no_scope():
        taking.take(asked.where, letters.read(b"From: mailer-daemon@example.org\r\n\r\nUndelivered", envelope_from=""))
    note = b"From: ada@example.org\r\nAuto-Submitted: auto-replied\r\n\r\nJe suis en vacances"
    take(asked.where, note)
    assert Mail.objects.count() == before
    assert told(cast) == []


# From outside ---------------------------------------------------------------------------------------------------------


def outside_invitation(cast: Cast, method: str = "REQUEST", more: str = "", **fields: str) -> bytes:
    text = event(
        "dehors@example.com", fields.get("summary", "Dehors"), "20301201T090000Z",
        more=f"ORGANIZER:mailto:zoe@example.com\r\nATTENDEE;RSVP=TRUE:mailto:{cast.bob.email}\r\n{more}",
    )  # fmt: skip
    return text.replace("VERSION:2.0\r\n", f"VERSION:2.0\r\nMETHOD:{method}\r\n").encode()


def personal_address(cast: Cast) -> str:
    with scope(cast.fabrique):
        return f"agenda+{cast.fabrique.pk}-{mailed.personal_key(cast.bob)}@{DOMAIN}"


def test_an_invitation_from_outside_lands_is_answered_and_follows(cast: Cast) -> None:
    where = personal_address(cast)
    take(where, post.answer(outside_invitation(cast), method="REQUEST", sender="zoe@example.com"))
    with scope(cast.fabrique):
        entry = Entry.objects.get(calendar=own_calendar(cast.bob))
    url = f"/s/la-fabrique/agenda/evenements/{entry.pk}/"
    assert "Dehors" in cast.client("bob").get(url).content.decode()
    Mail.objects.all().delete()
    cast.client("bob").post(url + "repondre/", {"reponse": "oui", "commentaire": "Je viens"})
    row = Mail.objects.get(recipients=["zoe@example.com"])
    answered = ical.itip(request_in(bytes(row.message)))
    assert (answered.method, answered.status, answered.attendee) == ("REPLY", "ACCEPTED", cast.bob.email)
    moved = outside_invitation(cast, summary="Dedans", more="SEQUENCE:1\r\n")
    take(where, post.answer(moved, method="REQUEST", sender="zoe@example.com"))
    with scope(cast.fabrique):
        entry.refresh_from_db()
    assert entry.summary == "Dedans"
    assert "PARTSTAT=ACCEPTED" in entry.data
    take(where, post.answer(outside_invitation(cast, "CANCEL"), method="CANCEL", sender="zoe@example.com"))
    with scope(cast.fabrique):
        assert not Entry.objects.filter(pk=entry.pk).exists()


def test_only_its_organizer_changes_an_invitation_from_outside(cast: Cast) -> None:
    where = personal_address(cast)
    take(where, post.answer(outside_invitation(cast), method="REQUEST", sender="zoe@example.com"))
    forged = outside_invitation(cast, summary="Piège", more="SEQUENCE:9\r\n")
    with pytest.raises(Refused):
        take(where, post.answer(forged, method="REQUEST", sender="eve@example.com"))
    stolen = forged.replace(b"zoe@example.com", b"eve@example.com")
    with pytest.raises(Refused):
        take(where, post.answer(stolen, method="REQUEST", sender="eve@example.com"))
    with scope(cast.fabrique):
        assert [one.summary for one in Entry.objects.filter(calendar=own_calendar(cast.bob))] == ["Dehors"]


def test_the_key_of_a_person_cannot_be_made_up(cast: Cast) -> None:
    with scope(cast.fabrique):
        right = mailed.personal_key(cast.bob)
        assert mailed.knows(right)
        assert not mailed.knows(right.replace(f"p{cast.bob.pk}.", f"p{cast.alice.pk}."))
        assert not mailed.knows("p1.")
        assert not mailed.knows("p" + "9" * 30 + ".x")
    with scope(cast.atelier):
        assert not mailed.knows(right)


# A box ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def box(settings: Any) -> Iterator[post.Box]:
    settings.TILIOS_MAIL_DOMAIN = ""
    settings.TILIOS_OUTSIDE_NETWORKS = ["127.0.0.0/8"]
    with post.box() as found:
        yield found


def name_box(cast: Cast, box: post.Box, **fields: Any) -> Box:
    values = {
        "address": "agenda@fabrique.example", "server": "127.0.0.1", "port": box.port, "security": "none",
        "account": post.ACCOUNT, "password": post.PASSWORD,
    } | fields  # fmt: skip
    return boxes.name_box(by=cast.alice, **values)


@pytest.mark.parametrize("has_plus", [True, False])
def test_an_answer_is_read_from_the_box_of_the_structure(cast: Cast, box: post.Box, has_plus: bool) -> None:
    with scope(cast.fabrique):
        row = name_box(cast, box, has_plus=has_plus)
        entry = invite(cast.bob, ADA)
        letter = Mail.objects.get(recipients=[ADA])
        invitation = request_in(bytes(letter.message))
        where = organizer_of(invitation)
        assert where.endswith("@fabrique.example")
        assert ("+" in where) is has_plus
        box.put(b"From: somebody@example.org\r\nTo: agenda@fabrique.example\r\nSubject: Bonjour\r\n\r\nUn mot.\r\n")
        box.put(post.answer(reply_to(invitation, "ACCEPTED"), to=where))

        looked = boxes.look(row)

        assert (looked.seen, looked.taken) == (2, 1)
        assert guest(entry).status == "ACCEPTED"
        assert boxes.look(Box.objects.get()).seen == 0
    assert len(list((box.place / "mail" / ".Tilios" / "cur").iterdir())) == 1
    left = [one for name in ("new", "cur") for one in (box.place / "mail" / name).iterdir()]
    assert len(left) == 1


def test_without_a_key_only_the_guest_answers(cast: Cast, box: post.Box) -> None:
    with scope(cast.fabrique):
        row = name_box(cast, box)
        entry = invite(cast.bob, ADA, "grace@example.net")
        invitation = request_in(bytes(Mail.objects.get(recipients=[ADA]).message))
        box.put(post.answer(reply_to(invitation, "ACCEPTED"), sender="eve@example.com"))
        box.put(post.answer(reply_to(invitation, "ACCEPTED", "grace@example.net"), sender=ADA))
        boxes.look(row)
        assert guest(entry).status == "NEEDS-ACTION"
        assert guest(entry, "grace@example.net").status == "NEEDS-ACTION"


def test_an_invitation_in_the_box_lands_when_its_organizer_wrote_it(cast: Cast, box: post.Box) -> None:
    with scope(cast.fabrique):
        row = name_box(cast, box)
        box.put(post.answer(outside_invitation(cast), method="REQUEST", sender="eve@example.com"))
        assert boxes.look(row).taken == 0
        assert not Entry.objects.filter(calendar=own_calendar(cast.bob)).exists()
        box.put(post.answer(outside_invitation(cast), method="REQUEST", sender="zoe@example.com"))
        assert boxes.look(Box.objects.get()).taken == 1
        assert [one.summary for one in Entry.objects.filter(calendar=own_calendar(cast.bob))] == ["Dehors"]


def test_the_box_of_one_structure_answers_nothing_of_another(cast: Cast, box: post.Box) -> None:
    with scope(cast.fabrique):
        name_box(cast, box)
        entry = invite(cast.bob, ADA)
        invitation = request_in(bytes(Mail.objects.get(recipients=[ADA]).message))
    with scope(cast.atelier):
        other = boxes.name_box(
            by=cast.charlie, address="agenda@fabrique.example", server="127.0.0.1", port=box.port, security="none",
            account=post.ACCOUNT, password=post.PASSWORD,
        )  # fmt: skip
        box.put(post.answer(reply_to(invitation, "ACCEPTED")))
        assert boxes.look(other).taken == 0
    assert status(cast, entry) == "NEEDS-ACTION"


def test_what_goes_wrong_is_said_and_kept_with_the_box(cast: Cast, box: post.Box, settings: Any) -> None:
    with scope(cast.fabrique):
        row = name_box(cast, box, password="un autre")
        with pytest.raises(OutsideError, match="laisse pas entrer"):
            boxes.look(row)
        assert "laisse pas entrer" in Box.objects.get().problem
        row = name_box(cast, box, port=post.free_port())
        with pytest.raises(OutsideError, match="ne répond pas"):
            boxes.look(row)
        row = name_box(cast, box, security="tls")
        with pytest.raises(OutsideError):
            boxes.look(row)
        row = name_box(cast, box, security="starttls")
        with pytest.raises(OutsideError, match="ne chiffre pas"):
            boxes.look(row)
        settings.TILIOS_OUTSIDE_NETWORKS = []
        with pytest.raises(OutsideError, match="réseau privé"):
            boxes.look(name_box(cast, box))


def test_a_password_stays_with_the_server_it_was_given_for(cast: Cast, box: post.Box) -> None:
    with scope(cast.fabrique):
        row = name_box(cast, box)
        assert post.PASSWORD not in row.password
        name_box(cast, box, password="", has_plus=True)
        with pytest.raises(Refused):
            name_box(cast, box, password="", server="voleur.example")


@pytest.mark.django_db(transaction=True)
def test_a_box_is_read_by_itself(cast: Cast, box: post.Box) -> None:
    with scope(cast.fabrique):
        name_box(cast, box)
        entry = invite(cast.bob, ADA)
        invitation = request_in(bytes(Mail.objects.get(recipients=[ADA]).message))
    box.put(post.answer(reply_to(invitation, "DECLINED")))
    boxes.look_into_all()
    jobs()
    assert status(cast, entry) == "DECLINED"
    assert outbox.deliver.call() == 0
