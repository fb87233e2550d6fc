"""What archives and erasure need to know of colour votes (docs/archive-format.md)."""

import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import pgettext_lazy

from tilios.core.portability.archive import Writer
from tilios.core.portability.personal import anonymous
from tilios.kit.sheets import Cell
from tilios.kit.text import slugify
from tilios.tools.colours import palettes
from tilios.tools.colours.models import Session
from tilios.tools.colours.views.results import sheet
from tilios.tools.colours.views.shown import Shown

PERSONAL = {
    "colours.Voice": anonymous("name", "name_key"),  # the colours count, nobody's
    "colours.Voice.keyed_by": "unlinked",
    "colours.Voice.acted_by": "unlinked",
    "colours.Session.closed_by": "unlinked",
}

LABELS = {
    "colours.Answer": pgettext_lazy("rows of a table", "Colours given"),
    "colours.College": pgettext_lazy("rows of a table", "Groups compared in colour votes"),
    "colours.Entitled": pgettext_lazy("rows of a table", "Places on the lists of colour votes"),
    "colours.Invited": pgettext_lazy("rows of a table", "Invitations to colour votes"),
    "colours.Remark": pgettext_lazy("rows of a table", "Remarks in colour votes"),
    "colours.Reminder": pgettext_lazy("rows of a table", "Reminders of colour votes"),
    "colours.Roll": pgettext_lazy("rows of a table", "Lines on the rolls of secret colour votes"),
    "colours.Round": pgettext_lazy("rows of a table", "Rounds of colour votes"),
    "colours.Session": pgettext_lazy("rows of a table", "Colour votes"),
    "colours.Statement": pgettext_lazy("rows of a table", "Statements of colour votes"),
    "colours.Taste": pgettext_lazy("rows of a table", "Choices of colours"),
    "colours.Voice": pgettext_lazy("rows of a table", "Voices in colour votes"),
}

HEADS = {
    "opened_at": pgettext_lazy("head of a column", "opened"),
    "closed_at": pgettext_lazy("head of a column", "closed"),
}


def sheets(archive: Writer) -> None:
    """A sheet of all sessions, and one for each round of each: what the place shows of its results, not more."""
    sessions = Session.objects.filter(deleted_at=None).order_by("pk")
    archive.csv("open/colours/sessions.csv", _list(sessions.iterator(chunk_size=500)))
    for pk in list(sessions.values_list("pk", flat=True)):
        shown = Shown(Session.objects.get(pk=pk), palettes.CLASSIC)
        name = slugify(shown.session.title, length=50)
        for round_ in shown.rounds:
            # SECURITY: results promised hidden are not opened by taking an archive while people answer.
            if shown.statements_shown(round_):
                archive.csv(f"open/colours/{pk}-{name}-{round_.number}.csv", sheet(shown, round_))


def _list(sessions: Any) -> Iterator[list[Cell]]:
    names = ("title", "introduction", "opened_at", "deadline", "closed_at")
    fields: list[Any] = [Session._meta.get_field(name) for name in names]
    yield [str(HEADS.get(field.name, field.verbose_name)).capitalize() for field in fields]
    for session in sessions:
        values = [getattr(session, name) for name in names]
        yield [value.astimezone(session.tz) if isinstance(value, datetime) else value for value in values]


OPEN = (sheets,)

#: What a device or a letter holds opens one voice: elsewhere, nothing opens it any more.
SECRETS = {
    "colours.Voice": {"key": lambda there: secrets.token_hex(32) if there else ""},
    "colours.Invited": {"token": lambda _there: secrets.token_hex(16)},
}
