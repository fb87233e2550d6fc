"""Events proposed by visitors: sent, confirmed from their mail, accepted or refused."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tilios.core.access.links import link
from tilios.core.errors import Conflict, require
from tilios.core.journal.actions import publish
from tilios.core.notify.actions import notify
from tilios.core.people.models import Person
from tilios.core.shelves import audience
from tilios.core.shelves.levels import Level
from tilios.core.structures.scope import current_structure
from tilios.kit import ical
from tilios.tools.agenda import proposal_letters as letters
from tilios.tools.agenda.actions.writing import add_event, new_uid
from tilios.tools.agenda.models import Entry, Item, Proposal, ProposalState, Publication
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.shelf import SHELF

SALT = "tilios.agenda.proposal"
CONFIRM_WITHIN = timedelta(days=3)
KEPT = timedelta(days=180)
#: Proposals of one calendar that are not decided; beyond, visitors are asked to come back later.
MOST_WAITING = 200


@transaction.atomic
def propose(*, publication: Publication, fields: Mapping[str, Any]) -> Proposal:
    """Keep what a visitor proposes, unseen, and write to them for their address to be confirmed.

    Publishes "agenda.proposal_sent". Raises Conflict where proposals are not taken, or too many wait.
    """
    if not publication.takes_proposals:
        raise Conflict(_("This calendar takes no proposals any more."))
    undecided = Proposal.objects.filter(
        calendar=publication.calendar, state__in=(ProposalState.SENT, ProposalState.WAITING)
    )
    if undecided.count() >= MOST_WAITING:
        raise Conflict(_("Many proposals wait already: please come back in a few days."))
    proposal = Proposal.objects.create(calendar=publication.calendar, **fields)
    publish("agenda.proposal_sent", target=publication.calendar)
    token = signing.dumps(proposal.pk, salt=SALT)
    letters.ask_confirmation(proposal, link("agenda:confirm_proposal", publication.slug, token.replace(":", "~")))
    return proposal


def proposal_of(publication: Publication, token: str) -> Proposal | None:
    """The proposal that the letter of `token` was about; None for a wrong token or one that is too old."""
    try:
        pk = signing.loads(token.replace("~", ":"), salt=SALT, max_age=CONFIRM_WITHIN)
    except signing.BadSignature:
        return None
    return Proposal.objects.filter(pk=pk, calendar=publication.calendar).first()


@transaction.atomic
def confirm(*, proposal: Proposal) -> None:
    """Put the proposal in the queue and tell those who look after the calendar; nothing for one that is there.

    Publishes "agenda.proposed".
    """
    count = Proposal.objects.filter(pk=proposal.pk, state=ProposalState.SENT).update(state=ProposalState.WAITING)
    if not count:
        return
    calendar = proposal.calendar
    publish("agenda.proposed", target=calendar)
    title, name = proposal.title, calendar.name
    notify(
        "agenda.proposed",
        to=_keepers(calendar),
        text=lambda: gettext("A visitor proposes “%(title)s” for %(calendar)s") % {"title": title, "calendar": name},
        url=link("agenda:proposal", proposal.pk),
    )


def may_decide(rights: Rights, calendar: Item) -> bool:
    """Whether the person answers the visitors of a calendar: who changes whatever is there."""
    return rights.level(calendar) >= Level.EDIT and rights.may("write")


@transaction.atomic
def accept(*, by: Person, rights: Rights, proposal: Proposal, draft: Mapping[str, Any]) -> Entry:
    """Make an event of the proposal, as `draft` says it (fields of ical.Draft), and tell who proposed it.

    Publishes "agenda.proposal_accepted". Raises NotAllowed, Conflict for one that is decided, Unreadable.
    """
    held = _held(rights, proposal)
    event = ical.Draft(uid=new_uid(), tzid=held.calendar.zone or current_structure().timezone, **draft)
    entry = add_event(by=by, rights=rights, calendar=held.calendar, draft=event)
    _decide(held, by, ProposalState.ACCEPTED, entry)
    publish("agenda.proposal_accepted", by=by, target=entry)
    letters.tell_accepted(held, entry)
    return entry


@transaction.atomic
def refuse(*, by: Person, rights: Rights, proposal: Proposal, reason: str) -> None:
    """Refuse the proposal and write why to who proposed it.

    Publishes "agenda.proposal_refused". Raises NotAllowed, Conflict for one that is decided.
    """
    held = _held(rights, proposal)
    _decide(held, by, ProposalState.REFUSED, None)
    publish("agenda.proposal_refused", by=by, target=held.calendar)
    letters.tell_refused(held, reason.strip()[:2000])


def forget_old() -> int:
    """Remove proposals whose address was never confirmed, and those decided long ago. How many."""
    now = timezone.now()
    sent = Proposal.objects.filter(state=ProposalState.SENT, proposed_at__lt=now - CONFIRM_WITHIN).delete()[0]
    return sent + Proposal.objects.filter(decided_at__lt=now - KEPT).delete()[0]


def _held(rights: Rights, proposal: Proposal) -> Proposal:
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("calendar")
    held = rows.get(pk=proposal.pk)
    require(may_decide(rights, held.calendar))
    if held.state != ProposalState.WAITING:
        raise Conflict(_("Somebody has answered this proposal already."))
    return held


def _decide(held: Proposal, by: Person, state: ProposalState, entry: Entry | None) -> None:
    held.state, held.decided_by, held.decided_at, held.entry = state, by, timezone.now(), entry
    held.save(update_fields=["state", "decided_by", "decided_at", "entry"])


def _keepers(calendar: Item) -> Any:
    """Those who look after the calendar: others may answer as well, and are not all told."""
    seen = audience.who_sees(calendar)
    return audience.seers(SHELF, [one for one in seen.grants if one.level >= Level.MANAGE], seen.looked_after_from)
