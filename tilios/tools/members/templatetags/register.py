"""`{% register_tabs "list" %}`: the tabs of the tool, those that the reader may open."""

from collections.abc import Iterator
from typing import Any

from django import template
from django.template.context import Context
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tilios.core.access.links import link
from tilios.core.access.roles import may
from tilios.core.people.models import Person
from tilios.tools.members import queries
from tilios.tools.members.queries.community import may_see_community
from tilios.tools.members.queries.searching import may_search

register = template.Library()


@register.inclusion_tag("members/_tabs.html", takes_context=True)
def register_tabs(context: Context, here: str) -> dict[str, Any]:
    """The tabs with the one called `here` marked."""
    person = context["request"].person
    return {"tabs": [{**tab, "current": tab["key"] == here} for tab in _tabs(person)]}


def _tabs(person: Person) -> Iterator[dict[str, str]]:
    if queries.may_list(person):
        yield {"key": "list", "label": _("Members"), "url": link("members:home"), "icon": "id-card"}
    if may_search(person):
        yield {"key": "searches", "label": _("Searches"), "url": link("members:search"), "icon": "text-search"}
    if may(person, "members.register"):
        yield {"key": "mailings", "label": _("Letters by mail"), "url": link("members:mailings"), "icon": "mails"}
        label = pgettext("of members", "Papers")
        yield {"key": "papers", "label": label, "url": link("members:papers"), "icon": "printer"}
    if may(person, "members.directory") and not queries.may_list(person):
        yield {"key": "directory", "label": _("Directory"), "url": link("members:directory"), "icon": "contact"}
    if not queries.may_list(person) and may_see_community(person):
        yield {"key": "community", "label": _("Community"), "url": link("members:community"), "icon": "chart-line"}
    if not queries.may_list(person):  # the others have many tabs: theirs is in the menu of the list
        yield {"key": "own", "label": _("My record"), "url": link("members:own"), "icon": "circle-user-round"}
    if may(person, "members.own") and not queries.may_list(person):
        yield {"key": "own_dues", "label": _("My dues"), "url": link("members:own_dues"), "icon": "receipt"}
    if may(person, "members.money"):
        label = pgettext("all of them", "Dues")
        yield {"key": "dues", "label": label, "url": link("members:dues"), "icon": "receipt-euro"}
    if may(person, "billing.view"):
        yield {"key": "money", "label": _("Money"), "url": link("members:money"), "icon": "euro"}
    if may(person, "members.settings"):
        label = pgettext("of the register", "Settings")
        yield {"key": "settings", "label": label, "url": link("members:settings"), "icon": "settings"}


@register.filter
def shown(value: Any) -> str:
    """A value of a cell or of an answer in words."""
    return queries.shown(value)
