"""The settings of a formal vote, folded in the form of a poll; its roll, its proxies and its paper."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tilios.kit.voting.thresholds import Quorum
from tilios.tools.polls import queries, roll_lines
from tilios.tools.polls.models import Base, College, Heads, Majority, Poll

#: Fields that are fields of Poll; the first two are chosen when it opens, and never after.
AT_OPENING = ("formal", "secret")
RULE = ("quorum", "quorum_by", "majority", "base", "most_proxies")
FORMAL = (*AT_OPENING, *RULE)


class FormalFields(forms.Form):
    """Part of PollForm: `formal_values()` gives keyword arguments of open_poll and change_poll."""

    formal = forms.BooleanField(
        label=_("This is a formal vote"),
        required=False,
        help_text=_(
            "For an assembly, a council, an election. The list of those who vote is fixed when the vote opens; people "
            "may give their proxy, and the result says whether the quorum and the majority are reached."
        ),
    )
    secret = forms.BooleanField(
        label=_("Secret ballot"),
        required=False,
        help_text=_(
            "Nobody can tell who voted what, you included. A vote is cast once and is never changed; results are "
            "sealed until the close, and the vote is not opened again."
        ),
    )
    quorum = forms.CharField(
        label=_("Quorum"),
        required=False,
        max_length=20,
        help_text=_("How many must take part: 1/3, 25 %, or a number such as 30. Empty: no quorum."),
    )
    quorum_by = forms.ChoiceField(label=_("The quorum counts"), choices=Heads, required=False)
    majority = forms.ChoiceField(label=_("Majority"), choices=Majority, required=False)
    base = forms.ChoiceField(
        label=_("Of what"), choices=Base, required=False, help_text=_("What the majority is counted on.")
    )
    most_proxies = forms.IntegerField(
        label=_("Proxies one person may hold"),
        required=False,
        min_value=0,
        max_value=1000,
        help_text=_("0: nobody may give their proxy."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        poll = getattr(self, "poll", None)
        if poll is not None:
            for name in AT_OPENING if poll.formal else FORMAL:
                del self.fields[name]

    def clean_quorum(self) -> str:
        text: str = self.cleaned_data["quorum"]
        try:
            Quorum.parse(text)
        except ValueError:
            raise forms.ValidationError(_("Write a share, such as 1/3 or 25 %, or a number of people.")) from None
        return text.strip()

    def formal_values(self) -> dict[str, Any]:
        given = self.cleaned_data
        if not given.get("formal", "quorum" in self.fields and "formal" not in self.fields):
            return {}
        values = {name: given[name] for name in FORMAL if name in self.fields}
        values["quorum_by"] = values["quorum_by"] or Heads.HEADS
        values["majority"] = values["majority"] or Majority.RELATIVE
        values["base"] = values["base"] or Base.EXPRESSED
        values["most_proxies"] = 2 if values["most_proxies"] is None else values["most_proxies"]
        return values


def formal_initial(poll: Poll | None) -> dict[str, Any]:
    """What these fields show first."""
    if poll is None:
        return {"quorum_by": Heads.HEADS, "majority": Majority.RELATIVE, "base": Base.EXPRESSED, "most_proxies": 2}
    return {name: getattr(poll, name) for name in FORMAL}


class RollForm(forms.Form):
    """The roll and its colleges as lines; `lines` and `college_lines` once valid, every fault by its line."""

    colleges = forms.CharField(
        label=_("Colleges"),
        required=False,
        max_length=20_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "One a line, with its share of the result if it has one: “Employees ; 40”. Leave empty when all voters are "
            "one college."
        ),
    )
    voters = forms.CharField(
        label=_("Voters"),
        required=False,
        max_length=2_000_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "class": "roll-lines"}),
        help_text=_(
            "One a line: name or address ; college ; voices. College and voices may be left out. You may paste a "
            "spreadsheet. Somebody who is in no list of your structure is written by name."
        ),
    )

    def __init__(self, *args: Any, poll: Poll, **kwargs: Any) -> None:
        self.poll = poll
        kwargs.setdefault(
            "initial", {"colleges": roll_lines.write_colleges(poll), "voters": roll_lines.write_roll(poll)}
        )
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self.college_lines, faults = roll_lines.read_colleges(given.get("colleges", ""))
        self._tell("colleges", faults)
        names = [name for name, _share in self.college_lines]
        self.lines, faults = roll_lines.read_roll(given.get("voters", ""), names, self.poll)
        self._tell("voters", faults)
        return given

    def _tell(self, field: str, faults: list[roll_lines.Fault]) -> None:
        for fault in faults[:20]:
            self.add_error(field, str(fault))
        if len(faults) > 20:
            self.add_error(field, _("and %d other lines.") % (len(faults) - 20))


class BatchForm(forms.Form):
    """A pile of paper ballots of one class of voters."""

    label = forms.CharField(label=_("Which pile"), max_length=80, help_text=_("For example: table by the entrance."))
    sheets = forms.IntegerField(label=_("Number of sheets"), min_value=1, max_value=500)
    klass = forms.ChoiceField(label=_("Whose sheets"))

    def __init__(self, *args: Any, poll: Poll, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.colleges: dict[int | None, College] = {college.pk: college for college in poll.colleges.all()}
        self.classes = sorted(queries.classes_of(poll), key=lambda one: (one[0] or 0, one[1]))
        choices = [(str(place), self._name(*one)) for place, one in enumerate(self.classes)]
        self.fields["klass"].choices = choices  # type: ignore[attr-defined]
        if len(choices) < 2:
            self.fields["klass"].widget = forms.HiddenInput()
            self.fields["klass"].initial = "0"

    def _name(self, college: int | None, weight: int) -> str:
        name = self.colleges[college].name if college else _("no college")
        return _("%(college)s, %(voices)d voice(s) each") % {"college": name, "voices": weight}

    def batch_values(self) -> dict[str, Any]:
        given = self.cleaned_data
        college, weight = self.classes[int(given["klass"])]
        return {
            "label": given["label"],
            "sheets": given["sheets"],
            "college": self.colleges.get(college),
            "weight": weight,
        }
