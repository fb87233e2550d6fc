"""Members tied to others: of a family, of an organisation, two that are one. They are named by number or by name."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from tilios.tools.members import queries
from tilios.tools.members.models import Family, Record


class MemberField(forms.CharField):
    """The record of one member, by their number or their name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=120, **options)
        self.widget.attrs["autocomplete"] = "off"

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        found = queries.records_called(text)
        if not found:
            raise forms.ValidationError(gettext("Nobody in the register has this number or this name."))
        if len(found) > 1:
            names = ", ".join(f"{record} ({record.number})" for record in found)
            raise forms.ValidationError(gettext("Several members match: write a number. %(names)s") % {"names": names})
        return found[0]


class PairForm(forms.Form):
    """Two members to compare."""

    first = MemberField(label=gettext_lazy("Number or name of the first"))
    second = MemberField(label=gettext_lazy("Number or name of the second"))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("first") and said.get("first") == said.get("second"):
            raise forms.ValidationError(gettext("Choose two members."))
        return said


class FamilyForm(forms.ModelForm):
    class Meta:
        model = Family
        fields = ("name",)
        labels = {"name": gettext_lazy("Name of the family, as on letters")}

    def _post_clean(self) -> None:
        """Leave the family as it is: the action writes it."""


class FamilyMemberForm(forms.Form):
    member = MemberField(label=gettext_lazy("Number or name of the member"))


class PayerForm(forms.Form):
    """Who of a family pays for it."""

    def __init__(self, data: Any, *, people: Any, payer: Record | None) -> None:
        super().__init__(data)
        self.fields["payer"] = forms.ModelChoiceField(
            people,
            label=gettext_lazy("Who pays the dues of the family"),
            required=False,
            initial=payer,
            empty_label=gettext_lazy("Each pays their own"),
        )


class AffiliationForm(forms.Form):
    member = MemberField(label=gettext_lazy("Number or name of the member"))
    title = forms.CharField(label=pgettext_lazy("in an organisation", "Role there"), max_length=80, required=False)
    is_contact = forms.BooleanField(label=gettext_lazy("receives its letters"), required=False)
