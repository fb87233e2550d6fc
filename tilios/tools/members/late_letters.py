"""What a reminder of what is late says to its payer: all that they owe, its sum, how to pay."""

import re
from functools import partial

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tilios.core.access.links import absolute, link
from tilios.core.billing import queries as billing
from tilios.core.billing.models import BillingProfile
from tilios.core.billing.transfers import transfer_from
from tilios.core.structures.scope import current_structure
from tilios.kit.money import format_cents
from tilios.tools.members.filling.notation import filled
from tilios.tools.members.filling.values import called, in_words
from tilios.tools.members.filling.vocabulary import for_late_letters
from tilios.tools.members.models import LateLetter
from tilios.tools.members.queries.late import Situation
from tilios.tools.members.queries.paying import reference_of


def text_of(letter: LateLetter, situation: Situation, profile: BillingProfile | None = None) -> tuple[str, str]:
    """Subject and body as the payer reads them, in their language; the profile is read where it is not given."""
    language = (situation.record.language if situation.record else "") or current_structure().language
    with translation.override(language):
        words = words_of(situation, profile or billing.profile())
    vocabulary = for_late_letters()
    subject, body = (filled(text, vocabulary, words) for text in (letter.subject, letter.body))
    # A word that stands for nothing, such as how to pay without an account, leaves no hole.
    return " ".join(subject.split()), re.sub(r"\n{3,}", "\n\n", body.replace("\r\n", "\n")).strip()


def words_of(situation: Situation, profile: BillingProfile) -> dict[str, str]:
    """What the words between braces stand for, in the language that is active."""
    payer, written = situation.payer, partial(format_cents, language=translation.get_language() or "fr")
    lines = []
    for charge in situation.charges:
        said = {"what": charge.label, "day": date_format(charge.due_on), "amount": written(charge.left_cents)}
        if charge.beneficiary_name and charge.beneficiary_id != payer.pk:
            said["what"] = f"{charge.label} ({charge.beneficiary_name})"
        lines.append(_("- %(what)s, due on %(day)s: %(amount)s") % said)
    if situation.credit_cents:
        lines.append(_("- your credit, taken off: %(amount)s") % {"amount": written(situation.credit_cents)})
    transfer = transfer_from(profile, situation.to_pay_cents, reference_of(payer, situation.record))
    return {
        "name": payer.display_name,
        "civility": situation.record.title if situation.record else "",
        "given_name": called(situation.record) if situation.record else payer.given_name or payer.display_name,
        "family_name": payer.family_name,
        "owed": "\n".join(lines),
        "total": written(situation.to_pay_cents),
        "how_to_pay": render_to_string("members/money/letters/transfer.txt", {"transfer": transfer}).strip(),
        "link": absolute(link("members:own_dues")),
        "today": in_words(timezone.localdate()),
        "structure": current_structure().name,
    }


def mail(letter: LateLetter, situation: Situation) -> EmailMessage:
    """The letter to its payer; what they answer goes to the structure."""
    subject, body = text_of(letter, situation)
    structure = current_structure()
    back = [structure.email] if structure.email else None
    return EmailMessage(subject, body, to=[situation.payer.email], reply_to=back)
