"""What surrounds the tools declares itself as a tool does: its actions and verbs are in the same tables."""

from django.utils.translation import gettext_lazy as _

from tilios.core.people.roles import Role
from tilios.core.toolbox.declaration import Action, Kind, Notice, Tool

PORTAL = Tool(
    slug="portal",
    house=True,
    path="",
    name=_("The house"),
    icon="house",
    section="manage",
    description=_("Home, people, settings, journal: what surrounds the tools."),
    urls="tilios.portal.urls",
    actions=(
        Action("portal.home", _("Enter the structure"), Role.GUEST, floor=Role.GUEST),
        Action("portal.search", _("Search"), Role.GUEST),
        Action("portal.comment", _("Comment"), Role.GUEST),
        Action("portal.people", _("See the people"), Role.MEMBER),
        Action("portal.edit_people", _("Add and change people, invite"), Role.MANAGER, floor=Role.MEMBER),
        Action("portal.import_people", _("Import people"), Role.MANAGER, floor=Role.MANAGER),
        Action("portal.settings", _("Change the settings of the structure"), Role.ADMIN, floor=Role.MANAGER),
        Action("portal.journal", _("Read the journal"), Role.MANAGER, floor=Role.MEMBER),
        Action("portal.export", _("Take out everything"), Role.ADMIN, floor=Role.ADMIN),
        Action("portal.erase", _("Erase a person"), Role.ADMIN, floor=Role.ADMIN),
    ),
    entry="home",
    verbs={
        "portal.structure_created": _("created the structure"),
        "portal.structure_changed": _("changed the settings"),
        "portal.structure_suspended": _("suspended the structure"),
        "portal.structure_resumed": _("resumed the structure"),
        "portal.link_created": _("created a share link"),
        "portal.link_revoked": _("revoked a share link"),
        "portal.app_password_created": _("created an app password"),
        "portal.app_password_revoked": _("revoked an app password"),
        "portal.rules_changed": _("changed who may do what"),
        "portal.exported": _("took out everything"),
        "portal.imported": _("brought in an archive"),
        "portal.host_stepped_in": _("the host stepped in"),
        "portal.commented": _("commented"),
    },
    notices=(
        Notice("portal.mentioned", _("Somebody mentions you"), ("page", "mail")),
        Notice("portal.replied", _("Somebody answers your comment"), ("page",)),
        Notice("portal.invited", _("You are invited, or your role changes"), ("page", "mail")),
    ),
)

PEOPLE = Tool(
    slug="people",
    house=True,
    path="",
    name=_("People"),
    icon="users",
    section="people",
    description=_("The people of the structure and their groups."),
    urls="tilios.portal.urls",
    actions=(),
    entry="home",
    verbs={
        "people.added": _("added a person"),
        "people.changed": _("changed a record"),
        "people.read": _("read a record"),
        "people.group_created": _("created a group"),
        "people.joined_group": _("put somebody in a group"),
        "people.left_group": _("took somebody out of a group"),
    },
    kinds=(
        Kind(
            "people.person",
            model="people.Person",
            label=_("Person"),
            icon="user",
            visible="tilios.portal.queries.visible_people",
            url="portal:person",
        ),
    ),
)

HOUSE = (PORTAL, PEOPLE)
