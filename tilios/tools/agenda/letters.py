"""The letters of invitations: words for people, and the calendar that programs of mail read (iMIP, RFC 6047)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.utils import formataddr, parseaddr
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, pgettext

from tilios.core.access.links import absolute
from tilios.core.access.models import ShareLink
from tilios.core.mailroom.addresses import Entrance, entrance
from tilios.core.notify.readers import language_of
from tilios.core.people.models import Person
from tilios.core.structures.scope import current_structure
from tilios.kit import ical
from tilios.tools.agenda.models import Attendee, Entry
from tilios.tools.agenda.queries import views as queries
from tilios.tools.agenda.queries.guests import address_of
from tilios.tools.agenda.telling import rule_in_words, when_in_words

FILE = "invite.ics"
HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}  # RFC 3834
MOST_NAMED = 20


@dataclass(frozen=True)
class Said:
    """What is told of an event, or of one occurrence of it, in the language and the time zone that are active."""

    title: str
    when: str
    place: str
    rule: str
    description: str
    url: str


def said_of(entry: Entry, recurrence_id: str = "") -> Said:
    """What `entry` says now. Told again in each language."""
    one = queries.occurrence_of(entry, recurrence_id, now=timezone.now())
    differs = one.override if one else {}
    return Said(
        title=differs.get("summary", entry.summary) or gettext("Untitled"),
        when=when_in_words(one.start, one.end, is_all_day=one.is_all_day, entry=entry) if one else "",
        place=differs.get("location", entry.location),
        rule="" if recurrence_id else rule_in_words(entry),
        description=differs.get("description", entry.description),
        url=entry.url,
    )


def changes(before: Said, after: Said) -> list[str]:
    """What changed, in sentences, the time first."""
    found = []
    if before.when != after.when:
        found.append(gettext("Moved from %(before)s to %(after)s.") % {"before": before.when, "after": after.when})
    if before.rule != after.rule:
        words = {"before": before.rule or gettext("once"), "after": after.rule or gettext("once")}
        found.append(gettext("It comes back: %(after)s (before: %(before)s).") % words)
    if before.title != after.title:
        words = {"before": before.title, "after": after.title}
        found.append(gettext("It is now called “%(after)s” (before: “%(before)s”).") % words)
    if before.place != after.place:
        words = {"before": before.place or gettext("not said"), "after": after.place or gettext("not said")}
        found.append(gettext("Place: %(after)s (before: %(before)s).") % words)
    if before.url != after.url:
        found.append(gettext("Web address: %(after)s") % {"after": after.url or gettext("none any more")})
    if before.description != after.description:
        found.append(gettext("The description changed."))
    return found


@dataclass(frozen=True)
class Invitation:
    """One letter to write: `kind` is "invited", "changed" or "cancelled". `before` is the event as it was."""

    kind: str
    guest: Attendee
    entry: Entry
    by: Person
    recurrence_id: str = ""
    before: Entry | None = None
    door: ShareLink | None = None


def invitation(asked: Invitation, post: Entrance, guests: Sequence[Attendee]) -> EmailMultiAlternatives:
    """The letter to one guest, in their language: text, HTML, and the calendar as a part and as a file."""
    guest, entry, structure = asked.guest, asked.entry, current_structure()
    language = language_of(guest.person) if guest.person else structure.language
    with translation.override(language), timezone.override(structure.timezone):
        said = said_of(entry, asked.recurrence_id)
        subjects = {
            "invited": gettext("Invitation: %(title)s, %(when)s"),
            "changed": gettext("Changed: %(title)s, %(when)s"),
            "cancelled": gettext("Cancelled: %(title)s, %(when)s"),
        }
        url = answer_url(asked.door, guest, asked.recurrence_id) if asked.door else ""
        context = {
            "kind": asked.kind,
            "said": said,
            "changes": changes(said_of(asked.before, asked.recurrence_id), said) if asked.before else [],
            "organizer": asked.by.display_name,
            "structure": structure,
            "names": [one.name or one.email for one in guests[:MOST_NAMED]],
            "more": max(len(guests) - MOST_NAMED, 0),
            "zone": "" if entry.is_all_day else zone_name(structure.timezone),
            "url": url,
            "answers": [(label, _with(url, "reponse", word)) for label, word in answer_words()] if url else [],
            "language": language,
        }
        subject = " ".join((subjects[asked.kind] % {"title": said.title, "when": said.when}).split())[:200]
        letter = EmailMultiAlternatives(
            subject=subject,
            body=render_to_string("agenda/letters/invitation.txt", context),
            from_email=sender(asked.by),
            to=[guest.email],
            reply_to=[address_of(asked.by)],
            headers=HEADERS | {"To": formataddr((" ".join(guest.name.split()), guest.email))},
        )
        letter.attach_alternative(render_to_string("agenda/letters/invitation.html", context), "text/html")
    _attach(letter, _calendar_of(asked, post), "CANCEL" if asked.kind == "cancelled" else "REQUEST")
    return letter


def _calendar_of(asked: Invitation, post: Entrance) -> bytes:
    """The message for programs: answers go where the key of this guest is known, else to the organizer."""
    where = post.address("agenda", asked.guest.token)
    data, now = asked.entry.data.encode(), timezone.now()
    if asked.kind == "cancelled":
        return ical.cancel(
            data, attendees=(asked.guest.email,), recurrence_id=asked.recurrence_id, organizer=where, now=now
        )
    return ical.request(data, recurrence_id=asked.recurrence_id, organizer=where, now=now)


def reply(guest: Attendee, status: str, recurrence_id: str) -> EmailMultiAlternatives:
    """The answer of somebody of the structure to an organizer elsewhere."""
    entry, person, structure = guest.entry, guest.person, current_structure()
    assert person is not None
    with translation.override(structure.language), timezone.override(structure.timezone):
        said = said_of(entry, recurrence_id)
        subjects = {
            "ACCEPTED": gettext("Accepted: %(title)s, %(when)s"),
            "TENTATIVE": gettext("Perhaps: %(title)s, %(when)s"),
            "DECLINED": gettext("Declined: %(title)s, %(when)s"),
        }
        subject = " ".join((subjects[status] % {"title": said.title, "when": said.when}).split())[:200]
        letter = EmailMultiAlternatives(
            subject=subject,
            body=f"{person.display_name} – {subject}\n\n{guest.comment}\n",
            from_email=sender(person),
            to=[entry.organizer],
            reply_to=[guest.email],
            headers=HEADERS,
        )
    message = ical.reply(
        entry.data.encode(), guest.email, status, recurrence_id, now=timezone.now(), comment=guest.comment
    )
    _attach(letter, message, "REPLY")
    return letter


def answer_words() -> list[tuple[str, str]]:
    """The answers as buttons say them, with the word of each in addresses."""
    return [
        (pgettext("answer to an invitation", "Yes"), "oui"),
        (pgettext("answer to an invitation", "Maybe"), "peut-etre"),
        (pgettext("answer to an invitation", "No"), "non"),
    ]


def answer_path(door: ShareLink, guest: Attendee) -> str:
    """The page on which this guest answers, without an account."""
    return reverse("share_step", args=[door.token, guest.token])


def answer_url(door: ShareLink, guest: Attendee, recurrence_id: str = "") -> str:
    url = absolute(answer_path(door, guest))
    return _with(url, "le", recurrence_id) if recurrence_id else url


def zone_name(zone: str) -> str:
    """ "Paris (UTC+1)": where the clocks are that an hour is of, now."""
    offset = timezone.now().astimezone(ZoneInfo(zone)).utcoffset() or timedelta(0)
    minutes = abs(int(offset.total_seconds())) // 60
    size = f"{minutes // 60}:{minutes % 60:02}" if minutes % 60 else str(minutes // 60)
    sign = "-" if offset < timedelta(0) else "+"
    return f"{zone.rpartition('/')[2].replace('_', ' ')} (UTC{sign}{size})"


def sender(by: Person) -> str:
    """Our own address under the name of `by`: a mail server would refuse theirs from here."""
    name = gettext("%(name)s via %(structure)s") % {"name": by.display_name, "structure": current_structure().name}
    return formataddr((" ".join(name.split()), parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))


def post() -> Entrance:
    """Where answers come in."""
    return entrance()


def _with(url: str, name: str, value: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{name}={quote(value)}"


def _attach(letter: EmailMultiAlternatives, message: bytes, method: str) -> None:
    """As programs of mail expect it: Google and Outlook read the part, others the file."""
    letter.attach_alternative(message.decode(), f"text/calendar; method={method}")
    letter.attach(FILE, message, "application/ics")
