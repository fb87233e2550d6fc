"""Forms of statements: the file, what its columns hold, a line shared out by hand."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tilios.core.billing.models import Charge
from tilios.core.billing.reconciling.columns import BANK, HELLOASSO, is_whole
from tilios.ui.fields import CentsField

ORIGINS = ((BANK, _("A bank")), (HELLOASSO, "HelloAsso"))
#: What a column may hold, as people call it.
HOLDS = (
    ("", pgettext_lazy("column of a statement", "Nothing useful")),
    ("day", pgettext_lazy("column of a statement", "Day")),
    ("amount", pgettext_lazy("column of a statement", "Amount, in and out")),
    ("credit", pgettext_lazy("column of a statement", "Amount that came in")),
    ("label", pgettext_lazy("column of a statement", "Words of the operation")),
    ("detail", pgettext_lazy("column of a statement", "More words")),
    ("payer_name", pgettext_lazy("column of a statement", "Name of who paid")),
    ("payer_given_name", pgettext_lazy("column of a statement", "First name of who paid")),
    ("payer_email", pgettext_lazy("column of a statement", "Mail address of who paid")),
    ("reference", pgettext_lazy("column of a statement", "Reference")),
    ("status", pgettext_lazy("column of a statement", "State of the payment")),
)


class StatementForm(forms.Form):
    origin = forms.ChoiceField(
        label=_("Where the file comes from"), choices=ORIGINS, widget=forms.RadioSelect, initial=BANK
    )
    file = forms.FileField(label=_("File"), help_text=_("CSV, ODS or XLSX, as your bank or HelloAsso gives it."))


class ColumnsForm(forms.Form):
    """One choice a column, with what its first cells say."""

    def __init__(
        self,
        *args: Any,
        header: Sequence[str],
        examples: Sequence[Sequence[str]],
        guessed: Sequence[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        known = {value for value, _label in HOLDS}
        for rank, name in enumerate(header):
            shown = ", ".join(dict.fromkeys(row[rank] for row in examples if rank < len(row) and row[rank]))
            guess = guessed[rank] if rank < len(guessed) else ""
            self.fields[f"column-{rank}"] = forms.ChoiceField(
                label=name or gettext("Column %(rank)s") % {"rank": rank + 1},
                choices=HOLDS,
                required=False,
                initial=guess if guess in known else "",
                help_text=shown[:120],
            )

    def columns(self) -> list[str]:
        return [self.cleaned_data[name] for name in self.fields]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and not is_whole(list(given.values())):
            raise forms.ValidationError(gettext("Say which column holds the day, and which one the amount."))
        return given


class SplitForm(forms.Form):
    """How much of a line pays each charge; what is left is the payer's credit."""

    def __init__(self, *args: Any, charges: Iterable[Charge], parts: dict[int, int], most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.charges, self.most = list(charges), most
        for charge in self.charges:
            self.fields[f"part-{charge.pk}"] = CentsField(
                label=charge.label, required=False, initial=parts.get(charge.pk)
            )

    def rows(self) -> list[tuple[Charge, Any]]:
        return [(charge, self[f"part-{charge.pk}"]) for charge in self.charges]

    def parts(self) -> dict[Charge, int]:
        given = {charge: self.cleaned_data.get(f"part-{charge.pk}") or 0 for charge in self.charges}
        return {charge: cents for charge, cents in given.items() if cents}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for charge, cents in self.parts().items():
            if cents > charge.left_cents:
                self.add_error(f"part-{charge.pk}", gettext("This is more than what is left to pay."))
        if not self.errors and sum(self.parts().values()) > self.most:
            raise forms.ValidationError(gettext("More is shared out than was received."))
        return given
