"""Open a poll, change it, add an option to it."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tilios.core.access.models import Visitor
from tilios.core.access.roles import may
from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.notify.actions import notify
from tilios.core.people.models import Person
from tilios.core.people.queries import active_people
from tilios.core.search import index
from tilios.kit.text import fold
from tilios.tools.polls import ballots, moments, queries, rules
from tilios.tools.polls.actions.formal import refuse_unsettling, settle
from tilios.tools.polls.actions.roll import freeze_roll
from tilios.tools.polls.drafts import Draft
from tilios.tools.polls.models import Electorate, Entitled, Names, Option, Poll, PollKind, Results

MOST_OPTIONS = 200
STRICTNESS = {Results.OPEN: 0, Results.VOTED: 1, Results.CLOSED: 2, Names.SHOWN: 0, Names.KEEPERS: 1}


@transaction.atomic
def open_poll(
    *,
    by: Person,
    drafts: Sequence[Draft],
    listed: Iterable[Person] = (),
    ballot_rules: dict[str, Any] | None = None,
    tell: bool = True,
    **fields: Any,
) -> Poll:
    """A new poll, open at once. Publishes "polls.opened" and, with `tell`, tells those it asks.

    `fields` are those of Poll. A formal vote freezes its roll. Raises NotAllowed without the right, Invalid("options",
    "deadline", "ballot", "timezone", "group", "listed", "quorum" or a setting of the ballot).
    """
    require(may(by, "polls.create"))
    poll = Poll(author=by, **fields)
    drafts = _ready(poll, drafts)
    poll.ballot_rules = ballots.of(poll.ballot).rules(ballot_rules or {}, len(drafts))
    settle(poll)
    _check(poll)
    if poll.deadline and poll.deadline <= timezone.now():
        raise Invalid("deadline", _("The deadline must be to come."))
    poll.save()
    _write_options(poll, drafts)
    _write_list(poll, listed)
    if poll.formal:
        freeze_roll(poll)
    publish("polls.opened", by=by, target=poll)
    index.update(poll)
    if tell:
        title, name = poll.title, by.display_name
        notify(
            "polls.opened",
            to=queries.entitled_people(poll),
            target=poll,
            by=by,
            text=lambda: gettext("%(name)s asks for your opinion: %(title)s") % {"name": name, "title": title},
        )
    return poll


@transaction.atomic
def change_poll(
    *,
    by: Person,
    poll: Poll,
    drafts: Sequence[Draft],
    listed: Iterable[Person] = (),
    ballot_rules: dict[str, Any] | None = None,
    **fields: Any,
) -> Poll:
    """Change an open poll. Publishes "polls.changed" with the names of what changed.

    An option left out is removed with its votes; so is one moved to another date. Once people have voted, how they
    answer no longer changes, and what was promised hidden stays hidden. Raises NotAllowed for who does not run the
    poll, Conflict when it is closed, Invalid as open_poll.
    """
    poll = queries.lock(poll.pk)
    require(rules.keeps(by, poll))
    if poll.closed_at:
        raise Conflict(_("This poll is closed: reopen it to change it."))
    if poll.secret and not poll.is_open:
        # SECURITY: its results may be read already: a later deadline would take votes again.
        raise Conflict(_("A secret vote that is over is not opened again."))
    has_votes = poll.ballots.exists() or (poll.formal and queries.has_begun(poll))
    before = {name: getattr(poll, name) for name in fields}
    kind_before, rules_before = poll.ballot, poll.ballot_rules
    for name, value in fields.items():
        setattr(poll, name, value)
    poll.kind = before.get("kind", poll.kind)
    drafts = _ready(poll, drafts)
    poll.ballot_rules = ballots.of(poll.ballot).rules(ballot_rules or {}, len(drafts))
    settle(poll)
    _check(poll)
    refuse_unsettling(poll, before, drafts, listed, has_votes=has_votes)
    if has_votes:
        if (poll.ballot, poll.ballot_rules) != (kind_before, rules_before):
            raise Invalid("ballot", _("People have already voted: how they answer can no longer change."))
        for name in ("results", "names"):
            # SECURITY: people voted under this promise; nobody opens it while votes are coming in.
            if STRICTNESS[getattr(poll, name)] < STRICTNESS[before.get(name, getattr(poll, name))]:
                raise Invalid(name, _("People have already voted: what was promised hidden stays hidden."))
    changed = [name for name, value in before.items() if getattr(poll, name) != value]
    if "deadline" in changed:
        if poll.deadline and poll.deadline <= timezone.now():
            raise Invalid("deadline", _("The deadline must be to come."))
        poll.reminded_at = None
        poll.reminders.all().delete()
    poll.save()
    if not poll.secret and _write_options(poll, drafts):
        changed.append("options")
    _write_list(poll, listed)
    publish("polls.changed", by=by, target=poll, fields=[name.removesuffix("_id") for name in changed])
    index.update(poll)
    return poll


@transaction.atomic
def propose_option(*, poll: Poll, draft: Draft, by: Person | None = None, visitor: Visitor | None = None) -> Option:
    """Add an option as a voter. Publishes "polls.option_proposed".

    Raises NotAllowed where the poll does not allow it or does not ask the voter, Conflict when it is closed or has the
    option already, Invalid("option").
    """
    poll = queries.lock(poll.pk)
    if by is not None:
        asked = may(by, "polls.vote") and rules.is_entitled(by, poll, listed=queries.is_listed(by, poll))
        require(poll.proposals and (asked or rules.keeps(by, poll)))
    else:
        require(poll.proposals and poll.guests and visitor is not None)
    if not poll.is_open:
        raise Conflict(_("This poll is closed."))
    _check_draft(poll, draft, "option")
    options = list(poll.options.all())
    fields = draft.fields(poll.tz)
    if any(_same(option, fields) for option in options):
        raise Conflict(_("This option is already there."))
    if len(options) >= MOST_OPTIONS:
        raise Invalid("option", _("A poll has at most %d options.") % MOST_OPTIONS)
    option = Option.objects.create(
        poll=poll,
        position=max((option.position for option in options), default=-1) + 1,
        proposed_by=by,
        proposed_as=visitor.name if visitor else "",
        **fields,
    )
    if poll.kind == PollKind.DATES:
        _sort_by_date(poll)
    publish("polls.option_proposed", by=by, visitor=visitor, target=poll, option=option.pk)
    index.update(poll)
    return option


# Parts --------------------------------------------------------------------------------------------------------------


def _ready(poll: Poll, drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts that say something, each once, dates in their order."""
    kept: dict[Any, Draft] = {}
    for draft in drafts:
        if draft.is_empty:
            continue
        _check_draft(poll, draft, "options")
        key = (draft.day, draft.start, draft.end, fold(draft.label), draft.link, draft.image, draft.file)
        kept.setdefault(key, draft)
    ready = list(kept.values())
    if not ready:
        raise Invalid("options", _("Please give at least one option."))
    if len(ready) > MOST_OPTIONS:
        raise Invalid("options", _("A poll has at most %d options.") % MOST_OPTIONS)
    if poll.kind == PollKind.DATES:
        ready.sort(key=lambda draft: (draft.day, draft.start is not None, draft.start or 0, draft.end or 0))
    return ready


