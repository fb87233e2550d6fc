"""Forms of the host: first run, last step of the wizard, suspending, visiting, hosts."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from tilios.core.people.models import Account
from tilios.core.structures.models import StructureKind


class FirstRunForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("It is written where Tilios was started, after the word “code”."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(label=_("Your e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    # render_value: the form comes back over the same connection, and nothing typed is lost.
    password = forms.CharField(
        label=_("Choose a password"),
        strip=False,
        help_text=_("Ten characters or more. A short sentence is easy to remember."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
    )
    structure = forms.CharField(
        label=_("Name of the structure"),
        max_length=120,
        help_text=_("The association, cooperative or place that will work here. Others can join later."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    kind = forms.ChoiceField(label=_("Kind of structure"), choices=StructureKind.choices)

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"])
        return self.cleaned_data["password"]

    ACCOUNT = ("name", "email", "password")
    PLACE = ("structure", "kind")

    def account_fields(self) -> list[Any]:
        return [self[name] for name in self.ACCOUNT]

    def place_fields(self) -> list[Any]:
        return [self[name] for name in self.PLACE]


class AdministratorForm(forms.Form):
    """Who will administer the new structure."""

    who = forms.ChoiceField(
        label=_("Who will administer it?"),
        choices=[("me", _("Me")), ("other", _("Somebody else, whom I invite"))],
        initial="me",
        widget=forms.RadioSelect(attrs={"class": "choices--boxes"}),
    )
    administrator = forms.EmailField(
        label=_("Their e-mail address"),
        required=False,
        help_text=_("They receive an invitation, and become administrator when they accept it."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("who") == "other" and not cleaned.get("administrator") and "administrator" not in self.errors:
            self.add_error("administrator", _("Give the address of whoever will administer the structure."))
        return cleaned

    def address(self) -> str:
        return self.cleaned_data["administrator"] if self.cleaned_data["who"] == "other" else ""


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, help_text: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = help_text


class NewHostForm(forms.Form):
    email = forms.EmailField(
        label=_("Address of their account"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if not Account.objects.filter(email=email, is_active=True).exists():
            raise forms.ValidationError(_("No account of this server has this address."))
        return email
