"""The rules of the files, and the room of one person."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from tilios.tools.files.actions.rules import GB, MOST_ROOM
from tilios.tools.files.models import Rules


class RoomField(forms.CharField):
    """Bytes, written in gigabytes: "5", "0,5" or "0.5"; nothing is no limit (None)."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "room-input"})
        super().__init__(required=False, max_length=12, widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        text = super().clean(value).replace("\u202f", "").replace("\xa0", "").replace(" ", "").replace(",", ".")
        if not text:
            return None
        try:
            number = Decimal(text) * GB
        except ArithmeticError:
            number = Decimal(0)
        if not number.is_finite() or not 1 <= number <= MOST_ROOM:
            raise forms.ValidationError(_("Give a size in gigabytes, such as 2 or 0.5; leave it empty for no limit."))
        return int(number)


def written(size: int) -> str:
    """Bytes in gigabytes, as people write them where they are: 500000000 is "0,5" in French."""
    number = (Decimal(size) / GB).quantize(Decimal("0.001")).normalize()
    return formats.number_format(f"{number:f}")


class RulesForm(forms.Form):
    """`cleaned_data` is what actions.rules.change_rules takes."""

    trash_days = forms.IntegerField(
        label=_("Days the trash is kept"),
        min_value=1,
        max_value=3650,
        help_text=_("After that, what was thrown away is removed for good."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    version_days = forms.IntegerField(
        label=_("Days earlier versions are kept"),
        min_value=1,
        max_value=36500,
        help_text=_("A version to which somebody gave a name is always kept."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    versions_most = forms.IntegerField(
        label=_("Earlier versions kept of a file, at most"),
        min_value=1,
        max_value=10_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    person_quota = RoomField(
        label=_("Room of each person, in gigabytes (GB)"), help_text=_("Empty: no limit but that of the structure.")
    )
    hides_system_files = forms.BooleanField(
        label=_("Keep out of sight what systems leave in folders (.DS_Store, ._…, Thumbs.db)"), required=False
    )

    @classmethod
    def of(cls, rules: Rules) -> "RulesForm":
        """The form as the rules stand."""
        return cls(initial={name: getattr(rules, name) for name in cls.base_fields})


class PersonRoomForm(forms.Form):
    """The room of one person."""

    room = RoomField(
        label=_("Room, in gigabytes (GB)"), help_text=_("Empty: the room that the rules give to each person.")
    )