def _check_draft(poll: Poll, draft: Draft, field: str) -> None:
    if poll.kind == PollKind.DATES and draft.day is None:
        raise Invalid(field, _("Every option of this poll needs a day."))
    if draft.end and not draft.start:
        raise Invalid(field, _("Give the hour when it starts as well."))
    if poll.kind == PollKind.CHOICE and not (draft.label.strip() or draft.image):
        raise Invalid(field, _("Every option needs a few words or a picture."))


def _check(poll: Poll) -> None:
    if not poll.title.strip():
        raise Invalid("title", _("Please write the question."))
    if not moments.is_zone(poll.timezone):
        raise Invalid("timezone", _("This time zone does not exist."))
    if poll.kind not in ballots.of(poll.ballot).poll_kinds:
        raise Invalid("ballot", _("This poll cannot be answered in this way."))
    if poll.ballot == "draw" and not poll.seed_source.strip():
        raise Invalid("seed_source", _("Say beforehand where the seed will come from."))
    if poll.electorate == Electorate.GROUP and poll.group is None:
        raise Invalid("group", _("Choose the group that votes."))
    if poll.electorate != Electorate.GROUP:
        poll.group = None
    if poll.electorate == Electorate.NOBODY and not poll.guests:
        raise Invalid("guests", _("Nobody could vote: let guests in, or choose who votes."))


def _same(option: Option, fields: dict[str, Any]) -> bool:
    return (option.day, option.starts_at, option.ends_at, fold(option.label)) == (
        fields["day"],
        fields["starts_at"],
        fields["ends_at"],
        fold(fields["label"]),
    )


def _write_options(poll: Poll, drafts: Sequence[Draft]) -> bool:
    """Make the options of `poll` those of `drafts`; True when anything changed."""
    existing = {option.pk: option for option in poll.options.all()}
    changed = False
    new: list[Option] = []
    kept: set[int] = set()
    for position, draft in enumerate(drafts):
        fields = draft.fields(poll.tz)
        option = existing.get(draft.pk) if draft.pk and draft.pk not in kept else None
        moved = option is not None and any(
            getattr(option, name) != fields[name] for name in ("day", "starts_at", "ends_at")
        )
        if option is None or moved:
            new.append(Option(poll=poll, position=position, **fields))
            continue
        kept.add(option.pk)
        differing = {name: value for name, value in fields.items() if getattr(option, name) != value}
        if differing or option.position != position:
            changed = changed or bool(differing)
            for name, value in differing.items():
                setattr(option, name, value)
            option.position = position
            option.save()
    gone = set(existing) - kept
    if gone:
        poll.options.filter(pk__in=gone).delete()
    Option.objects.bulk_create(new)
    return changed or bool(gone) or bool(new)


def _sort_by_date(poll: Poll) -> None:
    options = sorted(poll.options.all(), key=moments.sort_key)
    for position, option in enumerate(options):
        option.position = position
    Option.objects.bulk_update(options, ["position"])


def _write_list(poll: Poll, listed: Iterable[Person]) -> None:
    """The closed list: people of the structure, and no other."""
    if poll.electorate != Electorate.LIST:
        poll.entitled.all().delete()
        return
    wanted = {person.pk for person in listed}
    people = set(active_people().filter(pk__in=wanted).values_list("pk", flat=True))
    if not people:
        raise Invalid("listed", _("Choose the people who vote."))
    poll.entitled.exclude(person__in=people).delete()
    known = set(poll.entitled.values_list("person", flat=True))
    Entitled.objects.bulk_create(Entitled(poll=poll, person_id=pk) for pk in sorted(people - known))
