"""Something in every table, for tests that take a structure out and bring it in."""

import io
import uuid
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Field, Model, QuerySet
from django.utils import timezone

from tests.cast import Cast
from tilios.core.access.models import ActionRule, ShareLink, Visitor
from tilios.core.billing.models import Mandate as DebitMandate
from tilios.core.blobs import actions as blobs
from tilios.core.blobs.models import Blob
from tilios.core.conversations.models import Comment, Reaction
from tilios.core.journal.actions import publish, record_read
from tilios.core.people import actions as people
from tilios.core.people.models import Group, ImportMapping, Invitation, Mandate, Person
from tilios.core.people.roles import Role
from tilios.core.portability import tables
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope

LOGO = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!\xf9\x04\x00\x00\x00\x00\x00,\x00\x00\x00\x00"


def fill_house(cast: Cast) -> Group:
    """Fill La Fabrique; the group made."""
    logo = blobs.store(io.BytesIO(LOGO), media_type="image/gif", name="logo.gif")
    scan = blobs.store(io.BytesIO(b"Je donne pouvoir \xc3\xa0 Bob."), media_type="text/plain", name="pouvoir.txt")
    Structure.objects.filter(pk=cast.fabrique.pk).update(logo=logo, purpose="Un lieu à nous.\nEt à vous.")
    cast.fabrique.refresh_from_db()
    with scope(cast.fabrique):
        zoe = people.create_person(
            by=None,
            given_name="Zoé",
            family_name="Œuvrard",
            email="zoe@example.org",
            phone="+33 1 23 45 67 89",
            street="3; rue de la Paix, bât. B\nescalier \\ 2",
            town="Châteauneuf-d’Ille-et-Vilaine",
            birth_date=date(1984, 2, 29),
            note='=HYPERLINK("https://example.org") 🌻 «\u00a0note\u00a0»',
        )
        group = people.create_group(by=cast.alice, name="Conseil collégial", description="Qui porte")
        for person, manages in ((cast.alice, True), (cast.bob, False), (zoe, False)):
            people.add_to_group(by=cast.alice, person=person, group=group, is_manager=manages)
        Invitation.objects.create(token="jeton-secret-d-invitation", email="nouveau@example.org", group=group,
                                  created_by=cast.alice)  # fmt: skip
        Mandate.objects.create(person=zoe, delegate=cast.bob, on_paper=True, recorded_by=cast.alice, scan=scan)
        ImportMapping.objects.create(headers="ab" * 32, columns=["family_name", "", "email"])
        ActionRule.objects.create(action="portal.people", least=Role.GUEST)
        link = ShareLink.objects.create(token="jeton-secret-de-lien", kind="people.person", target=zoe.pk, mode="read",
                                        password="md5$sel$empreinte", created_by=cast.manon)  # fmt: skip
        visitor = Visitor.objects.create(link=link, key="c1e0" * 16, name="Une passante")
        DebitMandate.objects.create(payer=cast.bob, holder_name="Bob Lambert", reference="RUM-1", iban_end="0189",
                                    iban_sealed="iban-scellé-de-bob", signed_on=date(2025, 3, 3))  # fmt: skip
        _talk(cast, zoe, visitor)
        publish("people.changed", by=cast.alice, subject=zoe, fields=["email"])
        record_read(by=cast.manon, subject=zoe, what="people.record")
        publish("portal.commented", visitor=visitor, target=group)
        publish("portal.host_stepped_in", account=cast.charlie.account)
    return group


def _talk(cast: Cast, zoe: Person, visitor: Visitor) -> None:
    gone = people.create_person(by=None, display_name="Qui s'en va")
    first = Comment.objects.create(kind="people.person", target=zoe.pk, author=cast.bob, text="<b>Bonjour</b>\nà tous",
                                   created_at=timezone.now() - timedelta(days=3))  # fmt: skip
    first.mentions.set([cast.alice, zoe])
    Comment.objects.create(kind="people.person", target=zoe.pk, parent=first, visitor=visitor, text="De passage 🚲")
    Comment.objects.create(kind="people.person", target=zoe.pk, parent=first, author=cast.bob, acted_by=cast.alice,
                           text="Au nom de Bob", removed_at=timezone.now())  # fmt: skip
    Comment.objects.create(kind="people.person", target=gone.pk, author=cast.gus, text="De qui n'est plus là")
    Reaction.objects.create(comment=first, person=cast.alice, sign="👍")
    publish("people.changed", by=gone)
    gone.delete()


def fill_what_is_empty() -> None:
    """A row in each exported table that has none yet, made from its columns: a new table is tried at once."""
    waiting = [model for model in tables.exported_models() if not model.objects.exists()]  # type: ignore[attr-defined]
    while waiting:
        ready = [model for model in waiting if not _needs(model) & (set(waiting) - {model})]
        assert ready, f"tables that need each other: {waiting}"
        for model in ready:
            _make(model)
            waiting.remove(model)


def _make(model: type[Model]) -> None:
    """A row of what is asked; where a constraint wants one of the optional columns too, with the first that does."""
    values = {field.name: _value(field) for field in _asked(model)}
    optional = [field for field in tables.columns(model) if field.null]
    for more in ({}, *({field.name: _value(field)} for field in optional)):
        try:
            with transaction.atomic():
                model.objects.create(**values, **more)  # type: ignore[attr-defined]
        except IntegrityError:
            continue
        return
    raise AssertionError(f"no row of {model._meta.label} can be made from its columns alone")


def _asked(model: type[Model]) -> list[Any]:
    return [field for field in tables.columns(model) if not field.null and not field.has_default()]


def _needs(model: type[Model]) -> set[Any]:
    return {field.related_model for field in _asked(model) if field.is_relation}


def _value(field: Any) -> Any:
    if field.is_relation:
        return (
            QuerySet(field.related_model).first()
            if field.related_model is Blob
            else field.related_model.objects.first()
        )
    if field.choices:
        return field.flatchoices[0][0]
    for kind, value in VALUES:
        if isinstance(field, kind):
            return value[: field.max_length] if isinstance(value, str) and field.max_length else value
    raise NotImplementedError(field)


VALUES: tuple[tuple[type[Field], Any], ...] = (
    (models.BooleanField, True),
    (models.IntegerField, 7),
    (models.DecimalField, Decimal("12.5")),
    (models.DateTimeField, timezone.now()),
    (models.DateField, date(2026, 5, 4)),
    (models.TimeField, time(18, 30)),
    (models.DurationField, timedelta(minutes=90)),
    (models.JSONField, {"clé": [1, None, "é"]}),
    (models.BinaryField, b"\x00\xff"),
    (models.UUIDField, uuid.UUID(int=7)),
    (models.Field, "Échantillon"),
)
