"""The poll itself, without its options."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tilios.core.people.queries import groups
from tilios.core.people.roles import Role
from tilios.tools.polls import ballots, moments
from tilios.tools.polls.ballots.ranked import METHODS
from tilios.tools.polls.ballots.score import SCALES
from tilios.tools.polls.forms.fields import DayInput, HourInput, moment, people_field, zone_choices
from tilios.tools.polls.forms.formal import FORMAL, FormalFields, formal_initial
from tilios.tools.polls.models import Electorate, Names, Poll, PollKind, Results

REMINDERS = (
    ("", _("No reminder")),
    (24, _("One day before")),
    (48, _("Two days before")),
    (72, _("Three days before")),
    (168, _("One week before")),
)
#: Fields of the form that are fields of Poll, given to the actions as they are.
PLAIN = (
    "title", "description", "ballot", "timezone", "electorate", "least_role", "group", "guests", "guests_comment",
    "results", "names", "proposals", "places", "seed_source",
)  # fmt: skip
#: Fields that the kinds of ballot make their rules of, and what each shows first.
RULES = {
    "maybe": True, "least": 1, "most": None, "points": 10, "points_most": None, "points_all": False, "scale": 5,
    "method": "schulze", "seats": 2, "drawn": 1,
}  # fmt: skip
#: Fields in the folded part: an error there unfolds it.
SETTINGS = (
    "ballot", *RULES, "seed_source", "places", "proposals", "electorate", "least_role", "group", "listed", "guests",
    "guests_comment", "deadline_day", "deadline_hour", "reminder_h", "results", "names", "timezone", "tell",
    *FORMAL,
)  # fmt: skip


class PollForm(FormalFields):
    """`poll_values()` gives the keyword arguments of actions.open_poll and change_poll, options left out."""

    title = forms.CharField(label=_("Question"), max_length=160)
    description = forms.CharField(
        label=_("Details"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What people must know before they answer. **bold**, lists and links are understood."),
    )
    ballot = forms.ChoiceField(label=_("How people answer"), widget=forms.RadioSelect)
    maybe = forms.BooleanField(label=_("Allow “if need be”, between yes and no"), required=False)
    least = forms.IntegerField(label=_("At least"), required=False, min_value=1, max_value=200)
    most = forms.IntegerField(label=_("At most"), required=False, min_value=1, max_value=200)
    points = forms.IntegerField(label=_("Points to share"), required=False, min_value=1, max_value=100)
    points_most = forms.IntegerField(
        label=_("At most, for one option"), required=False, min_value=1, max_value=100, help_text=_("Empty: no limit.")
    )
    points_all = forms.BooleanField(label=_("All points must be used"), required=False)
    scale = forms.TypedChoiceField(
        label=_("Scores"),
        choices=[(scale, _("from 0 to %d") % scale) for scale in SCALES],
        coerce=int,
        required=False,
        empty_value=None,
    )
    method = forms.ChoiceField(
        label=_("How orders are counted"), choices=METHODS, required=False, widget=forms.RadioSelect
    )
    seats = forms.IntegerField(label=_("Seats to fill"), required=False, min_value=1, max_value=200)
    drawn = forms.IntegerField(label=_("How many are drawn"), required=False, min_value=1, max_value=200)
    seed_source = forms.CharField(
        label=_("Public source of the seed"),
        required=False,
        max_length=200,
        help_text=_("Announced now, known later, chosen by nobody: “the numbers of the Loto of 5 December”."),
    )
    places = forms.IntegerField(
        label=_("Places for each option"),
        required=False,
        min_value=1,
        max_value=100_000,
        help_text=_("An option that so many people have chosen is full."),
    )
    proposals = forms.BooleanField(label=_("People who vote may add options"), required=False)
    electorate = forms.ChoiceField(label=_("Who votes"), choices=Electorate, widget=forms.RadioSelect)
    least_role = forms.TypedChoiceField(
        label=_("From which role on"),
        choices=[
            (Role.GUEST, _("Everybody, guests of the structure included")),
            (Role.MEMBER, _("Members")),
            (Role.MANAGER, _("Managers")),
            (Role.ADMIN, _("Administrators")),
        ],
        coerce=int,
    )
    group: forms.ModelChoiceField = forms.ModelChoiceField(label=_("Group"), queryset=None, required=False)
    guests = forms.BooleanField(
        label=_("People without an account may vote too, through a link that I give them"), required=False
    )
    guests_comment = forms.BooleanField(label=_("They may comment as well"), required=False)
    deadline_day = forms.DateField(label=_("Until which day"), required=False, widget=DayInput)
    deadline_hour = forms.TimeField(
        label=_("Until what time"),
        required=False,
        widget=HourInput,
        help_text=_("Without it, until the end of the day."),
    )
    reminder_h = forms.TypedChoiceField(
        label=_("Remind those who have not voted"), choices=REMINDERS, required=False, coerce=int, empty_value=None
    )
    results = forms.ChoiceField(
        label=_("Results before the close"),
        choices=Results,
        widget=forms.RadioSelect,
        help_text=_("Hidden means hidden from you too. Once somebody has voted, what is hidden stays hidden."),
    )
    names = forms.ChoiceField(label=_("Names beside the votes"), choices=Names, widget=forms.RadioSelect)
    timezone = forms.ChoiceField(label=_("Time zone of the hours"))
    tell = forms.BooleanField(label=_("Tell those who vote, as they have chosen to be told"), required=False)

    def __init__(self, *args: Any, kind: str, poll: Poll | None = None, **kwargs: Any) -> None:
        self.kind, self.poll = kind, poll
        super().__init__(*args, **kwargs)
        self.fields["ballot"].choices = [(one.slug, one.label) for one in ballots.offered(kind)]  # type: ignore[attr-defined]
        self.fields["group"].queryset = groups()  # type: ignore[attr-defined]
        self.fields["timezone"].choices = zone_choices()  # type: ignore[attr-defined]
        self.fields["listed"] = people_field(_("The people who vote"))
        if poll is not None:
            del self.fields["tell"]

    @property
    def is_dates(self) -> bool:
        return self.kind == PollKind.DATES

    @property
    def families(self) -> list[dict[str, Any]]:
        """The kinds of ballot under the name of their family, each with its sentence, for the page that offers them."""
        offered = ballots.offered(self.kind)
        return [
            {"name": name, "kinds": kinds}
            for slug, name in ballots.FAMILIES.items()
            if (kinds := [kind for kind in offered if kind.family == slug])
        ]

    @property
    def chosen_ballot(self) -> str:
        return str(self["ballot"].value() or "")

    @property
    def settings_have_errors(self) -> bool:
        return any(name in self.errors for name in SETTINGS)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("deadline_hour") and not given.get("deadline_day"):
            self.add_error("deadline_day", _("Give the day as well."))
        if given.get("reminder_h") and not given.get("deadline_day"):
            self.add_error("deadline_day", _("A reminder needs a deadline."))
        return given

    def poll_values(self) -> dict[str, Any]:
        given = self.cleaned_data
        values = {name: given[name] for name in PLAIN}
        values["kind"] = self.kind
        values["deadline"] = moment(given["deadline_day"], given["deadline_hour"], given["timezone"])
        values["reminder_h"] = given["reminder_h"]
        values["listed"] = given["listed"]
        values |= self.formal_values()
        values["ballot_rules"] = {name: given[name] for name in RULES}
        if self.poll is None:
            values["tell"] = given["tell"]
        return values


def initial_of(poll: Poll | None, *, kind: str, timezone: str) -> dict[str, Any]:
    """What the form shows first: the poll's own values, or the choices that suit most people."""
    if poll is None:
        return {
            "ballot": ballots.offered(kind)[0].slug if kind == PollKind.DATES else "single",
            **RULES,
            "electorate": Electorate.MEMBERS,
            "least_role": Role.MEMBER,
            "guests": True,
            "guests_comment": True,
            "results": Results.OPEN,
            "names": Names.SHOWN,
            "timezone": timezone if moments.is_zone(timezone) else "Europe/Paris",
            "tell": True,
            **formal_initial(None),
        }
    values = {name: getattr(poll, name) for name in PLAIN}
    values |= {**RULES, "least": None, **poll.ballot_rules, "reminder_h": poll.reminder_h}
    values["listed"] = list(poll.entitled.values_list("person", flat=True))
    if poll.deadline:
        deadline = poll.deadline.astimezone(poll.tz)
        values |= {"deadline_day": deadline.date(), "deadline_hour": deadline.time()}
    values["tell"] = True
    return values | formal_initial(poll)
