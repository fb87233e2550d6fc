"""The kinds of spaces, and what one may do in them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Space(models.TextChoices):
    COMMON = "common", _("Everybody's")
    GROUP = "group", _("A group's")
    PERSONAL = "personal", _("Somebody's own")


class Level(models.IntegerChoices):
    BUSY = 5, _("See when")  # of calendars: that something takes place, not what
    VIEW = 10, _("See")
    COMMENT = 15, _("Comment")
    ADD = 20, _("Add")  # new things, and change those one brought
    EDIT = 30, _("Change")
    MANAGE = 40, _("Manage")  # rights, links, who read
