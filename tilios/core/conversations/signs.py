"""The signs a person may put on a comment: an icon and its word, never an emoji a device may lack."""

from django.utils.translation import gettext_lazy as _

#: sign -> (icon, what it says)
SIGNS = {
    "yes": ("check", _("I agree")),
    "thanks": ("heart", _("Thank you")),
    "idea": ("lightbulb", _("Good idea")),
    "cheers": ("sparkles", _("Well done")),
    "question": ("circle-help", _("I do not understand")),
}
