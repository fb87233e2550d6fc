"""Inviting, and accepting."""

import re
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tilios.core.people.models import Person
from tilios.core.people.roles import Role
from tilios.portal.forms.people.fields import end_of, group_field, lasting_field, role_field

ROLES = _("A guest sees what is shared with them, a member takes part, a manager keeps the records.")


class _Invite(forms.Form):
    """What both ways of inviting ask."""

    most_role = Role.ADMIN

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = role_field(by, most=self.most_role, help_text=ROLES)
        self.fields["group"] = group_field()
        self.fields["lasting"] = lasting_field()

    def end(self) -> datetime | None:
        return end_of(self.cleaned_data["lasting"])


class MailForm(_Invite):
    addresses = forms.CharField(
        label=_("Email addresses"),
        help_text=_("One a line, or pasted as they come from an address book."),
        widget=forms.Textarea(attrs={"rows": 4, "autocapitalize": "none", "spellcheck": "false"}),
        max_length=20_000,
    )
    message = forms.CharField(
        label=_("A few words"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        self.order_fields(["addresses", "role", "group", "message", "lasting"])

    def clean_addresses(self) -> list[str]:
        """The addresses in what was pasted: those between < and > where there are some."""
        pieces = re.split(r"[,;\n\r\t]+", self.cleaned_data["addresses"])
        found: list[str] = []
        for piece in pieces:
            within = re.findall(r"<([^<>]*)>", piece)
            found += within or piece.split()
        return [address.removeprefix("mailto:").strip("\"'()") for address in found if address.strip()]


class LinkForm(_Invite):
    most_role = Role.MANAGER
    max_uses = forms.IntegerField(
        label=_("For how many people"), required=False, min_value=1, max_value=100_000, help_text=_("Empty: no limit.")
    )
    message = forms.CharField(
        label=_("A few words on the page"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        self.order_fields(["role", "group", "max_uses", "lasting", "message"])


class AddressForm(forms.Form):
    """What the holder of a link gives first."""

    email = forms.EmailField(
        label=_("Your email address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )

    def clean_email(self) -> str:
        return self.cleaned_data["email"].strip().lower()


class NewcomerForm(forms.Form):
    """What somebody without an account gives, once their address is known to be theirs."""

    name = forms.CharField(
        label=_("Your first and last name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label=_("Choose a password"),
        help_text=_("Ten characters or more. A short sentence is easy to remember."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        max_length=1000,
        strip=False,
    )
