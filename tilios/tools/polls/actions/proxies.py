"""Proxies: a voter gives their voice to another voter of the roll, or takes it back."""

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.notify.actions import notify
from tilios.core.people.models import Person
from tilios.tools.polls import queries, rules
from tilios.tools.polls.models import Poll, Voter

CLOSED = _("This poll is closed: proxies can no longer be given or taken back.")


@transaction.atomic
def give_proxy(*, by: Person, poll: Poll, giver: Voter, holder: Voter) -> None:
    """Give the voice of `giver` to `holder`, in place of an earlier proxy; by the giver, or by who runs the poll when
    it was written on paper. Publishes "polls.proxy_given" with both lines, tells the holder.

    Raises NotAllowed for anybody else, Conflict once the poll is closed or the giver has voted, Invalid("holder") for
    oneself, somebody of another roll, somebody who has given their own proxy (no chains), who holds as many as allowed
    or, in a secret vote, has already voted; Invalid("giver") for somebody who holds proxies themselves.
    """
    poll = queries.lock(poll.pk)
    giver, holder = _on_roll(poll, giver), _on_roll(poll, holder)
    require(giver.person_id == by.pk or rules.keeps(by, poll))
    if not poll.is_open:
        raise Conflict(CLOSED)
    if giver.voted:
        raise Conflict(_("%(name)s has already voted.") % {"name": giver.display_name})
    require(rules.may_give_proxy(poll, giver), _("This vote takes no proxies."))
    _check(poll, giver, holder)
    giver.delegate = holder
    giver.save(update_fields=["delegate"])
    paper = giver.person_id != by.pk
    publish(
        "polls.proxy_given", by=by, target=poll, subject=holder.person, giver=giver.pk, holder=holder.pk, paper=paper
    )
    if holder.person:
        title, name = poll.title, giver.display_name
        notify(
            "polls.proxy",
            to=[holder.person],
            target=poll,
            by=by,
            text=lambda: gettext("%(name)s gives you their proxy: %(title)s") % {"name": name, "title": title},
        )


@transaction.atomic
def take_back_proxy(*, by: Person, poll: Poll, giver: Voter) -> None:
    """Take the proxy of `giver` back. Publishes "polls.proxy_taken_back" with both lines.

    Raises NotAllowed for anybody but the giver and who runs the poll, Conflict once the poll is closed, when there is
    no proxy, or when its holder has voted with it in a secret vote.
    """
    poll = queries.lock(poll.pk)
    giver = _on_roll(poll, giver)
    require(giver.person_id == by.pk or rules.keeps(by, poll))
    if not poll.is_open:
        raise Conflict(CLOSED)
    if giver.delegate is None:
        raise Conflict(_("No proxy is given."))
    if not rules.may_take_back(poll, giver):
        raise Conflict(_("%(name)s has already voted with this proxy.") % {"name": giver.delegate.display_name})
    drop_proxy(by=by, poll=poll, giver=giver)


def drop_proxy(*, by: Person | None, poll: Poll, giver: Voter) -> None:
    """Take back a proxy of a locked poll, as whoever votes themselves does. Publishes "polls.proxy_taken_back"."""
    holder = giver.delegate
    giver.delegate = None
    giver.save(update_fields=["delegate"])
    publish(
        "polls.proxy_taken_back",
        by=by,
        target=poll,
        subject=holder.person if holder else None,
        giver=giver.pk,
        holder=holder.pk if holder else None,
    )


def _on_roll(poll: Poll, voter: Voter) -> Voter:
    rows = Voter.objects.select_related("person", "delegate", "delegate__person")
    row = rows.filter(pk=voter.pk, poll=poll).first()
    if row is None:
        raise Invalid("holder", _("This person is not on the roll."))
    return row


def _check(poll: Poll, giver: Voter, holder: Voter) -> None:
    if giver.pk == holder.pk:
        raise Invalid("holder", _("Choose somebody else than the one who gives the proxy."))
    if giver.givers.exists():
        raise Invalid("giver", _("%(name)s holds proxies, and cannot give theirs.") % {"name": giver.display_name})
    about = {"name": holder.display_name, "number": poll.most_proxies}
    if holder.delegate_id:
        raise Invalid("holder", _("%(name)s has given their own proxy, and cannot hold any.") % about)
    if poll.secret and holder.voted:
        raise Invalid("holder", _("%(name)s has already voted, and cannot hold a proxy any more.") % about)
    if holder.givers.exclude(pk=giver.pk).count() >= poll.most_proxies:
        raise Invalid("holder", _("%(name)s already holds as many proxies as allowed (%(number)d).") % about)
