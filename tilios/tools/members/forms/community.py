"""The forms of the figures of the community: the span and what is compared; how they are counted; places."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from tilios.core.people.models import Group, Person
from tilios.tools.members.actions.community import MOST_PLACES
from tilios.tools.members.models import CommunitySettings, Field, FieldKind, Status
from tilios.tools.members.queries import community
from tilios.ui.fields import DayField

SPANS = {"12": 12, "24": 24, "60": 60, "tout": 0}  # months; 0 for all


class SpanForm(forms.Form):
    """The filters of the page, read from its address: a wrong value counts as none."""

    mois = forms.ChoiceField(
        label=_("Span"),
        required=False,
        choices=[("12", _("12 months")), ("24", _("24 months")), ("60", _("5 years")), ("tout", _("Since the start"))],
    )

    def __init__(self, data: QueryDict, *, choices: list[community.Choice]) -> None:
        super().__init__(data)
        self.choices = choices
        self.asked = set(data.getlist("avec"))
        sections: dict[str, list[tuple[str, str]]] = {}
        for choice in choices:
            sections.setdefault(capfirst(choice.section), []).append((choice.key, choice.label))
        if choices:
            self.fields["avec"] = forms.MultipleChoiceField(
                label=_("Compare"),
                required=False,
                choices=list(sections.items()),
                widget=forms.SelectMultiple(attrs={"size": 6}),
                help_text=_("Two to four, those chosen first."),
            )

    def months(self) -> int:
        """How many of the last months; 0 for all."""
        return SPANS.get(str(self.data.get("mois", "")), 24)

    def compared(self) -> list[community.Choice]:
        """What is compared: two at least, or nothing."""
        chosen = [choice for choice in self.choices if choice.key in self.asked][: community.MOST_COMPARED]
        return chosen if len(chosen) > 1 else []


class CommunityForm(forms.ModelForm):
    class Meta:
        model = CommunitySettings
        fields = ("renewal_days", "shown_to_members")
        help_texts = {
            "renewal_days": _(
                "So many days after the end of their dues, whoever has not renewed is no longer counted."
            ),
            "shown_to_members": _(
                "The figures alone, without comparison nor file. Nothing tells of fewer than 5 people."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = {
            "waiting_status": (
                Status.objects.all(), _("Status of who waits"), _("Members of this status wait for a place."),
            ),
            "waiting_group": (
                Group.objects.order_by("name"), _("Group of who waits"), _("Members of this group wait for a place."),
            ),
            "sex_field": (
                Field.objects.filter(kind=FieldKind.CHOICE), _("Field of the sex"),
                _("For a pyramid of ages with two sides. Without it, ages stand alone."),
            ),
        }  # fmt: skip
        for name, (rows, label, help_text) in asked.items():
            self.fields[name] = forms.ModelChoiceField(rows, label=label, required=False, help_text=help_text)
            self.initial[name] = getattr(self.instance, f"{name}_id")

    def _post_clean(self) -> None:
        """Leave the settings as they are: the action writes them."""


class PlacesForm(forms.Form):
    day = DayField(label=_("From"))
    places = forms.IntegerField(label=_("Places"), min_value=0, max_value=MOST_PLACES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("day", timezone.localdate())


def span_form(data: QueryDict, person: Person, *, compares: bool) -> SpanForm:
    """The filters that `person` has: whoever only sees the figures compares nothing."""
    return SpanForm(data, choices=community.comparisons(person) if compares else [])
