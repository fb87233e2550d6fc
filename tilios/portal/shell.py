"""What the shell of every page shows: structure, launcher, "+" menu, person, unread count."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tilios.core.access import roles
from tilios.core.access.links import link
from tilios.core.notify.models import Notification
from tilios.core.people.queries import structures_of
from tilios.core.structures.scope import current_structure_or_none
from tilios.core.toolbox import registry
from tilios.kit.names import initials

SECTION_NAMES = {
    "decide": _("Decide"),
    "organise": _("Organise"),
    "share": _("Share"),
    "people": _("People"),
    "place": _("The place"),
    "publish": _("Publish"),
    "manage": _("Manage"),
}


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `shell`, or None outside a structure and for the signed out. Lazy: pages without it pay nothing."""
    if getattr(request, "person", None) is None or current_structure_or_none() is None:
        return {"shell": None, "theme": getattr(getattr(request, "user", None), "theme", "auto")}
    return {"shell": Shell(request), "theme": request.user.theme}  # type: ignore[union-attr]


class Shell:
    """Computed when the template first asks: two queries (structures of the account, unread count)."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.person_row = request.person
        self.structure_row = request.structure

    @property
    def structure(self) -> dict[str, Any]:
        found = self.structure_row
        logo = link("portal:logo") if found.logo_id else ""
        return {"name": found.name, "slug": found.slug, "logo_url": logo, "initials": initials(found.name)}

    @property
    def colour_url(self) -> str:
        return link("portal:colour", self.structure_row.colour.lstrip("#"))

    @property
    def structures(self) -> list[dict[str, Any]]:
        return [
            {"name": row.name, "url": link("portal:home", structure=row), "current": row.pk == self.structure_row.pk}
            for row in structures_of(self.request.user)
        ]

    def _tools(self) -> list[dict[str, Any]]:
        path = self.request.path
        shown = []
        for tool in registry.enabled(self.structure_row):
            if any(roles.may(self.person_row, action.name) for action in tool.actions):
                url = link(tool.entry_url)
                shown.append(
                    {
                        "name": tool.name,
                        "url": url,
                        "icon": tool.icon,
                        "section": tool.section,
                        "current": path.startswith(url),
                    }
                )
        return shown

    @property
    def sections(self) -> list[dict[str, Any]]:
        tools = self._tools()
        sections = []
        for slug, name in SECTION_NAMES.items():
            inside = [tool for tool in tools if tool["section"] == slug]
            if inside:
                sections.append({"slug": slug, "name": name, "tools": inside})
        return sections

    @property
    def primary(self) -> list[dict[str, Any]]:
        return self._tools()[:3]

    @property
    def creates(self) -> list[dict[str, Any]]:
        entries = [create for tool in registry.enabled(self.structure_row) for create in tool.creates]
        return [
            {"label": create.label, "url": link(create.url), "icon": create.icon}
            for create in entries
            if roles.may(self.person_row, create.action)
        ]

    @property
    def person(self) -> dict[str, Any]:
        person = self.person_row.acted_by or self.person_row
        return {
            "display_name": person.display_name,
            "role_label": person.get_role_display(),
            "initials": initials(person.display_name),
        }

    @property
    def acting_for(self) -> str | None:
        return self.person_row.display_name if self.person_row.acted_by else None

    @property
    def unread(self) -> int:
        return Notification.objects.filter(person=self.person_row, read_at=None).count()

    @property
    def shortcuts(self) -> bool:
        return self.request.user.shortcuts

    @property
    def undo(self) -> dict[str, Any] | None:
        return self.request.session.pop("undo", None)

    @property
    def urls(self) -> dict[str, str | None]:
        def if_may(action: str, name: str) -> str | None:
            return link(name) if roles.may(self.person_row, action) else None

        return {
            "home": link("portal:home"),
            "search": link("portal:search"),
            "notifications": link("portal:notifications"),
            "account": reverse("account"),
            "settings": if_may("portal.settings", "portal:settings"),
            "journal": if_may("portal.journal", "portal:journal"),
            "people": if_may("portal.people", "portal:people"),
            "host": reverse("host") if self.request.user.is_host else None,
            "logout": reverse("account_logout"),
            "help": link("portal:help"),
        }
