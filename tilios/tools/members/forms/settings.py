"""The forms of what the structure decides of its register: its fields, who sees the list."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from tilios.tools.members import queries
from tilios.tools.members.models import PUBLIC_FIELDS, Field, RegisterSettings


class FieldForm(forms.ModelForm):
    """One field of the structure."""

    choices = forms.CharField(
        label=_("Things to choose from"),
        required=False,
        max_length=12000,
        help_text=_("One a line, for a choice in a list."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    class Meta:
        model = Field
        fields = (
            "name", "kind", "choices", "formula", "help", "is_required", "in_list", "seen_by",
            "changed_by", "key",
        )  # fmt: skip
        widgets = {"formula": forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "off"})}
        labels = {"key": _("Word in formulas")}
        help_texts = {
            "formula": _(
                "For a computed field: “age >= 18”, “45 if seniority > 10 else 60”. The words are listed below."
            ),
            "help": _("A sentence under the field, in forms."),
            "key": _("Left empty: made of the name. It stays once the field is there."),
            "changed_by": _("Nobody changes what they do not see."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["choices"] = "\n".join(self.instance.choices)
        self.fields["key"].required = False
        if self.instance.pk:
            del self.fields["key"]
        self.fields["kind"].label, self.fields["name"].label = _("Kind"), _("Name")
        # A field that everybody may change would have no sense: members change their own record alone.
        self.fields["changed_by"].choices = self.fields["changed_by"].choices[:2]  # type: ignore[attr-defined]

    def clean_choices(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["choices"].splitlines() if line.strip()]

    def _post_clean(self) -> None:
        """Leave the field as it is: the action writes it, and checks it."""


class RegisterForm(forms.ModelForm):
    """What is decided of the register as a whole."""

    public_fields = forms.MultipleChoiceField(
        label=_("What the public list shows beside the name"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=(),
    )

    class Meta:
        model = RegisterSettings
        fields = ("members_change_own", "has_public_list", "public_fields", "is_indexed", "card_tells")
        help_texts = {
            "members_change_own": _("Otherwise they only read it."),
            "has_public_list": _("Only those who agreed are in it. Whoever has the address sees it, without login."),
            "card_tells": _("Never a name. Otherwise they read only that the card is one of yours."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(name, capfirst(queries.label_of(name))) for name in PUBLIC_FIELDS]
        self.fields["public_fields"].choices = choices  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        """Leave the settings as they are: the action writes them."""
