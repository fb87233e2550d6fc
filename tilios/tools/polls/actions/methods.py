"""What only some kinds of poll know: the draw of lots, the next round of a decision by consent."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.core.search import index
from tilios.tools.polls import queries, rules
from tilios.tools.polls.actions.life import close_poll
from tilios.tools.polls.actions.polls import open_poll
from tilios.tools.polls.drafts import Draft
from tilios.tools.polls.models import Poll


@transaction.atomic
def draw_lots(*, by: Person, poll: Poll, seed: str) -> Poll:
    """Write down the seed, from which everybody can work out the order. Publishes "polls.drawn" with the seed.

    Raises NotAllowed for who does not run the poll, Conflict while its list is open, for a poll that is no draw, or
    once it is drawn; Invalid("seed").
    """
    poll = queries.lock(poll.pk)
    require(rules.keeps(by, poll))
    if poll.ballot != "draw" or poll.deleted_at:
        raise Conflict(_("This poll is no draw."))
    if poll.is_open:
        # SECURITY: while options can be added or changed, whoever knows the seed could bend the order.
        raise Conflict(_("Close the list before the draw."))
    if poll.seed:
        raise Conflict(_("The draw has taken place: it is not done again."))
    poll.seed = " ".join(seed.split())[:200]
    if not poll.seed:
        raise Invalid("seed", _("Write the seed, as its source gives it."))
    poll.closed_at = poll.closed_at or poll.deadline
    poll.save(update_fields=["seed", "closed_at"])
    publish("polls.drawn", by=by, target=poll, seed=poll.seed)
    index.update(poll)
    return poll


@transaction.atomic
def open_round(*, by: Person, follows: Poll, drafts: Sequence[Draft], **fields: Any) -> Poll:
    """The next round of a decision by consent: a new poll, with its proposals amended. The round before is closed.

    Publishes "polls.opened" and "polls.round_opened" of the new poll, "polls.closed" of the other if it was open.
    Raises NotAllowed for who does not run the round before, Conflict if it is no consent or has a next round already,
    Invalid as open_poll.
    """
    before = queries.lock(follows.pk)
    require(rules.keeps(by, before))
    if before.ballot != "consent" or before.deleted_at:
        raise Conflict(_("Only a decision by consent goes on in rounds."))
    if Poll.objects.filter(follows=before, deleted_at=None).exists():
        raise Conflict(_("The next round is open already."))
    if before.is_open:
        close_poll(by=by, poll=before)
    number = before.round_number + 1
    poll = open_poll(by=by, drafts=drafts, follows=before, round_number=number, **fields | {"ballot": "consent"})
    publish("polls.round_opened", by=by, target=poll, follows=before.pk, round=number)
    return poll
