"""Remind payers of what is late: by mail, or on a list to print. All that is late of one payer in one letter."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.billing.ledger import books
from tilios.core.errors import Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.tools.members import late_letters as letters
from tilios.tools.members import rules
from tilios.tools.members.filling.notation import check
from tilios.tools.members.filling.vocabulary import for_late_letters
from tilios.tools.members.models import Channel, LateLetter, LateReminded, LateRule
from tilios.tools.members.models.late import LONGEST_DELAY
from tilios.tools.members.queries import late as queries


def remind_late(*, today: date | None = None) -> int:
    """Periodic: write to whoever has something late of which a reminder is due; how many letters. Each is written in a
    transaction of its own, so that a crash neither loses one nor sends it twice. Publishes one "members.late_reminded".
    """
    today = today or timezone.localdate()
    active = list(queries.late_rules().filter(is_active=True))
    sent = sum(_remind(payer, active, today) for payer in queries.payers_to_remind(active, today)) if active else 0
    if sent:
        publish("members.late_reminded", by=None, count=sent)
    return sent


@transaction.atomic
def _remind(payer_pk: int, active: Sequence[LateRule], today: date) -> bool:
    """Write to one payer; False where nothing is due any more, or their credit covers it."""
    books.lock()  # what is being paid, cancelled or debited meanwhile is seen, and no other process writes the same
    situation = queries.situations([payer_pk], today).get(payer_pk)
    if situation is None or not situation.to_pay_cents:
        return False
    ripe = queries.ripe_today(situation.charges, active, today)
    if not ripe:
        return False
    rule = max((one for _charge, one in ripe), key=lambda one: one.days)
    letter = LateLetter.objects.create(
        rule=rule,
        payer=situation.payer,
        days=rule.days,
        channel=Channel.to(situation.payer),
        cents=situation.to_pay_cents,
        subject=rule.subject,
        body=rule.body,
    )
    LateReminded.objects.bulk_create(
        LateReminded(letter=letter, charge=charge, rule=one, days=one.days) for charge, one in ripe
    )
    if letter.channel == Channel.MAIL:
        letters.mail(letter, situation).send()
    return True


@transaction.atomic
def mark_late_printed(*, by: Person, letters: Sequence[LateLetter]) -> None:
    """Say that these were printed, and with each those that it replaces. Publishes "members.reminders_printed"."""
    for letter in letters:
        same = LateLetter.objects.filter(payer=letter.payer_id, channel=Channel.PAPER, printed_at=None)
        same.filter(pk__lte=letter.pk).update(printed_at=timezone.now())
    publish("members.reminders_printed", by=by, count=len(letters))


@transaction.atomic
def save_late_rule(
    *, by: Person, days: int, subject: str, body: str, is_active: bool = True, rule: LateRule | None = None
) -> LateRule:
    """Make or change the letter sent `days` after something was due. Publishes "members.late_rule_saved".

    Raises NotAllowed, Invalid("days") for a day that another has or that cannot be, Invalid("subject" or "body") for a
    word between braces that is none of `for_late_letters`.
    """
    require(rules.keeps_money(by))
    check(for_late_letters(), subject=subject, body=body)
    if not 1 <= days <= LONGEST_DELAY:
        raise Invalid("days", _("From 1 to %(most)s days.") % {"most": LONGEST_DELAY})
    if LateRule.objects.filter(days=days).exclude(pk=rule.pk if rule else None).exists():
        raise Invalid("days", _("There is already a reminder on this day."))
    rule = rule or LateRule()
    rule.days, rule.subject, rule.body, rule.is_active = days, " ".join(subject.split()), body, is_active
    rule.save()
    publish("members.late_rule_saved", by=by, target=rule)
    return rule


@transaction.atomic
def remove_late_rule(*, by: Person, rule: LateRule) -> None:
    """Send this reminder no more; what was sent stays in the log. Publishes "members.late_rule_saved"."""
    require(rules.keeps_money(by))
    publish("members.late_rule_saved", by=by, target=rule)
    rule.delete()
