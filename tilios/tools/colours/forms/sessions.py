"""The session itself, without its statements and its scale."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tilios.core.people.queries import groups
from tilios.core.people.roles import Role
from tilios.tools.colours.forms.fields import DayInput, HourInput, moment, people_field, zone_choices
from tilios.tools.colours.models import Electorate, Identity, Results, Session

REMINDERS = (
    ("", _("No reminder")),
    (24, _("One day before")),
    (48, _("Two days before")),
    (72, _("Three days before")),
    (168, _("One week before")),
)
#: Fields of the form that are fields of Session, given to the actions as they are.
PLAIN = (
    "title", "introduction", "timezone", "identity", "electorate", "least_role", "group", "guests", "results",
    "remarks", "reminder_h",
)  # fmt: skip


class SessionForm(forms.Form):
    """`values()` gives the keyword arguments of actions.open_session and change_session."""

    title = forms.CharField(label=_("Title or question"), max_length=160)
    introduction = forms.CharField(
        label=_("Introduction"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What people must know before they answer. **bold**, lists and links are understood."),
    )
    identity = forms.ChoiceField(label=_("Names beside the answers"), choices=Identity, widget=forms.RadioSelect)
    electorate = forms.ChoiceField(label=_("Who answers"), choices=Electorate, widget=forms.RadioSelect)
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
        label=_("People without an account may answer too, through a link that I give them"), required=False
    )
    remarks = forms.BooleanField(label=_("A remark may go with each answer"), required=False)
    results = forms.ChoiceField(
        label=_("Results before the close"),
        choices=Results,
        widget=forms.RadioSelect,
        help_text=_("Hidden means hidden from you too. Once somebody has answered, what is hidden stays hidden."),
    )
    deadline_day = forms.DateField(label=_("Until which day"), required=False, widget=DayInput)
    deadline_hour = forms.TimeField(
        label=_("Until what time"),
        required=False,
        widget=HourInput,
        help_text=_("Without it, until the end of the day."),
    )
    reminder_h = forms.TypedChoiceField(
        label=_("Remind those who have not answered"), choices=REMINDERS, required=False, coerce=int, empty_value=None
    )
    timezone = forms.ChoiceField(label=_("Time zone of the hours"))
    tell = forms.BooleanField(label=_("Tell those who answer, as they have chosen to be told"), required=False)

    def __init__(self, *args: Any, session: Session | None = None, **kwargs: Any) -> None:
        self.session = session
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = groups()  # type: ignore[attr-defined]
        self.fields["timezone"].choices = zone_choices()  # type: ignore[attr-defined]
        self.fields["listed"] = people_field(_("The people who answer"))
        if session is not None:
            del self.fields["tell"]

    @property
    def settings_have_errors(self) -> bool:
        return any(name not in {"title", "introduction"} for name in self.errors)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("deadline_hour") and not given.get("deadline_day"):
            self.add_error("deadline_day", _("Give the day as well."))
        if given.get("reminder_h") and not given.get("deadline_day"):
            self.add_error("deadline_day", _("A reminder needs a deadline."))
        return given

    def values(self) -> dict[str, Any]:
        given = self.cleaned_data
        values = {name: given[name] for name in PLAIN}
        values["deadline"] = moment(given["deadline_day"], given["deadline_hour"], given["timezone"])
        values["listed"] = given["listed"]
        if self.session is None:
            values["tell"] = given["tell"]
        return values


def initial_of(session: Session | None, *, timezone: str) -> dict[str, Any]:
    """What the form shows first: the session's own values, or the choices that suit most people."""
    if session is None:
        return {
            "identity": Identity.NAMED,
            "electorate": Electorate.MEMBERS,
            "least_role": Role.MEMBER,
            "guests": True,
            "remarks": True,
            "results": Results.ANSWERED,
            "timezone": timezone,
            "tell": True,
        }
    values = {name: getattr(session, name) for name in PLAIN} | {"tell": True}
    values["listed"] = list(session.entitled.values_list("person", flat=True))
    if session.deadline:
        deadline = session.deadline.astimezone(session.tz)
        values |= {"deadline_day": deadline.date(), "deadline_hour": deadline.time()}
    return values
