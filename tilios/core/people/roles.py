"""The four roles, importable where models are not loaded yet."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.IntegerChoices):
    """What a person may do in a structure; each role holds those below."""

    GUEST = 10, _("Guest")
    MEMBER = 20, _("Member")
    MANAGER = 30, _("Manager")
    ADMIN = 40, _("Administrator")
