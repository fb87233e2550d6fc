"""What the shell of every page shows: structure, launcher, "+" menu, person, unread count."""

from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.access import roles, undo
from tilios.core.access.links import link
from tilios.core.notify import queries as notices
from tilios.core.people.models import Person
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
    """Context processor: `shell`, or None for the signed out; the colour of the structure; the account's theme.

    Lazy: pages that do not show the shell pay nothing.
    """
    return {**_shell(request), "colour_url": colour_url(getattr(request, "structure", None))}


def colour_url(structure: Any) -> str:
    """The address of the style sheet that gives pages the colour of `structure`; empty for none."""
    return reverse("colour", args=[structure.colour.lstrip("#")]) if structure else ""


def _shell(request: HttpRequest) -> dict[str, Any]:
    if getattr(request, "person", None) is None or current_structure_or_none() is None:
        user = getattr(request, "user", None)
        signed_in = getattr(user, "is_authenticated", False)
        return {"shell": AccountShell(request) if signed_in else None, "theme": getattr(user, "theme", "auto")}
    return {"shell": Shell(request), "theme": request.user.theme}  # type: ignore[union-attr]


class AccountShell:
    """The shell of pages outside any structure (account, host): who is signed in, and the ways from there."""

    structure = acting_for = undo = visit = None
    sections: tuple[()] = ()
    primary = creates = structures = sections
    shortcuts = False
    unread = 0

    def __init__(self, request: Any) -> None:
        self.request = request

    @property
    def person(self) -> dict[str, Any]:
        name = str(self.request.user)
        role = _("Host of this server") if self.request.user.is_host else ""
        return {"display_name": name, "role_label": role, "initials": initials(name)}

    @property
    def urls(self) -> dict[str, str | None]:
        return {
            "home": reverse("my_structures"),
            "account": reverse("account"),
            "host": reverse("host") if self.request.user.is_host else None,
            "logout": reverse("account_logout"),
        }


class Shell:
    """Each part is computed once, when the template first asks.

    Three queries at most: the structures of the account, the unread count, and the structure's own table of rights when
    no view has read it yet.
    """

    def __init__(self, request: Any) -> None:
        self.request = request
        self.person_row = request.person
        self.structure_row = request.structure

    @cached_property
    def structure(self) -> dict[str, Any]:
        found = self.structure_row
        logo = link("portal:logo") if found.logo_id else ""
        return {"name": found.name, "slug": found.slug, "logo_url": logo, "initials": initials(found.name)}

    @cached_property
    def structures(self) -> list[dict[str, Any]]:
        return [
            {"name": row.name, "url": link("portal:home", structure=row), "current": row.pk == self.structure_row.pk}
            for row in structures_of(self.request.user)
        ]

    @cached_property
    def sections(self) -> list[dict[str, Any]]:
        return launcher_sections(self.person_row, self.request.path)

    @cached_property
    def primary(self) -> list[dict[str, Any]]:
        """The first three tools of the menu, for the bar at the bottom of a phone."""
        by_url = {tool["url"]: tool for section in self.sections for tool in section["tools"]}
        urls = (link(tool.entry_url) for tool in registry.enabled(self.structure_row))
        return [by_url[url] for url in urls if url in by_url][:3]

    @cached_property
    def creates(self) -> list[dict[str, Any]]:
        entries = [create for tool in registry.enabled(self.structure_row) for create in tool.creates]
        return [
            {"label": create.label, "url": link(create.url), "icon": create.icon}
            for create in entries
            if roles.may(self.person_row, create.action)
        ]

    @cached_property
    def person(self) -> dict[str, Any]:
        person = self.person_row.acted_by or self.person_row
        return {
            "display_name": person.display_name,
            "role_label": person.get_role_display(),
            "initials": initials(person.display_name),
        }

    @property
    def visit(self) -> dict[str, Any] | None:
        """The host's visit, for the line that says until when and lets them leave; None for everybody else."""
        person = self.person_row.acted_by or self.person_row
        if person.visit_ends_at is None:
            return None
        slug = self.structure_row.slug
        return {"ends_at": timezone.localtime(person.visit_ends_at), "leave_url": reverse("host_leave", args=[slug])}

    @property
    def acting_for(self) -> str | None:
        return self.person_row.display_name if self.person_row.acted_by else None

    @cached_property
    def unread(self) -> int:
        return notices.unread_count(self.person_row)

    @property
    def shortcuts(self) -> bool:
        return self.request.user.shortcuts

    @property
    def query(self) -> str:
        """What stands in the search field: what was asked, on the search page."""
        return self.request.GET.get("q", "")[:300] if self.request.path == self.urls["search"] else ""

    @cached_property
    def undo(self) -> dict[str, Any] | None:
        """The button beside the message of what can still be undone."""
        token = undo.offered(self.request)
        return {"url": link("portal:undo"), "token": token} if token else None

    @cached_property
    def urls(self) -> dict[str, str | None]:
        def if_may(action: str, name: str) -> str | None:
            return link(name) if roles.may(self.person_row, action) else None

        return {
            "home": link("portal:home"),
            "search": if_may("portal.search", "portal:search"),
            "quick": if_may("portal.search", "portal:quick_search"),
            "notifications": link("portal:notifications"),
            "account": reverse("account"),
            "settings": if_may("portal.settings", "portal:settings"),
            "journal": if_may("portal.journal", "portal:journal"),
            "people": if_may("portal.people", "portal:people"),
            "host": reverse("host") if self.request.user.is_host else None,
            "logout": reverse("account_logout"),
            "stop_acting": link("portal:stop_acting") if self.person_row.acted_by else None,
            "help": self._help(),
            "manifest": link("portal:manifest"),
        }

    def _help(self) -> str:
        """The help of the tool whose page this is, or the whole help."""
        for tool in registry.enabled(self.structure_row):
            if tool.help and self.request.path.startswith(link("portal:home") + f"{tool.path}/"):
                return link("portal:help_page", tool.slug)
        return link("portal:help")


#: What surrounds the tools, in the launcher: section, name, page, icon, action.
HOUSE = (
    ("people", _("People"), "portal:people", "users", "portal.people"),
    ("manage", _("Journal"), "portal:journal", "history", "portal.journal"),
    ("manage", _("Take out and erase"), "portal:transfer", "archive", "portal.export"),
    ("manage", _("Settings"), "portal:settings", "settings", "portal.settings"),
)


def launcher_sections(person: Person, path: str = "") -> list[dict[str, Any]]:
    """The tools and the rooms of the house `person` may enter, by section; `path` says which one is open.

    No query once rights are read.
    """
    tools = []
    for tool in registry.enabled(person.structure):
        if any(roles.may(person, action.name) for action in tool.actions):
            url = link(tool.entry_url)
            current = bool(path) and path.startswith(url)
            found = {"name": tool.name, "url": url, "icon": tool.icon, "section": tool.section, "current": current}
            tools.append({**found, "description": tool.description})
    for section, name, page, icon, action in HOUSE:
        if roles.may(person, action):
            url = link(page)
            current = bool(path) and path.startswith(url)
            tools.append({"name": name, "url": url, "icon": icon, "section": section, "current": current})
    sections = []
    for slug, name in SECTION_NAMES.items():
        inside = [tool for tool in tools if tool["section"] == slug]
        if inside:
            sections.append({"slug": slug, "name": name, "tools": inside})
    return sections
