"""Decide how one joins online: the forms of the structure."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tilios.core.access.roles import may
from tilios.core.blobs.models import Blob
from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.core.people.roles import Role
from tilios.kit.text import slugify
from tilios.tools.members.models import AGREEMENTS, ApplicationState, DuesKind, Field, JoinForm

COLUMNS = (
    "title", "slug", "introduction", "asked", "agreements", "most_family", "consent_text", "statutes_url", "mode",
    "status", "role", "invites", "means", "payment_words", "welcome", "kept_days", "is_open", "opens_on", "closes_on",
)  # fmt: skip
MOST_FAMILY = 20


@transaction.atomic
def save_join_form(
    *,
    by: Person,
    form: JoinForm | None = None,
    kinds: list[DuesKind],
    fields: list[Field] | None = None,
    statutes: tuple[str, Blob] | None = None,
    without_statutes: bool = False,
    **said: Any,
) -> JoinForm:
    """Make or change a form. `statutes`: the name and bytes of a file. Publishes "members.form_saved".

    Changing the words about data makes a new version of them: applications keep those that were agreed to. Raises
    NotAllowed, Invalid("kinds") for none, Invalid("slug") for an address taken, Invalid("role") above a member's.
    """
    require(may(by, "members.settings"))
    if unknown := set(said) - set(COLUMNS):
        raise TypeError(f"not of a form: {sorted(unknown)}")
    form = form or JoinForm()
    consent = form.consent_text
    for name, value in said.items():
        setattr(form, name, value)
    _check(form, kinds)
    if form.pk and form.consent_text.strip() != consent.strip():
        form.consent_version += 1
    if without_statutes:
        form.statutes_file, form.statutes_name = None, ""
    if statutes:
        form.statutes_name, form.statutes_file = statutes[0][:200], statutes[1]
    form.save()
    form.kinds.set(kinds)
    form.fields.set(fields or [])
    publish("members.form_saved", by=by, target=form)
    return form


def _check(form: JoinForm, kinds: list[DuesKind]) -> None:
    others = JoinForm.objects.exclude(pk=form.pk)
    if not form.title.strip():
        raise Invalid("title", _("Please give a name."))
    if form.slug and others.filter(slug=form.slug).exists():
        raise Invalid("slug", _("Another form has this address."))
    form.slug = form.slug or slugify(form.title, set(others.values_list("slug", flat=True)))
    if not kinds:
        raise Invalid("kinds", _("Choose what they may pay for."))
    # SECURITY: a page that anybody opens makes no manager.
    if form.role > Role.MEMBER:
        raise Invalid("role", _("A form makes a member at most."))
    if form.most_family > MOST_FAMILY:
        raise Invalid("most_family", _("%(count)s people at most.") % {"count": MOST_FAMILY})
    form.agreements = [name for name in AGREEMENTS if name in form.agreements]


@transaction.atomic
def remove_join_form(*, by: Person, form: JoinForm) -> None:
    """Remove a form, with what was refused, withdrawn or never confirmed. Publishes "members.form_removed".

    Raises NotAllowed; Conflict for one by which somebody joined or waits: it is closed instead.
    """
    require(may(by, "members.settings"))
    if form.applications.filter(state__in=(ApplicationState.WAITING, ApplicationState.ACCEPTED)).exists():
        raise Conflict(_("People have joined or wait by this form: close it instead."))
    publish("members.form_removed", by=by, target=form)
    form.delete()
