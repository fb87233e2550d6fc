"""What pages show of a session: the statements to answer, the figures one may see. For people and guests alike."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tilios.core.people.models import Person
from tilios.core.people.roles import Role
from tilios.tools.colours import actions, drawing, figures, palettes, queries, rules, tallies
from tilios.tools.colours.models import College, Electorate, Remark, Round, Session, Statement, Voice
from tilios.tools.colours.queries import Whom
from tilios.tools.colours.scales import BLACK, WHITE
from tilios.ui import prose

PALETTE_COOKIE = "tilios_palette"
LEAST_ROLES: dict[int, Any] = {
    Role.GUEST: _("everybody in the structure"),
    Role.MEMBER: _("members"),
    Role.MANAGER: _("managers"),
    Role.ADMIN: _("administrators"),
}


def palette_for(request: HttpRequest, person: Person | None = None) -> palettes.Palette:
    """The palette that this reader chose: kept with the person, else on the device."""
    chosen = queries.palette_of(person) if person is not None else ""
    return palettes.of(chosen or request.COOKIES.get(PALETTE_COOKIE, ""))


class Shown:
    """A session as one reader sees it: somebody who answers (`whom`), or a mere reader."""

    #: What a refused form gave, shown again instead of what is stored.
    typed: dict[int, int | None] | None = None
    typed_remarks: dict[int, str] | None = None

    def __init__(self, session: Session, palette: palettes.Palette, whom: Whom | None = None) -> None:
        self.session, self.palette, self.whom = session, palette, whom

    # Rights

    @property
    def person(self) -> Person | None:
        return self.whom.person if self.whom else None

    @cached_property
    def is_keeper(self) -> bool:
        return self.person is not None and rules.keeps(self.person, self.session)

    @cached_property
    def is_asked(self) -> bool:
        if self.whom is None:
            return False
        if self.person is not None:
            return rules.is_entitled(self.person, self.session, listed=queries.is_listed(self.person, self.session))
        return self.whom.invited is not None or self.session.guests

    @property
    def may_answer(self) -> bool:
        return self.is_asked and self.session.is_open and not self.is_elsewhere

    @cached_property
    def voice(self) -> Voice | None:
        if self.whom is None or not (self.whom.filters() or self.whom.device):
            return None
        return actions.find_voice(self.session, self.whom)

    @cached_property
    def is_elsewhere(self) -> bool:
        """In a secret session: they answered, from another device."""
        return self.session.is_secret and not self.given and self._on_roll(self.round)

    def _on_roll(self, round_: Round) -> bool:
        return self.session.is_secret and self.whom is not None and queries.on_roll(self.whom, round_)

    # Content

    @property
    def introduction(self) -> Any:
        return prose.render(self.session.introduction)

    @cached_property
    def statements(self) -> list[Statement]:
        return queries.statements_of(self.session)

    @cached_property
    def rounds(self) -> list[Round]:
        return queries.rounds_of(self.session)

    @property
    def round(self) -> Round:
        return self.rounds[-1]

    @cached_property
    def colleges(self) -> list[College]:
        return queries.colleges_of(self.session)

    @property
    def colleges_to_choose(self) -> list[College]:
        return [college for college in self.colleges if rules.may_choose_college(college)]

    @cached_property
    def given(self) -> dict[int, int]:
        return queries.given_by(self.voice, self.round)

    @cached_property
    def said(self) -> dict[int, str]:
        return queries.remarks_by(self.voice, self.round)

    @property
    def done(self) -> int:
        return len(self.given)

    @cached_property
    def look(self) -> drawing.Look:
        return drawing.Look(self.session.levels, self.palette)

    @property
    def css(self) -> str:
        return f"palette-{self.palette.slug} size-{len(self.look.scale)}"

    @cached_property
    def choices(self) -> list[dict[str, Any]]:
        """Every answer of the scale: its value, class, sign and words; white and black at the end."""
        scale = self.look.scale
        css = {WHITE: "c-white", BLACK: "c-black"}
        return [
            {
                "value": value,
                "css": css.get(value, f"c-{value}"),
                "symbol": scale.symbol_of(value),
                "label": scale.label_of(value),
                "aside": value < 0,
            }
            for value in scale.answers
        ]

    @cached_property
    def questions(self) -> list[dict[str, Any]]:
        """Each statement with the answer and remark to show in the form."""
        answers = self.typed if self.typed is not None else self.given
        remarks = self.typed_remarks if self.typed_remarks is not None else self.said
        return [
            {"statement": one, "value": answers.get(one.pk), "remark": remarks.get(one.pk, ""), "number": number}
            for number, one in enumerate(self.statements, 1)
        ]

    @property
    def who_answers(self) -> str:
        match self.session.electorate:
            case Electorate.MEMBERS:
                return str(LEAST_ROLES[self.session.least_role])
            case Electorate.GROUP:
                return self.session.group.name if self.session.group else gettext("a group that is gone")
            case Electorate.LIST:
                return gettext("a closed list of people")
            case _:
                return gettext("nobody of the structure")

    # Figures

    def voices(self, round_: Round | None = None) -> int:
        return tallies.voices_in(self.session, round_ or self.round)

    def statements_shown(self, round_: Round | None = None) -> list[Statement]:
        """The statements whose figures this reader may see, in the order of the session."""
        # SECURITY: the one place where figures enter a page; every other property below begins here.
        round_ = round_ or self.round
        voices, answered = self.voices(round_), self._answered(round_)
        return [
            one
            for one in self.statements
            if rules.sees_results(self.session, one, has_answered=answered, voices=voices)
        ]

    def _answered(self, round_: Round) -> bool:
        if round_ == self.round:
            return bool(self.given) or self._on_roll(round_)
        return bool(queries.given_by(self.voice, round_)) or self._on_roll(round_)

    @property
    def sees_results(self) -> bool:
        return bool(self.statements_shown())

    def rows(self, round_: Round | None = None) -> list[drawing.Row]:
        round_ = round_ or self.round
        statements = [figures.Statement(one.pk, one.text) for one in self.statements_shown(round_)]
        return drawing.rows_of(statements, tallies.sums_of(self.session, round_), self.look.scale)

    def grid(self, round_: Round | None = None) -> figures.Grid:
        round_ = round_ or self.round
        # SECURITY: in a secret session a cell beside a group of three people would say who gave it.
        named = rules.sees_names(self.session)
        return tallies.grid_of(self.session, round_, self.statements_shown(round_), colleges=named)

    def comparison(self, statement: Statement, round_: Round | None = None) -> dict[str, figures.Sums | None]:
        """The sums of a statement for each college; None for those too small to be shown."""
        round_ = round_ or self.round
        if statement not in self.statements_shown(round_):
            return {}
        sizes = tallies.voices_by_college(self.session, round_)
        shown = rules.groups_shown(self._sizes(statement, round_, sizes), secret=self.session.is_secret)
        by_college = tallies.sums_by_college(self.session, round_)
        nothing = figures.Sums((0,) * len(self.look.scale))
        return {
            one.name: by_college.get(one.pk, {}).get(statement.pk, nothing) if one.pk in shown else None
            for one in self.colleges
            if one.pk in sizes
        }

    def _sizes(self, statement: Statement, round_: Round, sizes: dict[int, int]) -> dict[int, int]:
        """Voices of each college who answered this statement; those of no college are a group of their own (0)."""
        weights = {one.pk: one.weight for one in self.colleges}
        by_college = tallies.sums_by_college(self.session, round_)
        found = {
            pk: by_college[pk][statement.pk].answered // weights.get(pk, 1)
            for pk in sizes
            if statement.pk in by_college.get(pk, {})
        }
        total = tallies.sums_of(self.session, round_).get(statement.pk)
        weighed = sum(found[pk] * weights.get(pk, 1) for pk in found)
        others = (total.answered if total else 0) - weighed
        return {pk: found.get(pk, 0) for pk in sizes} | ({0: others} if others else {})

    def remarks(self, round_: Round | None = None) -> list[tuple[Statement, list[Remark]]]:
        """Statements that have remarks, each with its remarks in the order of colours, with names where shown."""
        round_ = round_ or self.round
        shown = self.statements_shown(round_)
        found = queries.remarks_of(self.session, round_, shown)
        for remark in (one for rows in found.values() for one in rows):
            value = remark.value  # type: ignore[attr-defined]
            remark.choice = next((one for one in self.choices if one["value"] == value), None)  # type: ignore[attr-defined]
            remark.who = tallies.name_of(self.session, remark.voice)  # type: ignore[attr-defined]
        return [(one, found[one.pk]) for one in shown if found[one.pk]]

    def moves(self, before: Round, after: Round) -> dict[int, dict[tuple[int, int], int]]:
        """Who moved from one colour to another between two rounds, by statement; nothing that is hidden in either."""
        hidden = {one.pk for one in self.statements} - {one.pk for one in self.statements_shown(before)}
        shown = [one for one in self.statements_shown(after) if one.pk not in hidden]
        return tallies.moves_between(self.session, before, after, shown)
