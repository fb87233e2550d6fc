"""What several forms ask: a role up to one's own, a group, an end."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from tilios.core.people import rules
from tilios.core.people.models import Group, Person
from tilios.core.people.roles import Role
from tilios.core.structures.scope import current_structure

LASTING = (("7", _("A week")), ("30", _("A month")), ("90", _("Three months")), ("", _("No end")))


def role_field(by: Person, *, most: int = Role.ADMIN, **options: Any) -> forms.TypedChoiceField:
    """The roles `by` may give, at most `most`."""
    choices = [(int(role), role.label) for role in Role if rules.can_give(by, role) and role <= most]
    return forms.TypedChoiceField(
        label=options.pop("label", _("Role")), choices=choices, coerce=int, initial=int(Role.MEMBER), **options
    )


def group_field(**options: Any) -> forms.ModelChoiceField:
    """A group of the structure in scope: made when the form is, for the scope of the request."""
    return forms.ModelChoiceField(
        label=options.pop("label", _("Group")),
        queryset=Group.objects.order_by("name"),
        required=False,
        empty_label=options.pop("empty_label", _("No group")),
        **options,
    )


def lasting_field() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Open for"), choices=LASTING, initial="30", required=False)


def end_of(days: str) -> datetime | None:
    """The moment that a choice of `lasting_field` names."""
    return timezone.now() + timedelta(days=int(days)) if days else None


def end_of_day(day: date | None) -> datetime | None:
    """The last moment of `day` where the structure is."""
    return datetime.combine(day, time.max, ZoneInfo(current_structure().timezone)) if day else None


def posted(request: Any) -> QueryDict | None:
    """What a form is bound to: an empty POST is a form sent empty, not a form asked for."""
    return request.POST if request.method == "POST" else None


def uploaded(request: Any) -> MultiValueDict | None:
    """The files that come with `posted`."""
    return request.FILES if request.method == "POST" else None


def put_error(form: forms.BaseForm, error: Any) -> None:
    """Show an action's Invalid beside the field it names, or at the head of the form."""
    form.add_error(error.field if error.field in form.fields else None, str(error.message))
