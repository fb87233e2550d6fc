"""Cast a secret ballot: the roll is ticked, the ballot enters the box, and the box is stirred, all at once.

What must never be known is which ballot is whose. Read docs/decisions/0011-secret-ballots.md before changing a line.
"""

import base64
import hashlib
import hmac
import random
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tilios.core.access.models import Visitor
from tilios.core.access.roles import may
from tilios.core.errors import Conflict, Invalid, NotAllowed, require
from tilios.core.journal.actions import publish, through
from tilios.core.people.models import Person
from tilios.tools.polls import queries, rules
from tilios.tools.polls.actions.ballots import check_marks
from tilios.tools.polls.actions.proxies import drop_proxy
from tilios.tools.polls.actions.roll import lonely_sentence
from tilios.tools.polls.models import Poll, SecretBallot, Voter
from tilios.tools.polls.models.formal import random_number

STIRRED = 200  # ballots taken out of the box and put back at each vote
RECEIPT_BYTES = 8
RECEIPT_LETTERS = 12  # of five bits: sixty bits, that nobody finds by trying

_chance = random.SystemRandom()


@dataclass(frozen=True)
class Cast:
    """What a voter takes away: one code for each voice, shown once. `again` when the same form had been taken."""

    receipts: tuple[str, ...]
    again: bool = False


@transaction.atomic
def cast_secret_ballots(
    *, by: Person, poll: Poll, voters: Sequence[int], marks: Mapping[int, int], sheet: str, blank: bool = False
) -> Cast:
    """Cast the same marks for some of the voices of `by`: their own line and those whose proxy they hold.

    Each voice is a ballot of its own. `sheet` names the form: sent twice, it is one vote and gives the same codes.
    Publishes "polls.voted_secretly", which names nobody. Raises NotAllowed for somebody not on the roll or for whom
    somebody else acts, Conflict once closed, for a voice already heard or given away, and when a class of voters is
    too small, Invalid("marks") and Invalid("voters").
    """
    poll = queries.lock(poll.pk)
    require(may(by, "polls.vote") and rules.is_entitled(by, poll, listed=queries.is_listed(by, poll)))
    # SECURITY: whoever acts for somebody would know their vote. A proxy is given on the roll, under both names.
    require(by.acted_by is None, _("A secret ballot is cast by oneself. To have somebody vote for you, give a proxy."))
    _require_secret_and_open(poll)
    own = queries.voter_of(poll, person=by)
    if own is None:
        raise NotAllowed
    wanted = sorted(set(voters))
    if not wanted:
        raise Invalid("voters", _("Say for whom this ballot is."))
    allowed = {own.pk, *own.givers.values_list("pk", flat=True)}
    if not set(wanted) <= allowed:  # checked under the lock: a proxy taken back a moment ago is not cast
        raise Conflict(_("One of these voices is no longer yours to cast: look again."))
    lines = list(poll.roll.filter(pk__in=wanted).select_related("person", "college").order_by("pk"))
    cast = _cast(poll, lines, marks, sheet, blank=blank)
    if own.pk in wanted and own.delegate_id:
        drop_proxy(by=by, poll=poll, giver=own)
    return cast


@transaction.atomic
def cast_secret_guest_ballot(
    *, visitor: Visitor, poll: Poll, marks: Mapping[int, int], sheet: str, blank: bool = False
) -> Cast:
    """Cast the ballot of a visitor of a share link, who joins the roll. Publishes and raises as cast_secret_ballots.

    The same form from a device not known yet is the same voter: its line goes to the visitor of the second sending.
    """
    poll = queries.lock(poll.pk)
    require(poll.guests, _("This poll takes no votes from guests."))
    _require_secret_and_open(poll)
    mark = _digest("sheet", poll, sheet)
    line = poll.roll.filter(visitor=visitor).first() or poll.roll.filter(sheet=mark).first()
    if line is None:
        line = Voter.objects.create(poll=poll, visitor=visitor, name=visitor.name, sheet=mark)
    elif line.visitor_id != visitor.pk:
        line.visitor, line.name = visitor, visitor.name
        line.save(update_fields=["visitor", "name"])
    return _cast(poll, [line], marks, sheet, blank=blank)


