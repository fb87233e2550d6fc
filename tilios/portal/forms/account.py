"""Forms of somebody's own account."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tilios.core.access import app_passwords
from tilios.core.people.models import Account, Theme


class ProfileForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        help_text=_("As the structures you join will show it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(label=_("Language"), required=False)
    theme = forms.ChoiceField(
        label=_("Appearance"),
        choices=Theme.choices,
        widget=forms.RadioSelect(attrs={"class": "choices--boxes", "data-theme-choice": True}),
    )
    shortcuts = forms.BooleanField(
        label=_("Keyboard shortcuts"),
        required=False,
        help_text=_("One key to search, to create, to go home. The key ? lists them."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages: Any = self.fields["language"]
        languages.choices = [("", _("That of my browser")), *settings.LANGUAGES]


class ScopeForm(forms.Form):
    """What a program may open."""

    scope = forms.ChoiceField(
        label=_("What may it open?"),
        choices=lambda: list(app_passwords.SCOPES.items()),
        widget=forms.RadioSelect(attrs={"class": "choices--boxes"}),
    )


class AppPasswordForm(ScopeForm):
    label = forms.CharField(
        label=_("For which device or program?"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    field_order = ("label", "scope")


class CloseForm(forms.Form):
    """The password, or the address for somebody who signs in with a passkey alone."""

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        if account.has_usable_password():
            self.fields["password"] = forms.CharField(
                label=_("Your password"),
                strip=False,
                widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            )
        else:
            self.fields["email"] = forms.EmailField(label=_("Your e-mail address, to confirm"))
        self.fields["sure"] = forms.BooleanField(label=_("I understand that this cannot be undone."))

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if email != self.account.email:
            raise forms.ValidationError(_("This is not the address of this account."))
        return email
