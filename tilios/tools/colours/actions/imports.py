"""Bring in answers gathered elsewhere, and take them out again."""

import secrets

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.kit.text import fold
from tilios.tools.colours import queries, rules
from tilios.tools.colours.actions.answers import CLOSED
from tilios.tools.colours.actions.changes import changed
from tilios.tools.colours.imports import Reading
from tilios.tools.colours.models import Answer, Origin, Session, Voice


@transaction.atomic
def import_answers(*, by: Person, session: Session, reading: Reading) -> str:
    """Put the answers of a sheet in the round that is open, a voice for each row; gives the name of this import.

    Nothing at all is imported when a cell is unknown. Names are left out in a secret session. Publishes
    "colours.imported". Raises NotAllowed for who does not run the session, Conflict once it is closed, Invalid("file").
    """
    session = queries.lock(session.pk)
    require(rules.keeps(by, session))
    if not session.is_open:
        raise Conflict(CLOSED)
    if reading.faults:
        raise Invalid("file", _("Some cells cannot be read: nothing is imported."))
    if not reading.count:
        raise Invalid("file", _("There is no answer in this file."))
    batch, round_ = secrets.token_urlsafe(12), queries.current_round(session)
    colleges = {fold(one.name): one for one in queries.colleges_of(session)}
    taken = set(session.voices.exclude(name_key="").values_list("name_key", flat=True))
    keyed_by = None if session.is_secret else by.acted_by or by
    voices, cells = [], []
    for name, group, answers in zip(reading.names, reading.groups, reading.answers, strict=True):
        if not answers:
            continue
        name = "" if session.is_secret else " ".join(name.split())
        if name and fold(name) in taken:
            raise Invalid("file", _("There are already answers under the name %(name)s.") % {"name": name})
        taken.add(fold(name) or "\0")
        voice = Voice(
            session=session,
            origin=Origin.IMPORTED,
            keyed_by=keyed_by,
            name=name,
            name_key=fold(name),
            college=colleges.get(fold(group)),
            batch=batch,
        )
        voices.append(voice)
        cells += [Answer(round=round_, statement_id=pk, voice=voice, value=value) for pk, value in answers.items()]
    Voice.objects.bulk_create(sorted(voices, key=lambda voice: voice.pk))
    Answer.objects.bulk_create(sorted(cells, key=lambda answer: answer.pk))
    publish("colours.imported", by=by, target=session, voices=len(voices), answers=len(cells))
    changed(session)
    return batch


@transaction.atomic
def undo_import(*, by: Person, session: Session, batch: str) -> int:
    """Take out what an import brought. Publishes "colours.import_undone". Number of voices."""
    session = queries.lock(session.pk)
    require(rules.keeps(by, session))
    found = session.voices.filter(batch=batch, origin=Origin.IMPORTED) if batch else session.voices.none()
    count = found.count()
    found.delete()
    publish("colours.import_undone", by=by, target=session, voices=count)
    changed(session)
    return count
