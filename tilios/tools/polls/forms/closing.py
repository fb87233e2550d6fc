"""Close a poll, and open it again."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tilios.tools.polls.forms.fields import DayInput, HourInput, moment
from tilios.tools.polls.models import Option, Poll


class CloseForm(forms.Form):
    chosen = forms.ChoiceField(label=_("Chosen option"), required=False, widget=forms.RadioSelect)
    outcome = forms.CharField(
        label=_("What is decided"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One sentence that people will read at the head of the poll."),
    )
    review_on = forms.DateField(
        label=_("Look at it again on"),
        required=False,
        widget=DayInput,
        help_text=_("That day, you are reminded to check whether the decision still suits."),
    )

    def __init__(self, *args: Any, poll: Poll, options: list[Option], best: tuple[int, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options = {option.pk: option for option in options}
        marked = [
            (option.pk, f"{_named(option, poll)} ★" if option.pk in best else _named(option, poll))
            for option in options
        ]
        self.fields["chosen"].choices = [("", pgettext_lazy("option", "None")), *marked]  # type: ignore[attr-defined]

    def close_values(self) -> dict[str, Any]:
        given = self.cleaned_data
        chosen = self.options[int(given["chosen"])] if given["chosen"] else None
        return {"outcome": given["outcome"], "chosen": chosen, "review_on": given["review_on"]}


def _named(option: Option, poll: Poll) -> str:
    name = option.name_in(poll.tz)
    return name[:1].upper() + name[1:]


class ReopenForm(forms.Form):
    deadline_day = forms.DateField(label=_("Until which day"), required=False, widget=DayInput)
    deadline_hour = forms.TimeField(
        label=_("Until what time"),
        required=False,
        widget=HourInput,
        help_text=_("Without it, until the end of the day."),
    )

    def deadline(self, zone: str) -> Any:
        return moment(self.cleaned_data["deadline_day"], self.cleaned_data["deadline_hour"], zone)
