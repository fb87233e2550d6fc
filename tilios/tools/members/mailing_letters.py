"""The letters of mailings: what each says to one member, how they say no, and what comes back when nobody takes it."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tilios.core.access.links import absolute, link
from tilios.core.errors import Conflict, Invalid
from tilios.core.mailroom.letters import Letter as Came
from tilios.core.people.models import Person
from tilios.core.structures.scope import current_structure
from tilios.tools.members.filling.notation import Vocabulary, check, filled, filled_html, words_in
from tilios.tools.members.filling.values import values_of
from tilios.tools.members.filling.vocabulary import for_mails
from tilios.tools.members.models import Delivery, Mailing, MailingKind, Record
from tilios.tools.members.queries.families import Letter
from tilios.ui import prose

SALT = "tilios.members.unsubscribe"


@dataclass(frozen=True)
class Said:
    """The letter as one member reads it: `html` is safe."""

    subject: str
    body: str
    html: SafeString


def check_text(by: Person, *, subject: str, body: str) -> None:
    """Raises Invalid("subject" or "body") for a word that is none, is not for `by`, or stands in an address."""
    vocabulary = for_mails(by)
    check(vocabulary, subject=subject, body=body)
    address = _page()
    linked = _with_links(body, vocabulary, address)
    html = prose.render(linked)
    links = sum(vocabulary.key_of(word) == "link" for word in words_in(body))
    is_lost = Counter(words_in(linked)) - Counter(words_in(html)) or html.count(f'href="{escape(address)}"') < links
    if is_lost or re.search(rf"\]\(<{re.escape(address)}>[^\s)]", linked):
        said = _("In the address of a link, only %(link)s is filled, with nothing before or after it.")
        raise Invalid("body", said % {"link": vocabulary.localised("{link}")})


def check_words(mailing: Mailing, by: Person) -> None:
    """Raises Conflict when a word of the letter is gone, or is not for `by`."""
    try:
        check_text(by, subject=mailing.subject, body=mailing.body)
    except Invalid as refused:
        raise Conflict(refused.message) from refused


def may_fill(mailing: Mailing, person: Person | None) -> bool:
    """Whether each word of the letter is one that `person` may read still."""
    vocabulary = for_mails(person)
    return all(vocabulary.key_of(word) for word in words_in(f"{mailing.subject} {mailing.body}"))


def said_to(mailing: Mailing, records: Sequence[Record], *, by: Person | None) -> list[Said]:
    """What each of `records` reads, in their order. A few queries, however many.

    Words that `by` may not read stay as they are written: `check_words` comes first.
    """
    # SECURITY: no word is filled but those of this vocabulary, whoever wrote the letter.
    vocabulary = for_mails(by)
    keys = vocabulary.keys_in(mailing.subject) | vocabulary.keys_in(mailing.body)
    address = _page()
    html = prose.render(_with_links(mailing.body, vocabulary, address))
    letters = [Letter(record.person.display_name, (), (record,)) for record in records]
    found = [values | {"link": address} for values in values_of(letters, keys - {"link"})]
    return [
        Said(
            " ".join(filled(mailing.subject, vocabulary, values).split()),
            filled(mailing.body, vocabulary, values),
            filled_html(html, vocabulary, values),
        )
        for values in found
    ]


def unfilled(mailing: Mailing) -> SafeString:
    """The letter as it was written, its link in place, for those who look at what was sent. No query."""
    return prose.render(_with_links(mailing.body, for_mails(None), _page()))


def _page() -> str:
    """What {link} stands for."""
    return absolute(link("members:own"))


def _with_links(body: str, vocabulary: Vocabulary, address: str) -> str:
    """The body with its {link} in place: an address alone is one to click, and one of [words](…) stays their address.

    The address is ours: it may be read as Markdown. Between < and >, it is an address in both places.
    """
    between = f"<{address}>"
    return filled(body, vocabulary, {"link": between}).replace(f"<{between}>", between)


def letter(
    mailing: Mailing, record: Record, said: Said, email: str, *, back: str = "", subject: str = "%(subject)s"
) -> EmailMultiAlternatives:
    """The letter of a mailing to one member; `back` is where it returns if nobody takes it (its return path)."""
    stop = absolute(link("members:unsubscribe", stop_token(record))) if mailing.kind == MailingKind.NEWS else ""
    context = {
        "body": said.body,
        "html": said.html,
        "stop_url": stop,
        "structure": current_structure(),
        "home_url": absolute(link("portal:home")),
        "language": translation.get_language(),
    }
    headers = {"Precedence": "bulk", "X-Auto-Response-Suppress": "OOF, AutoReply"}
    if stop:
        # RFC 8058: one click, without a page to read.
        headers |= {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    if back:
        headers["From"] = settings.DEFAULT_FROM_EMAIL
    made = EmailMultiAlternatives(
        subject=subject % {"subject": said.subject},
        body=render_to_string("members/mailings/letter.txt", context),
        from_email=back or settings.DEFAULT_FROM_EMAIL,
        to=[email],
        reply_to=[mailing.reply_to] if mailing.reply_to else None,
        headers=headers,
    )
    made.attach_alternative(render_to_string("members/mailings/letter.html", context), "text/html")
    return made


def stop_token(record: Record) -> str:
    """The key of "no more news" for one member."""
    return signing.dumps([record.structure_id, record.pk], salt=SALT, compress=True)


def record_of_token(token: str) -> Record | None:
    """The member whose key it is, or None for a key that is not ours or not of the structure in scope."""
    try:
        structure, pk = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    # SECURITY: the key of one structure opens nothing in another.
    if structure != current_structure().pk:
        return None
    return Record.objects.filter(pk=pk).select_related("person").first()


def knows(key: str) -> bool:
    """Whether a letter of ours comes back to this key."""
    return bool(key) and Delivery.objects.filter(key=key).exists()


def take(came: Came, key: str) -> bool:
    """Note that a letter came back, and why; whether it was one of ours. Answers that programs write are let go."""
    if not knows(key):
        return False
    if came.failed:
        Delivery.objects.filter(key=key, returned_at=None).update(returned=came.failed, returned_at=timezone.now())
    return True
