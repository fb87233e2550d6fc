"""What the settings of a formal or secret vote impose on the others."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Conflict, Invalid
from tilios.core.people.models import Person
from tilios.kit.voting.thresholds import Quorum
from tilios.tools.polls.drafts import Draft
from tilios.tools.polls.models import Electorate, Names, Poll, Results

#: What makes the rule of a vote, and who is on its roll: fixed once it has begun, or once it is open.
RULE = ("quorum", "quorum_by", "majority", "base", "most_proxies", "guests")
ROLL = ("electorate", "least_role", "group")


def settle(poll: Poll) -> None:
    """Bring the settings of a poll, not saved yet, in accord. Raises Invalid("quorum", "ballot").

    A formal vote has no "if need be" and no proposals; a secret one is sealed until its close, without names or places.
    """
    if not poll.formal:
        poll.secret = False
        return
    try:
        Quorum.parse(poll.quorum)
    except ValueError:
        raise Invalid("quorum", _("Write a share, such as 1/3 or 25 %, or a number of people.")) from None
    if poll.ballot == "draw" or (poll.secret and poll.ballot == "consent"):
        # SECURITY: the reasons of an objection would tell in whose words a secret ballot is written.
        raise Invalid("ballot", _("This way of answering does not suit this vote: choose another one."))
    poll.proposals = False
    if "maybe" in poll.ballot_rules:
        poll.ballot_rules["maybe"] = False
    if poll.secret:
        # SECURITY: places left and results seen early would tell what the last ballot said.
        poll.results, poll.names = Results.CLOSED, Names.KEEPERS
        poll.places = None


def refuse_unsettling(
    poll: Poll, before: dict[str, Any], drafts: Sequence[Draft], listed: Iterable[Person], *, has_votes: bool
) -> None:
    """Raise for a change that a formal vote no longer takes: `before` holds the fields changed as they were.

    Conflict for one that would become formal or secret, or stop being it; Invalid with the name of the field for its
    electorate (its roll is frozen), its rule and its options once somebody has voted (from the opening when secret).
    """
    for name in ("formal", "secret"):
        if before.get(name, getattr(poll, name)) != getattr(poll, name):
            raise Conflict(_("A poll is formal or secret from its opening: make another one."))
    if not poll.formal:
        return
    for name in ROLL:
        if before.get(name, getattr(poll, name)) != getattr(poll, name):
            raise Invalid(name, _("The roll is frozen: change it on its own page."))
    if poll.electorate == Electorate.LIST and {one.pk for one in listed} != set(
        poll.entitled.values_list("person", flat=True)
    ):
        raise Invalid("listed", _("The roll is frozen: change it on its own page."))
    for name in RULE:
        if has_votes and before.get(name, getattr(poll, name)) != getattr(poll, name):
            raise Invalid(name, _("People have already voted: the rule of the vote no longer changes."))
    if (poll.secret or has_votes) and [draft.fields(poll.tz) for draft in drafts] != [
        Draft.of(option, poll.tz).fields(poll.tz) for option in poll.options.all()
    ]:
        raise Invalid(
            "options",
            _("The options of a secret vote are fixed when it opens.")
            if poll.secret
            else _("People have already voted: the options of a formal vote no longer change."),
        )
    if poll.guests and before.get("guests") is False and poll.colleges.exclude(share=None).exists():
        raise Invalid("guests", _("Colleges have shares: guests by a link would belong to none."))
