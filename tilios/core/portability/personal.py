"""What becomes of each table's rows when somebody they speak of is erased.

Without a word from its tool a table follows its foreign keys: rows that go with the person (CASCADE) are deleted, rows
that outlive them (SET_NULL) become anonymous. A tool says otherwise, or says why, in its portability module:

    PERSONAL = {"polls.Ballot": "anonymous", "billing.Invoice": keep(_("Accounts are kept for ten years.")),
                "polls.Ballot.keyed_by": "unlinked"}
    LABELS = {"polls.Ballot": _("Votes")}

A key names a table, or one column of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import CASCADE, SET_NULL, Field, Model
from django.utils.translation import pgettext, pgettext_lazy

from tilios.core.portability import tables
from tilios.core.toolbox import registry


@dataclass(frozen=True)
class Fate:
    """`then` is "delete", "anonymous", "unlinked" or "keep".

    A row made anonymous is what the person made: their name and addresses are taken out of its text, too, and the
    columns of `empty` are emptied. A row unlinked is somebody else's, in which the person had a part.
    """

    then: str
    why: Any = ""
    empty: tuple[str, ...] = ()


def keep(why: Any) -> Fate:
    """Rows that the law asks to keep, for the reason `why`, a sentence."""
    return Fate("keep", why)


def anonymous(*empty: str) -> Fate:
    """Rows that stay without their author, the columns of `empty` emptied."""
    return Fate("anonymous", empty=empty)


PERSONAL: dict[str, str | Fate] = {
    "access.ActionGrant": "delete",
    "access.ActionGrant.given_by": "unlinked",
    "access.ShareLink": "unlinked",
    "conversations.Comment": "anonymous",
    "conversations.Comment.acted_by": "unlinked",
    "dav.Lock": "delete",
    "documents.Attachment": "unlinked",
    "documents.Author": "anonymous",
    "documents.Remark": "anonymous",
    "documents.Revision": "unlinked",
    "documents.Saying": "anonymous",
    "documents.Thread": "unlinked",
    "documents.Update": "unlinked",
    "notify.Notification": "delete",
    "people.Invitation": "delete",
    "people.Invitation.created_by": "unlinked",
    "people.Mandate": "delete",
    "people.Mandate.recorded_by": "unlinked",
    "people.Mandate.ended_by": "unlinked",
    "uploads.Upload": "delete",
}

LABELS: dict[str, Any] = {
    "access.ActionGrant": pgettext_lazy("rows of a table", "Rights given by name"),
    "access.ActionRule": pgettext_lazy("rows of a table", "Rules of roles"),
    "access.ShareLink": pgettext_lazy("rows of a table", "Share links"),
    "access.Visitor": pgettext_lazy("rows of a table", "Visitors of share links"),
    "conversations.Comment": pgettext_lazy("rows of a table", "Comments"),
    "conversations.Reaction": pgettext_lazy("rows of a table", "Reactions"),
    "dav.DeadProperty": pgettext_lazy("rows of a table", "Properties stored by programs"),
    "dav.Lock": pgettext_lazy("rows of a table", "Locks of programs"),
    "documents.Attachment": pgettext_lazy("rows of a table", "Pictures and files of texts"),
    "documents.Author": pgettext_lazy("rows of a table", "Authors of texts"),
    "documents.Document": pgettext_lazy("rows of a table", "Texts"),
    "documents.Remark": pgettext_lazy("rows of a table", "Comments on passages"),
    "documents.Revision": pgettext_lazy("rows of a table", "Moments kept of texts"),
    "documents.Saying": pgettext_lazy("rows of a table", "Lines of the chat beside texts"),
    "documents.Thread": pgettext_lazy("rows of a table", "Conversations about passages"),
    "documents.Update": pgettext_lazy("rows of a table", "Pieces of texts"),
    "notify.Choice": pgettext_lazy("rows of a table", "Choices of notifications"),
    "notify.Mail": pgettext_lazy("rows of a table", "Messages kept in the outbox"),
    "notify.Notification": pgettext_lazy("rows of a table", "Notifications"),
    "notify.Push": pgettext_lazy("rows of a table", "Messages on their way to devices"),
    "people.Group": pgettext_lazy("rows of a table", "Groups"),
    "people.ImportBatch": pgettext_lazy("rows of a table", "Imports of people"),
    "people.ImportRow": pgettext_lazy("rows of a table", "Rows of imports of people"),
    "people.Invitation": pgettext_lazy("rows of a table", "Invitations"),
    "people.Mandate": pgettext_lazy("rows of a table", "Mandates"),
    "people.Membership": pgettext_lazy("rows of a table", "Places in groups"),
    "people.Person": pgettext_lazy("rows of a table", "The person's record"),
    "portability.Takeout": pgettext_lazy("rows of a table", "Archives"),
    "portal.HomeLayout": pgettext_lazy("rows of a table", "Arrangements of the home page"),
    "search.Item": pgettext_lazy("rows of a table", "Entries of the search index"),
    "uploads.Upload": pgettext_lazy("rows of a table", "Files on their way"),
}

#: Tables of the machinery: their rows are counted in the proof, but teach a reader nothing before.
QUIET = frozenset({"search.Grant", "search.Item", "search.Word", "search.Variant"})


def fate(model: type[Model], field: Field) -> Fate:
    """What becomes of the rows of `model` that point at the person by `field`."""
    said = declared()
    found = said.get(f"{model._meta.label}.{field.name}", said.get(model._meta.label))
    if found is None:
        found = _by_default(field)
    return found if isinstance(found, Fate) else Fate(found)


def _by_default(field: Any) -> str:
    if field.remote_field.on_delete is CASCADE:
        return "delete"
    return "anonymous" if field.remote_field.on_delete is SET_NULL else "keep"


def label(name: str) -> str:
    """What people call the rows of the table `name` ("people.Person")."""
    labels: dict[str, Any] = dict(LABELS)
    for _slug, more in tables.of_tools("LABELS"):
        labels.update(more)
    if name in labels:
        return str(labels[name])
    kind = next((kind for kind in registry.kinds().values() if kind.model == name), None)
    tool = registry.tool(name.partition(".")[0])
    own = kind.label if kind else apps.get_model(name)._meta.verbose_name_plural
    if tool is None or tool.house:
        return str(own)
    return pgettext("a tool and one of its things", "%(tool)s: %(rows)s") % {
        "tool": tool.name,
        "rows": str(own).lower(),
    }


def declared() -> Mapping[str, str | Fate]:
    """Everything that the house and the tools say."""
    said: dict[str, str | Fate] = dict(PERSONAL)
    for _slug, more in tables.of_tools("PERSONAL"):
        said.update(more)
    return said