def drop_in(poll: Poll, ballots: Sequence[SecretBallot]) -> None:
    """Put ballots into the box of a locked poll, and stir: part of every transaction that adds one.

    SECURITY: the new ballots are written together with up to STIRRED others, drawn at random, taken out and put back
    under new numbers in a random order. Neither the order of rows on the disk (SQLite's rowid, PostgreSQL's ctid) nor
    the transaction that wrote them (xmin) tells the new one from those stirred with it.
    """
    box = SecretBallot.objects.filter(poll=poll)
    numbers = list(box.order_by("receipt").values_list("pk", flat=True))
    drawn = list(box.filter(pk__in=_chance.sample(numbers, min(STIRRED, len(numbers)))))
    box.filter(pk__in=[one.pk for one in drawn]).delete()
    for one in drawn:
        one.pk = random_number()  # an archive brought in gives numbers that follow each other
    mixed = [*drawn, *ballots]
    _chance.shuffle(mixed)
    SecretBallot.objects.bulk_create(mixed)


def receipt(poll: Poll, sheet: str, voter: Voter) -> str:
    """The code of one voice of the form `sheet`, "7KQ2-M9XA-RT4C": made again from the form, kept nowhere."""
    key = settings.SECRET_KEY.encode()
    code = hmac.new(key, f"polls.receipt:{poll.pk}:{voter.pk}:{sheet}".encode(), hashlib.sha256).digest()
    letters = base64.b32encode(code[:RECEIPT_BYTES]).decode()[:RECEIPT_LETTERS]
    return "-".join(letters[place : place + 4] for place in range(0, RECEIPT_LETTERS, 4))


def fingerprint(code: str) -> str:
    """What the box keeps of a code, however it was typed."""
    # The alphabet has no 0, 1 or 8: what was read as one of them was a letter.
    letters = re.sub(r"[^A-Z2-7]", "", code.upper().translate(str.maketrans("018", "OIB")))
    return hashlib.sha256(letters.encode()).hexdigest()


def new_sheet() -> str:
    """The number of a form, that nobody guesses and no table keeps."""
    return secrets.token_urlsafe(18)


# Parts --------------------------------------------------------------------------------------------------------------


def _require_secret_and_open(poll: Poll) -> None:
    if not poll.secret:
        raise Conflict(_("This vote is not secret."))
    if not poll.is_open:
        raise Conflict(_("This poll is closed: votes can no longer be cast or changed."))


def _cast(poll: Poll, lines: Sequence[Voter], marks: Mapping[int, int], sheet: str, *, blank: bool) -> Cast:
    if not sheet:
        raise Invalid("sheet", _("This form is incomplete: open the page of the vote again."))
    codes = tuple(receipt(poll, sheet, line) for line in lines)
    prints = [fingerprint(code) for code in codes]
    if poll.secret_ballots.filter(receipt__in=prints).count() == len(prints):
        return Cast(codes, again=True)
    for line in lines:
        if line.voted:
            raise Conflict(
                _("%(name)s has voted on paper.") % {"name": line.display_name}
                if line.on_paper
                else _("%(name)s has already voted.") % {"name": line.display_name}
            )
    if lonely := queries.lonely_class(queries.classes_of(poll)):
        raise Conflict(lonely_sentence(poll, lonely))
    options = list(poll.options.values_list("pk", flat=True))
    check_marks(poll, marks, options, blank=blank)
    values = queries.by_position(marks, options)
    for line in lines:
        line.voted = True
    own = [line.pk for line in lines]
    Voter.objects.filter(pk__in=own).update(voted=True)
    drop_in(
        poll,
        [
            SecretBallot(poll=poll, marks=values, weight=line.weight, college=line.college, receipt=one)
            for line, one in zip(lines, prints, strict=True)
        ],
    )
    # SECURITY: the entry names nobody, nor the door by which they came (a guest, a member). Its moment and its place
    # would give the order of the votes beside the roll.
    with through("job"):
        publish("polls.voted_secretly", target=poll)
    return Cast(codes)


def _digest(use: str, poll: Poll, sheet: str) -> str:
    return hashlib.sha256(f"polls.{use}:{poll.pk}:{sheet}".encode()).hexdigest() if sheet else ""
