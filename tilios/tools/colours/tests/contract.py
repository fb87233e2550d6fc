"""Values for the URLs of the tool, for the isolation matrix and the contract suite."""

import io
from datetime import timedelta
from typing import Any

from django.utils import timezone
from PIL import Image

from tilios.core.blobs.images import store_image
from tilios.core.people import actions as people
from tilios.core.people.models import Person
from tilios.tools.colours import actions, queries
from tilios.tools.colours.drafts import Draft
from tilios.tools.colours.models import Remark, Session, Taste, Voice
from tilios.tools.colours.queries import Whom
from tilios.tools.colours.scales import PRESETS

#: Pages whose number of queries may not grow with the rows.
PAGES = ("colours:home", "colours:detail", "colours:results", "colours:participation", "colours:invitations")


def picture() -> int:
    """The number of a stored picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "#b4532a").save(out, "PNG")
    out.seek(0)
    return store_image(out).pk


def open_session(by: Person, title: str = "Que pensez-vous du lieu ?", **fields: Any) -> Session:
    """A session of three statements on five colours, its results seen at once."""
    drafts = fields.pop("drafts", None) or [Draft("L'accueil"), Draft("Les horaires"), Draft("Les prix")]
    values = {"scale": PRESETS["agreement5"].scale, "tell": False, "results": "open"} | fields
    return actions.open_session(by=by, title=title, drafts=drafts, **values)


def colours(session: Session, *values: int | None) -> dict[int, int | None]:
    """Answers by the place of the statements: `colours(session, 0, 4)`; None takes one back."""
    return dict(zip(session.statements.values_list("pk", flat=True), values, strict=False))


def give(session: Session, person: Person, *values: int | None, device: str = "", **more: Any) -> Voice:
    """`person` answers."""
    given = actions.Given(colours(session, *values), **more)
    return actions.answer(whom=Whom(person=person, device=device), session=session, given=given)


def first_of(session: Session) -> int:
    return session.statements.values_list("pk", flat=True)[0]


def objects(by: Person) -> dict[str, Any]:
    """A session with everything a URL may name, in the structure of `by`."""
    session = open_session(by, drafts=[Draft("Avec une image", image=picture()), Draft("Sans image")])
    sheet = actions.key_in(by=by, session=session, given=actions.Given(colours(session, 0, 4)), name="Papier")
    give(session, by, 1, 2, remarks={first_of(session): "Très bien"})
    actions.invite_people(by=by, session=session, people=[("Zoé Martin", "zoe@example.org")])
    deleted = open_session(by, title="Supprimée")
    actions.delete_session(by=by, session=deleted)
    return {
        "pk": session.pk,
        "restore:pk": deleted.pk,
        "statement_pk": first_of(session),
        "voice_pk": sheet.pk,
        "remark_pk": Remark.objects.get(round__session=session).pk,
        "invited_pk": session.invited.get().pk,
        "view": "spectre",
        "form": "csv",
    }


def fill(by: Person, n: int) -> dict[str, Any]:
    """`n` sessions, and `n` voices in one of them, whose number is given for the pages to measure."""
    group = people.create_group(by=by, name=f"Groupe {Session.objects.count()}")
    people.add_to_group(by=by, person=by, group=group)
    session = open_session(
        by,
        title="Pleine",
        electorate="list",
        listed=[by],
        colleges=[actions.CollegeDraft("Bureau", 2, group), actions.CollegeDraft("Usagers")],
        deadline=timezone.now() + timedelta(days=3),
    )
    statement = first_of(session)
    for number in range(n):
        open_session(by, title=f"Session {number}")
        given = actions.Given(colours(session, number % 5, 1, -1))
        actions.key_in(by=by, session=session, given=given, name=f"Fiche {number}")
    if not Taste.objects.exists():
        actions.choose_palette(by=by, palette="safe")
    actions.remind_people(by=by, session=session)
    give(session, by, 0, 2, 4, remarks={statement: "Un mot"})
    people_asked = [(f"Personne {number}", f"p{number}@example.org") for number in range(n)]
    actions.invite_people(by=by, session=session, people=people_asked)
    secret = open_session(by, title="Secrète", identity="secret", results="answered")
    give(secret, by, 0, 1, device="un appareil")
    assert queries.current_round(session).number == 1
    return {"pk": session.pk}
