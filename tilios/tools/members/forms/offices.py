"""Forms of statuses, offices and terms."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.access import grants
from tilios.core.access.roles import may
from tilios.core.people.models import Group, Person
from tilios.tools.members.forms.linking import MemberField
from tilios.tools.members.models import Office, Status
from tilios.ui.fields import DayField


class StatusForm(forms.ModelForm):
    class Meta:
        model = Status
        fields = ("name", "is_exempt")

    def _post_clean(self) -> None:
        """Leave the status as it is: the action writes it, and checks it."""


class OfficeForm(forms.ModelForm):
    """An office: its group, the rights it gives, among those that `by` may give."""

    actions = forms.MultipleChoiceField(
        label=_("Rights of whoever holds it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Given with the term, and taken back at its end. You can give those that you have yourself."),
    )

    class Meta:
        model = Office
        fields = ("name", "actions")

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"] = forms.ModelChoiceField(
            Group.objects.order_by("name"), label=_("Group of whoever holds it"), required=False
        )
        offered = [action for action in grants.offered(by.structure) if may(by, action.name)]
        self.fields["actions"].choices = [(one.name, one.label) for one in offered]  # type: ignore[attr-defined]
        self.initial["actions"], self.initial["group"] = self.instance.actions, self.instance.group_id
        self.order_fields(["name", "group", "actions"])

    def _post_clean(self) -> None:
        """Leave the office as it is: the action writes it, and checks it."""


class TermForm(forms.Form):
    record = MemberField(label=_("Number or name of the member"))
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"), required=False, help_text=_("Empty while nobody has said when it ends."))
    note = forms.CharField(label=_("Decided by"), required=False, max_length=200, help_text=_("Assembly of 12 May, …"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("starts_on", timezone.localdate())


class EndForm(forms.Form):
    on = DayField(label=_("Last day"))
