"""What the words of a letter stand for, of a record or of several who share the letter."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import F, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tilios.core.billing import queries as money
from tilios.core.structures.scope import current_structure
from tilios.kit.money import format_cents
from tilios.tools.members.filling import vocabulary
from tilios.tools.members.models import Field, Record
from tilios.tools.members.queries import answers_of, fields, shown
from tilios.tools.members.queries.columns import FOREVER
from tilios.tools.members.queries.families import Letter


def values_of(letters: Sequence[Letter], keys: Collection[str], *, day: Any = None) -> list[dict[str, str]]:
    """What each of `keys` stands for in each letter, in its order; `today` always.

    Their records hold person, status and payer. A few queries, however many letters. It asks nobody's rights: `keys`
    are those of a vocabulary.
    """
    records = [record for letter in letters for record in letter.records]
    wanted = set(keys) - {word.key for word in vocabulary.OF_RECORDS}
    own = [field for field in fields() if field.key in wanted] if wanted else []
    answers = answers_of(records, own) if own else {}
    owed = _owed(records) if "amount_due" in keys else {}
    day = day or timezone.localdate()
    kept = {*keys, "today"}
    return [
        {key: value for key, value in _values(letter, day, own, answers, owed).items() if key in kept}
        for letter in letters
    ]


def _values(
    letter: Letter, day: Any, own: list[Field], answers: Mapping[int, dict[str, Any]], owed: Mapping[int, int]
) -> dict[str, str]:
    people = [record.person for record in letter.records]
    payers = {_payer(record) for record in letter.records}
    ends = [record.due_on for record in letter.records if record.due_on]
    found = {
        "civility": together(record.title for record in letter.records),
        "name": letter.name,
        "given_name": together(called(record) for record in letter.records),
        "family_name": together(person.family_name for person in people),
        "number": ", ".join(record.number for record in letter.records),
        "status": together(str(record.status or "") for record in letter.records),
        "joined_on": together(in_words(record.joined_on) for record in letter.records),
        "dues_end": in_words(min(ends)) if ends else "",
        "email": together(person.email for person in people),
        "town": people[0].town,
        "today": in_words(day),
        "structure": current_structure().name,
        "amount_due": format_cents(sum(owed.get(payer, 0) for payer in payers), get_language() or "fr"),
    }
    for field in own:
        said = (answers.get(record.pk, {}).get(field.key) for record in letter.records)
        found.setdefault(field.key, together(shown(value) for value in said))
    return found


def called(record: Record) -> str:
    """How one speaks to somebody: the name they chose, else their first name."""
    return record.chosen_name or record.person.given_name or record.person.display_name


def _payer(record: Record) -> int:
    return record.payer.person_id if record.payer else record.person_id


def together(texts: Iterable[str]) -> str:
    """Several texts as one, those alike once: "Jo, Lise and Al"."""
    return get_text_list([text for text in dict.fromkeys(texts) if text], _("and"))


def in_words(day: Any) -> str:
    """A day as a letter writes it; "" for none."""
    if day == FOREVER:
        return _("For life")
    return date_format(day, "DATE_FORMAT") if day else ""


def _owed(records: Iterable[Record]) -> dict[int, int]:
    """What each payer still has to pay, in cents, by the number of their person. One query."""
    payers = {_payer(record) for record in records}
    rows = money.unpaid_charges().filter(payer__in=payers).order_by().values_list("payer")
    return dict(rows.annotate(left=Sum(F("amount_cents") - F("paid_cents"))))
