"""The record of somebody, and the filters of the list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tilios.core.people.actions.persons import shown_name
from tilios.core.people.models import Person
from tilios.core.people.roles import Role
from tilios.portal import queries
from tilios.portal.forms.people.fields import group_field, role_field
from tilios.ui.fields import DayField


class PersonForm(forms.ModelForm):
    """Everything a record says; `by` sees the private note unless the record is their own."""

    class Meta:
        model = Person
        fields = (
            "given_name", "family_name", "display_name", "organisation", "email", "phone", "mobile",
            "street", "postcode", "town", "country", "birth_date", "note",
        )  # fmt: skip
        widgets = {
            "given_name": forms.TextInput(attrs={"autocomplete": "off"}),
            "street": forms.Textarea(attrs={"rows": 2}),
            "note": forms.Textarea(attrs={"rows": 3}),
            "phone": forms.TextInput(attrs={"type": "tel"}),
            "mobile": forms.TextInput(attrs={"type": "tel"}),
        }
        help_texts = {
            "display_name": _("Left empty: first and last name."),
            "note": _("Read by those who keep the records, not by the person."),
        }

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["display_name"].required = False
        self.fields["birth_date"] = DayField(label=_("Birth date"), required=False)
        person = self.instance
        if person.display_name == shown_name("", person.given_name, person.family_name, person.organisation):
            self.initial["display_name"] = ""  # nobody chose it: it follows first and last name
        if person.pk == by.pk:
            del self.fields["note"]

    def clean_email(self) -> str:
        return self.cleaned_data["email"].strip().lower()

    def _post_clean(self) -> None:
        """Leave the record as it is: the action writes it, and checks it again."""


class NewPersonForm(PersonForm):
    """The same, with a role and a group."""

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        self.fields["role"] = role_field(by)
        self.fields["group"] = group_field()
        self.order_fields(["given_name", "family_name", "display_name", "email", "role", "group"])


class FiltersForm(forms.Form):
    """The filters of the list, read from the address of the page. A wrong value counts as none."""

    q = forms.CharField(label=_("Search"), required=False, max_length=80, widget=forms.TextInput({"type": "search"}))
    role = forms.TypedChoiceField(
        label=_("Role"), required=False, coerce=int, empty_value=None, choices=[("", _("All roles")), *Role.choices]
    )
    statut = forms.ChoiceField(
        label=_("Presence"),
        required=False,
        choices=[("", _("Present")), (queries.GONE, _("Have left")), (queries.EVERYBODY, _("Everybody"))],
    )
    acces = forms.ChoiceField(
        label=_("Login"),
        required=False,
        choices=[("", _("With or without")), ("yes", _("With a login")), ("no", _("Without a login"))],
    )
    tri = forms.ChoiceField(label=_("Order"), required=False, choices=[(key, key) for key in queries.SORTS])

    def __init__(self, *args: Any, keeper: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["groupe"] = group_field(empty_label=_("All groups"))
        self.order_fields(["q", "role", "groupe"])
        if not keeper:
            del self.fields["statut"], self.fields["acces"]

    def filters(self) -> queries.Filters:
        self.is_valid()
        found = self.cleaned_data
        return queries.Filters(
            text=found.get("q") or "",
            role=found.get("role"),
            group=found.get("groupe"),
            status=found.get("statut") or "",
            login=found.get("acces") or "",
            sort=found.get("tri") or "nom",
        )
