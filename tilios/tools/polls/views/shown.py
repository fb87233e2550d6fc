"""What pages show of a poll: the ballot to fill, the results one may see. For people and for guests alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tilios.core.access.models import Visitor
from tilios.core.people.models import Person
from tilios.core.people.roles import Role
from tilios.tools.polls import ballots, moments, queries, results, rules
from tilios.tools.polls import decision as decisions
from tilios.tools.polls.models import Ballot, Electorate, Option, Poll, Voter
from tilios.ui import prose

LEAST_ROLES: dict[int, Any] = {
    Role.GUEST: _("everybody in the structure"),
    Role.MEMBER: _("members"),
    Role.MANAGER: _("managers"),
    Role.ADMIN: _("administrators"),
}


@dataclass(frozen=True)
class Choice:
    """One option in the form of a ballot."""

    option: Option
    name: str  # as written under the head of its day
    full_name: str
    elsewhere: str  # its hours in the zone of the reader, when it is another
    mark: int | None
    reason: str  # the words that go with the mark
    left: int | None  # places, None without a limit
    new_day: str  # head of a group of hours, when the option opens a day

    @property
    def is_full(self) -> bool:
        return self.left == 0


class Shown:
    """A poll as one reader sees it: a person of the structure, or a visitor of a link, or a mere reader."""

    def __init__(
        self,
        poll: Poll,
        *,
        person: Person | None = None,
        visitor: Visitor | None = None,
        zone: str = "",
        guest: bool = False,
    ) -> None:
        self.poll, self.person, self.visitor, self.guest = poll, person, visitor, guest
        self.zone = zone if zone != poll.timezone and moments.is_zone(zone) else ""

    # Rights

    @cached_property
    def is_keeper(self) -> bool:
        return self.person is not None and rules.keeps(self.person, self.poll)

    @cached_property
    def may_vote(self) -> bool:
        if self.poll.formal and self.is_done:
            return False
        if self.person is not None:
            return rules.can_vote(self.person, self.poll, listed=queries.is_listed(self.person, self.poll))
        return self.guest and rules.can_vote_as_guest(self.poll)

    # A formal vote

    @cached_property
    def voter(self) -> Voter | None:
        """The reader's line on the roll of a formal vote."""
        return queries.voter_of(self.poll, person=self.person, visitor=self.visitor)

    @cached_property
    def voices(self) -> list[Voter]:
        """The lines whose voice the reader may still cast: their own, and those whose proxy they hold."""
        return queries.voices_of(self.voter) if self.voter else []

    @property
    def represents(self) -> list[Voter]:
        """Those whose proxy the reader holds and who have not voted themselves."""
        return [one for one in self.voices if self.voter and one.pk != self.voter.pk]

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to cast: on paper already, or every voice of a secret vote."""
        if self.voter is None:
            return False
        return self.voter.on_paper or (self.poll.secret and not self.voices)

    @cached_property
    def has_voted(self) -> bool:
        return self.ballot is not None or (self.voter is not None and self.voter.voted)

    @property
    def may_give_proxy(self) -> bool:
        return (self.person is not None and self.voter is not None and rules.may_give_proxy(self.poll, self.voter)) or (
            self.voter is not None and self.voter.delegate_id is not None and self.poll.is_open
        )

    @cached_property
    def votes(self) -> ballots.Votes:
        """Read once for the result and the decision; only for pages that have asked `sees_results`."""
        return queries.votes_of(self.poll)

    @cached_property
    def decision(self) -> decisions.Decision | None:
        """What a formal vote decides, only where its results are seen."""
        if not self.poll.formal or not self.sees_results:
            return None
        return decisions.decide(self.poll, self.options, self.votes, queries.standing(self.poll))

    @cached_property
    def ballot(self) -> Ballot | None:
        """The reader's own ballot; nobody has one of their own in a secret vote."""
        if self.poll.secret:
            return None
        return queries.ballot_of(self.poll, person=self.person, visitor=self.visitor)

    @property
    def sees_results(self) -> bool:
        return rules.sees_results(self.poll, has_voted=self.has_voted)

    @property
    def sees_names(self) -> bool:
        return rules.sees_names(self.poll, keeper=self.is_keeper)

    @property
    def may_answer(self) -> bool:
        """Whether there is a ballot to fill: whoever a draw asks may propose, and nobody votes."""
        return self.may_vote and self.kind.takes_votes

    @cached_property
    def rounds(self) -> list[Poll]:
        """The rounds of a decision by consent, which the reader may see; a guest sees none but theirs."""
        if self.poll.ballot != "consent" or self.person is None:
            return []
        seen = set(queries.visible_polls(self.person).filter(ballot="consent").values_list("pk", flat=True))
        return [one for one in queries.rounds_of(self.poll) if one.pk in seen]

    @property
    def may_open_round(self) -> bool:
        """Whether the next round can be opened: somebody objected, as far as one may see."""
        if self.poll.ballot != "consent" or not self.is_keeper or not self.sees_results:
            return False
        last = not self.rounds or self.rounds[-1].pk == self.poll.pk
        return last and any(line.row.counts[-1] for line in self.result.lines)

    @property
    def awaits_seed(self) -> bool:
        return not self.kind.takes_votes and not self.poll.is_open and not self.poll.seed

    @property
    def may_propose(self) -> bool:
        return rules.can_propose(self.poll, can_vote=self.may_vote)

    # Content

    @property
    def description(self) -> Any:
        return prose.render(self.poll.description)

    @cached_property
    def options(self) -> list[Option]:
        return queries.options_of(self.poll)

    @property
    def kind(self) -> ballots.Ballot:
        return ballots.of(self.poll.ballot)

    @cached_property
    def college_lines(self) -> list[decisions.CollegeLine]:
        """What each college cast, where results are seen."""
        if self.decision is None:
            return []
        return decisions.college_lines(self.poll, self.options, queries.by_college(self.poll))

    @property
    def instruction(self) -> Any:
        return self.kind.instruction(self.poll.ballot_rules)

    @property
    def ranks(self) -> range:
        return range(1, len(self.options) + 1)

    @property
    def levels(self) -> Sequence[ballots.Level]:
        return self.kind.levels(self.poll.ballot_rules)

    @cached_property
    def voters(self) -> int:
        return self.poll.secret_ballots.count() if self.poll.secret else self.poll.ballots.count()

    @cached_property
    def turnout(self) -> queries.Turnout:
        return queries.turnout(self.poll)

    @property
    def has_hours(self) -> bool:
        return any(option.starts_at for option in self.options)

    @property
    def has_pictures(self) -> bool:
        return any(option.image_id for option in self.options)

    @property
    def deadline_text(self) -> str:
        """The deadline as told in the poll's zone."""
        return moments.moment_name(self.poll.deadline, self.poll.tz) if self.poll.deadline else ""

    @property
    def chosen_name(self) -> str:
        return self.poll.chosen.name_in(self.poll.tz) if self.poll.chosen else ""

    @property
    def who_votes(self) -> str:
        if self.poll.formal:
            return gettext("those on the roll, fixed when the vote opened")
        match self.poll.electorate:
            case Electorate.MEMBERS:
                return str(LEAST_ROLES[self.poll.least_role])
            case Electorate.GROUP:
                return self.poll.group.name if self.poll.group else gettext("a group that is gone")
            case Electorate.LIST:
                return gettext("a closed list of people")
            case _:
                return gettext("nobody of the structure")

    @property
    def zone_label(self) -> str:
        return moments.zone_label(self.zone)

    @property
    def poll_zone_label(self) -> str:
        return moments.zone_label(self.poll.timezone)

    #: Marks that a refused form gave, shown again instead of those stored.
    given: dict[int, int] | None = None

    @cached_property
    def choices(self) -> list[Choice]:
        marks = self.given if self.given is not None else queries.marks_of(self.ballot)
        left = queries.places_left(self.poll, self.options, besides=self.ballot)
        tz = self.poll.tz
        days = [moments.local_day(option, tz) if option.day else None for option in self.options]
        several = len(set(days)) < len([day for day in days if day])  # some day has several hours
        found = []
        for index, option in enumerate(self.options):
            day = days[index]
            opens = several and (index == 0 or day != days[index - 1])
            found.append(
                Choice(
                    option=option,
                    name=self._name(option, under_a_day=several),
                    full_name=option.name_in(tz),
                    elsewhere=option.name_in(ZoneInfo(self.zone)) if self.zone and option.starts_at else "",
                    mark=marks.get(option.pk),
                    reason=ballots.reasons_of(marks).get(option.pk, ""),
                    left=left.get(option.pk),
                    new_day=moments.day_name(day) if opens and day else "",
                )
            )
        return found

    def _name(self, option: Option, *, under_a_day: bool) -> str:
        if under_a_day and option.starts_at:
            hours = moments.hours(option, self.poll.tz)
            return f"{hours} · {option.label}" if option.label else hours
        return option.name_in(self.poll.tz)

    @cached_property
    def result(self) -> results.Result:
        """Only for pages that have asked `sees_results`."""
        # SECURITY: the one place where counts enter a page; whatever asks before the right moment fails loudly.
        if not self.sees_results:
            raise PermissionError("the results of this poll are hidden from this reader")
        return results.Result(self.poll, self.options, queries.result_of(self.poll, self.options, self.votes))
