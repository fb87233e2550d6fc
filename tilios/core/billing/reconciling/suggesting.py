"""Whose a line of a statement may be, and why, in words."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils.translation import gettext as _

from tilios.core.billing.models import Charge, Deposit, KnownPayer, Means, Paper, PaperKind, Payment, StatementLine
from tilios.core.billing.queries import unpaid_charges
from tilios.core.billing.reconciling.columns import BANK
from tilios.core.people.models import Person
from tilios.kit.text import fold, words

#: What a paper is called in the words of a transfer: "F2026-0012", "f 2026 12".
PAPER_NUMBER = re.compile(r"\bf ?(20\d\d)[ -]?0*(\d{1,6})\b")
NEAR = timedelta(days=10)  # between a payment recorded by hand and its line
ENOUGH = 60  # from there on, with the very amount, a line is surely somebody's
MOST = 5
TELLING = 20  # an amount that more people owe tells nothing by itself: it is what everybody pays


@dataclass
class Suggestion:
    """`person` may have paid this: `parts` is what it would pay, `payment` one that was recorded by hand already."""

    person: Person
    score: int = 0
    reasons: list[str] = field(default_factory=list)
    parts: dict[Charge, int] = field(default_factory=dict)
    payment: Payment | None = None
    is_exact: bool = False  # the amount is that of what is owed
    is_certain: bool = False

    def add(self, points: int, reason: str) -> None:
        self.score += points
        self.reasons.append(reason)


@dataclass(frozen=True)
class Name:
    """The name of somebody, ready to be looked for: its words, those of the last name, and as it is written in one
    piece, either part first, between spaces.
    """

    words: frozenset[str]
    family: frozenset[str]
    ways: tuple[str, ...]

    @classmethod
    def of(cls, person: Person) -> "Name":
        given, family = words(person.given_name), words(person.family_name)
        whole = given + family or words(person.organisation or person.display_name)
        ways = {f" {' '.join(way)} " for way in (whole, family + given) if way}
        return cls(frozenset(whole), frozenset(family), tuple(ways))


Of = Callable[[int], Suggestion]  # the suggestion of a person, by their number


class Suggester:
    """Reads once who there is and what is owed, then answers for as many lines as wanted, without a query each."""

    def __init__(self) -> None:
        self.people: dict[int, Person] = {person.pk: person for person in Person.objects.filter(visit_ends_at=None)}
        self.by_mail: dict[str, list[int]] = defaultdict(list)
        self.by_word: dict[str, set[int]] = defaultdict(set)
        self.names: dict[int, Name] = {}
        for person in self.people.values():
            if person.email:
                self.by_mail[person.email.lower()].append(person.pk)
            self.names[person.pk] = Name.of(person)
            for word in self.names[person.pk].words:
                self.by_word[word].add(person.pk)
        self.look_again()

    def look_again(self) -> None:
        """Read what a payment changes: what is owed, which payments are no line's, under which names people paid."""
        self.due: dict[int, list[Charge]] = defaultdict(list)
        self.owing: dict[int, set[int]] = defaultdict(set)  # who owes a charge of so many cents
        for charge in unpaid_charges():
            if charge.payer_id in self.people:
                self.due[charge.payer_id].append(charge)
                self.owing[charge.left_cents].add(charge.payer_id)
        self.known: dict[str, list[int]] = defaultdict(list)
        for sign, person_pk in KnownPayer.objects.values_list("sign", "person"):
            self.known[sign].append(person_pk)
        self.papers = {
            (paper.year, paper.number): paper
            for paper in Paper.objects.filter(kind=PaperKind.INVOICE, charges__isnull=False).distinct()
        }
        self.deposits: dict[int, list[Deposit]] = defaultdict(list)
        for deposit in Deposit.objects.select_related("slip"):
            self.deposits[deposit.amount_cents].append(deposit)
        self.free = _by_amount(
            Payment.objects.filter(reverses=None, reversal=None, statement_lines=None).exclude(means=Means.CASH)
        )

    def suggest(self, line: StatementLine) -> list[Suggestion]:
        """Who may have paid `line`, the likeliest first, five at most; one alone may be certain."""
        found: dict[int, Suggestion] = {}

        def of(pk: int) -> Suggestion:
            return found.setdefault(pk, Suggestion(self.people[pk]))

        self._by_paper(line, of)
        self._by_sign(line, of)
        self._by_name(line, of)
        self._by_amount(line, of)
        for suggestion in found.values():
            self._weigh_amount(line, suggestion)
            self._recorded_by_hand(line, suggestion)
        ranked = sorted(found.values(), key=lambda one: (-one.score, one.person.sort_name, one.person.pk))[:MOST]
        sure = [one for one in ranked if one.score >= ENOUGH and one.is_exact]
        if len(sure) == 1 and sure[0] is ranked[0] and (len(ranked) == 1 or ranked[1].score < sure[0].score):
            sure[0].is_certain = True
        return ranked

    def nobodys(self, line: StatementLine) -> str:
        """Why `line` is nobody's payment, in words to set it aside with; "" when it may be somebody's."""
        if line.origin != BANK:
            return ""
        for deposit in self.deposits.get(line.amount_cents, ()):
            if timedelta(0) <= line.received_on - deposit.deposited_on <= NEAR:
                return _("These are the cheques of the deposit %(number)s.") % {"number": deposit.slip.reference}
        if "helloasso" in fold(line.label).replace(" ", ""):
            return _("HelloAsso pays what it has received: its own file says from whom.")
        return ""

    def _by_paper(self, line: StatementLine, of: Of) -> None:
        for year, number in PAPER_NUMBER.findall(fold(line.label)):
            paper = self.papers.get((int(year), int(number)))
            if paper is not None and paper.payer_id in self.people:
                suggestion = of(paper.payer_id)
                suggestion.add(60, _("The number of the invoice %(number)s is written.") % {"number": paper.reference})
                suggestion.parts = {
                    charge: charge.left_cents for charge in self.due[paper.payer_id] if charge.invoice_id == paper.pk
                }

    def _by_sign(self, line: StatementLine, of: Of) -> None:
        for pk in self.by_mail.get(line.payer_email, ()):
            of(pk).add(60, _("It is paid from their address, %(address)s.") % {"address": line.payer_email})
        for sign in signs_of(line):
            for pk in self.known.get(sign, ()):
                if pk in self.people:
                    of(pk).add(60, _("A payment under the same name or address was theirs before."))

    def _by_name(self, line: StatementLine, of: Of) -> None:
        payer, text = frozenset(words(line.payer_name)), words(f"{line.payer_name} {line.label}")
        said = frozenset(text)
        whole = f" {' '.join(text)} "
        for pk in set().union(*(self.by_word[word] for word in said if word in self.by_word)):
            name = self.names[pk]
            if len(name.words) > 1 and name.words == payer:
                of(pk).add(60, _("The name of the payer is theirs."))
            elif len(name.words) > 1 and any(way in whole for way in name.ways):
                of(pk).add(60 if self._is_alone(name) else 40, _("Their whole name is written."))
            elif len(name.words) > 1 and name.words <= said:
                of(pk).add(40, _("The words of their name are written, apart."))
            elif name.family and name.family <= said:
                of(pk).add(20, _("Their last name is written."))

    def _is_alone(self, name: "Name") -> bool:
        """Whether nobody else has all the words of this name in theirs."""
        return len(set.intersection(*(self.by_word[word] for word in name.words))) == 1

    def _by_amount(self, line: StatementLine, of: Of) -> None:
        owing = self.owing.get(line.amount_cents, ())
        if len(owing) <= TELLING:
            for pk in owing:
                of(pk)

    def _weigh_amount(self, line: StatementLine, suggestion: Suggestion) -> None:
        """What the money would pay: what the paper says, else the charge of that amount, else the oldest first."""
        due, cents = self.due.get(suggestion.person.pk, []), line.amount_cents
        one = next((charge for charge in due if charge.left_cents == cents), None)
        if suggestion.parts and sum(suggestion.parts.values()) == cents:
            suggestion.is_exact = True
            suggestion.add(15, _("The amount is that of the invoice."))
        elif one is not None:
            suggestion.parts, suggestion.is_exact = {one: cents}, True
            suggestion.add(15, _("The amount is what is left to pay of “%(label)s”.") % {"label": one.label})
        elif due and sum(charge.left_cents for charge in due) == cents:
            suggestion.parts, suggestion.is_exact = {charge: charge.left_cents for charge in due}, True
            suggestion.add(15, _("The amount is all that they have to pay."))
        else:
            suggestion.parts = _oldest_first(due, cents)

    def _recorded_by_hand(self, line: StatementLine, suggestion: Suggestion) -> None:
        for payment in self.free.get(line.amount_cents, ()):
            if payment.payer_id == suggestion.person.pk and abs(payment.received_on - line.received_on) <= NEAR:
                suggestion.payment, suggestion.is_exact = payment, True
                day = payment.received_on.strftime("%d/%m/%Y")
                suggestion.add(15, _("A payment of this amount was recorded on %(day)s already.") % {"day": day})
                return


def signs_of(line: StatementLine) -> list[str]:
    """What recognises who paid, next time: the address, and the folded name of the payer."""
    name = " ".join(sorted(words(line.payer_name)))
    return [sign for sign in (line.payer_email, name) if sign]


def _by_amount(payments: Iterable[Payment]) -> dict[int, list[Payment]]:
    found: dict[int, list[Payment]] = defaultdict(list)
    for payment in payments:
        found[payment.amount_cents].append(payment)
    return found


def _oldest_first(due: list[Charge], cents: int) -> dict[Charge, int]:
    parts = {}
    for charge in due:
        if cents <= 0:
            break
        parts[charge] = min(cents, charge.left_cents)
        cents -= parts[charge]
    return parts
