"""The form of a reminder of what is late."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tilios.tools.members.models import LateRule


class LateRuleForm(forms.ModelForm):
    class Meta:
        model = LateRule
        fields = ("days", "subject", "body", "is_active")
        widgets = {"body": forms.Textarea(attrs={"rows": 14})}
        labels = {"is_active": _("Send this reminder")}
        help_texts = {
            "days": _("7: a week after the day on which something was due."),
        }

    def _post_clean(self) -> None:
        """Leave the reminder as it is: the action writes it."""
