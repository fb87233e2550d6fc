"""Make and change structures."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Invalid
from tilios.core.journal.actions import publish
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.kit import ids, zones
from tilios.kit.refusals import Refusal
from tilios.kit.text import slugify
from tilios.ui import colour as colours

RESERVED_SLUGS = frozenset({"tilios", "admin", "api", "www", "demo-off"})


def free_slug(name: str) -> str:
    """An address for `name` that no other structure has: "la-fabrique", "la-fabrique-2"…"""
    taken = set(Structure.objects.values_list("slug", flat=True)) | RESERVED_SLUGS
    return slugify(name, taken=taken)[:60] or slugify("structure", taken=taken)


def checked(**fields: Any) -> dict[str, Any]:
    """`fields` of a structure in the form they are kept in. Raises Invalid(field) with a clear sentence."""
    for name, check in CHECKS.items():
        if name in fields:
            try:
                fields[name] = check(str(fields[name]).strip())
            except Refusal as refusal:
                raise Invalid(name, gettext(refusal.message) % refusal.params) from refusal
    if fields.get("name") == "":
        raise Invalid("name", _("Please give a name."))
    if "language" in fields and fields["language"] not in dict(settings.LANGUAGES):
        raise Invalid("language", _("Choose one of the languages proposed."))
    if fields.get("postcode") and "country" in fields:
        try:
            fields["postcode"] = ids.check_postcode(fields["postcode"], fields["country"] or "FR")
        except Refusal as refusal:
            raise Invalid("postcode", gettext(refusal.message) % refusal.params) from refusal
    return fields


def _siren_or_siret(text: str) -> str:
    digits = sum(character.isdigit() for character in text)
    if not text:
        return ""
    return ids.check_siren(text) if digits <= 9 else ids.check_siret(text)


def _colour(text: str) -> str:
    try:
        return colours.to_hex(colours.parse(text))
    except ValueError:
        raise Invalid("colour", _("Write a colour as # and six digits or letters from a to f.")) from None


CHECKS = {
    "name": lambda text: " ".join(text.split())[:120],
    "rna": lambda text: ids.check_rna(text) if text else "",
    "siret": _siren_or_siret,
    "colour": _colour,
    "timezone": lambda text: zones.zone(text).key,
}


@transaction.atomic
def create_structure(*, name: str, slug: str = "", account: Any = None, **fields: Any) -> Structure:
    """A new structure; `enabled_tools` are the slugs of its tools, in the order of its menu.

    Publishes "portal.structure_created" in its journal. Raises Invalid(field) for what `checked` refuses.
    """
    fields = checked(name=name, **fields)
    structure = Structure.objects.create(slug=slug or free_slug(fields["name"]), **fields)
    with scope(structure):
        publish("portal.structure_created", account=account)
    return structure


@transaction.atomic
def change_structure(*, by: Any, structure: Structure, **fields: Any) -> Structure:
    """Change what the structure says of itself. Publishes "portal.structure_changed" with the names of the fields.

    Raises Invalid(field) for what `checked` refuses.
    """
    fields = checked(**fields)
    changed = [name for name, value in fields.items() if getattr(structure, name) != value]
    for name in changed:
        setattr(structure, name, fields[name])
    if changed:
        structure.save(update_fields=changed)
        publish("portal.structure_changed", by=by, fields=[name.removesuffix("_id") for name in changed])
    return structure


@transaction.atomic
def suspend(*, account: Any, structure: Structure, reason: str) -> None:
    """Close the structure's doors, keeping everything. Publishes "portal.structure_suspended".

    Raises Invalid("reason") without a reason: whoever finds the door closed reads it.
    """
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise Invalid("reason", _("Say why: whoever finds the door closed will read it."))
    Structure.objects.filter(pk=structure.pk).update(suspended_at=timezone.now(), suspension_reason=reason)
    publish("portal.structure_suspended", account=account, structure=structure)


@transaction.atomic
def resume(*, account: Any, structure: Structure) -> None:
    """Open the doors again. Publishes "portal.structure_resumed"."""
    Structure.objects.filter(pk=structure.pk).update(suspended_at=None, suspension_reason="")
    publish("portal.structure_resumed", account=account, structure=structure)
