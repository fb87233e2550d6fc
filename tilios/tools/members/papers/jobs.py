"""Papers of many people, made in the background, there for a day for whoever asked, then forgotten."""

import io
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from tilios.core.blobs import actions as blobs
from tilios.core.errors import require
from tilios.core.jobs import job, progress
from tilios.core.jobs.models import Progress
from tilios.core.people.models import Person
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import current_structure, scope, unscoped
from tilios.tools.members import rules
from tilios.tools.members.forms.papers import PaperForm
from tilios.tools.members.models import MadePaper
from tilios.tools.members.papers import making
from tilios.tools.members.papers.kinds import KINDS, Kind
from tilios.tools.members.queries.choosing import Choice, chosen

KEPT = timedelta(days=1)


@transaction.atomic
def ask(*, by: Person, kind: Kind, choice: Choice, form: PaperForm, people: int) -> MadePaper:
    """Have a paper made in the background; `form` is valid. Raises NotAllowed."""
    require(rules.keeps_register(by))
    row = progress.start(
        label=str(kind.name), structure=current_structure(), person=by.acted_by or by, total=people
    )  # fmt: skip
    made = MadePaper.objects.create(
        kind=kind.key, whom=choice.as_json(), options=form.as_json(), people=people, made_by=by, progress_key=row.key
    )
    make.enqueue(current_structure().pk, made.pk)
    return made


@job
def make(structure_id: int, made_id: int) -> None:
    """Make the paper; taken again after a crash it starts over. What people may is asked anew."""
    structure = Structure.objects.select_related("logo").get(pk=structure_id)
    with scope(structure), timezone.override(structure.timezone):
        made = MadePaper.objects.select_related("made_by").filter(pk=made_id, blob=None).first()
        if made is None:
            return
        by, kind = made.made_by, KINDS[made.kind]
        by.structure = structure
        with progress.following(made.progress_key):
            form = kind.form.kept(made.options, by=by)
            require(form.is_valid())
            people = list(chosen(Choice.kept(made.whom), by))
            body = making.laid_out(
                by=by, kind=kind, people=people, said=form.cleaned_data,
                told=lambda done: progress.step(made.progress_key, done),
            )  # fmt: skip
            blob = blobs.store(io.BytesIO(body), media_type="application/pdf", name=making.file_name(kind))
            with transaction.atomic():
                kept = blobs.keep(blob)
                MadePaper.objects.filter(pk=made.pk).update(blob=kept, expires_at=timezone.now() + KEPT)


def progress_of(made: MadePaper) -> Progress | None:
    return Progress.objects.filter(key=made.progress_key).first()


def forget_old() -> int:
    """Periodic: forget the papers of yesterday, and those never made; their bytes are collected as blobs."""
    now = timezone.now()
    with unscoped("papers of every structure expire by the clock"):
        return int(MadePaper.objects.filter(created_at__lte=now - KEPT).delete()[0])
