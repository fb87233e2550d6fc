"""Making and changing a share link."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.access.models import ShareLink
from tilios.core.structures.scope import current_structure
from tilios.kit.passphrases import passphrase


class LinkForm(forms.Form):
    """A link to come: its use, and what limits it."""

    mode = forms.ChoiceField(label=_("What the link allows"), widget=forms.RadioSelect)
    label = forms.CharField(
        label=_("What the link is for"),
        max_length=80,
        required=False,
        help_text=_("For yourself and the others who manage it: “poster in the hall”, “mail to the neighbours”."),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        required=False,
        help_text=_("Asked of everybody who opens the link. It is shown nowhere afterwards: tell it yourself."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    expires_on = forms.DateField(
        label=_("Last day"),
        required=False,
        help_text=_("The link closes at the end of that day."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    max_visitors = forms.IntegerField(
        label=_("How many people"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=_("Once so many have given their name, the link takes nobody new."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, modes: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["mode"]
        choices.choices = modes
        choices.initial = modes[0][0]
        if len(modes) == 1:
            choices.widget, choices.required = forms.HiddenInput(), False
        example = passphrase()
        self.fields["password"].widget.attrs["placeholder"] = example

    def clean_mode(self) -> str:
        modes: Any = self.fields["mode"]
        return self.cleaned_data.get("mode") or modes.choices[0][0]

    def values(self) -> dict[str, Any]:
        """What `sharing.create_link` takes."""
        data = self.cleaned_data
        return {
            "mode": data["mode"],
            "label": data["label"],
            "password": data["password"],
            "expires_at": end_of(data["expires_on"]),
            "max_visitors": data["max_visitors"],
        }


class ChangeForm(LinkForm):
    """A link that is already in people's hands: its address and its use stay."""

    take_off = forms.BooleanField(label=_("Ask for no password any more"), required=False)

    def __init__(self, *args: Any, link: ShareLink, **kwargs: Any) -> None:
        zone = ZoneInfo(current_structure().timezone)
        kwargs["initial"] = {
            "label": link.label,
            "max_visitors": link.max_visitors,
            "expires_on": link.expires_at.astimezone(zone).date() if link.expires_at else None,
        }
        super().__init__(*args, modes=[(link.mode, "")], **kwargs)
        del self.fields["mode"]
        self.order_fields(["label", "password", "take_off", "expires_on", "max_visitors"])
        password = self.fields["password"]
        if link.password:
            password.label = _("New password")
            password.help_text = _("Leave it empty to keep the one there is. A new one is asked of everybody again.")
        else:
            del self.fields["take_off"]

    def values(self) -> dict[str, Any]:
        """What `sharing.change_link` takes."""
        data = self.cleaned_data
        password = data["password"] or ("" if data.get("take_off") else None)
        return {
            "label": data["label"],
            "password": password,
            "expires_at": end_of(data["expires_on"]),
            "max_visitors": data["max_visitors"],
        }


def end_of(day: Any) -> datetime | None:
    """The last moment of `day` where the structure is."""
    if day is None:
        return None
    zone = ZoneInfo(current_structure().timezone)
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=zone).astimezone(timezone.get_default_timezone())
