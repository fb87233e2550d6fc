"""The mail box of a structure."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tilios.core.mailroom.models import Box, Security


class BoxForm(forms.Form):
    """Which box is read, and how."""

    address = forms.EmailField(label=_("Mail address of the box"), max_length=254)
    server = forms.CharField(label=_("Server of incoming mail (IMAP)"), max_length=200, help_text="imap.example.org")
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535)
    security = forms.ChoiceField(label=_("Connection"), choices=Security.choices, widget=forms.RadioSelect)
    account = forms.CharField(
        label=_("Account"), max_length=200, help_text=_("Most often the address itself."), strip=True
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=500,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    has_plus = forms.BooleanField(
        label=_("Letters to this address with a plus and a word arrive in it, too"),
        required=False,
        help_text=_(
            "Then each invitation has an answer address of its own, and nobody can answer for another. To know, write "
            "to yourself with “+test” before the @."
        ),
    )
    is_on = forms.BooleanField(label=_("Read this box every few minutes"), required=False)

    def __init__(self, data: Any, *, known: Box | None) -> None:
        initial = {"port": 993, "security": Security.TLS, "is_on": True}
        if known is not None:
            names = ("address", "server", "port", "security", "account", "has_plus", "is_on")
            initial = {name: getattr(known, name) for name in names}
        super().__init__(data, initial=initial)
        if known is not None and known.password:
            self.fields["password"].help_text = _("Leave it empty to keep the one that is known.")
