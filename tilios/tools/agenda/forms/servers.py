"""Where the other server is, and whom to be there."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ServerForm(forms.Form):
    address = forms.CharField(
        label=_("Address of the server"),
        max_length=2000,
        help_text=_("As in your browser: https://cloud.example.org. Or the CalDAV or CardDAV address you were given."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "autocapitalize": "none"}),
    )
    login = forms.CharField(
        label=_("Your login there"),
        max_length=255,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("Your password there"),
        max_length=500,
        strip=False,
        help_text=_(
            "Better an app password, which you can take back. It is kept encrypted until all is read, then erased."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
