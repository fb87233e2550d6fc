"""Values for the URLs of the tool, for the isolation matrix and the contract suite."""

import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from PIL import Image

from tilios.core.blobs.actions import store
from tilios.core.blobs.images import store_image
from tilios.core.people.models import Person
from tilios.tools.polls import actions
from tilios.tools.polls.ballots import Filled
from tilios.tools.polls.drafts import Draft
from tilios.tools.polls.models import Poll
from tilios.tools.polls.roll_lines import Line

#: Pages whose number of queries may not grow with the rows.
PAGES = ("polls:home", "polls:detail", "polls:votes", "polls:participation")


def picture(colour: str = "#b4532a") -> int:
    """The number of a stored picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(out, "PNG")
    out.seek(0)
    return store_image(out).pk


def open_choice(by: Person, title: str = "Quel nom ?", **fields: Any) -> Poll:
    """A poll among three names, one answer each."""
    drafts = fields.pop("drafts", None) or [Draft(label="Le Phare"), Draft(label="La Ruche"), Draft(label="Le Nid")]
    values = {"kind": "choice", "ballot": "single", "tell": False} | fields
    return actions.open_poll(by=by, title=title, drafts=drafts, **values)


def open_dates(by: Person, title: str = "Quand nous voir ?", days: int = 3, **fields: Any) -> Poll:
    """A poll for a date: so many days from next week on."""
    first = timezone.localdate() + timedelta(days=7)
    drafts = fields.pop("drafts", None) or [Draft(day=first + timedelta(days=index)) for index in range(days)]
    values = {"kind": "dates", "ballot": "yesno", "tell": False, "ballot_rules": {"maybe": True}} | fields
    return actions.open_poll(by=by, title=title, drafts=drafts, **values)


def marks(poll: Poll, *values: int | None) -> dict[int, int]:
    """Marks by the place of the options: `marks(poll, 2, 0)`."""
    options = poll.options.all()
    return {option.pk: value for option, value in zip(options, values, strict=False) if value is not None}


def objects(by: Person) -> dict[str, Any]:
    """A poll with everything a URL may name, in the structure of `by`."""
    drafts = [
        Draft(
            label="Rouge",
            image=picture(),
            file=store(io.BytesIO(b"charte"), name="charte.txt").pk,
            file_name="charte.txt",
        ),
        Draft(label="Bleu"),
    ]
    poll = open_choice(by, drafts=drafts, proposals=True)
    ballot = actions.key_in_ballot(by=by, poll=poll, name="Papier", marks=marks(poll, 1))
    deleted = open_choice(by, title="Supprimé")
    actions.delete_poll(by=by, poll=deleted)
    consent = open_choice(by, title="Quelle règle ?", ballot="consent")
    objection = Filled(marks(consent, 3, 1, 0), {consent.options.all()[2].pk: "Trop petit"})
    actions.key_in_ballot(by=by, poll=consent, name="Papier", marks=objection)
    draft = Draft(label="Le grand Nid")
    actions.open_round(
        by=by,
        follows=consent,
        drafts=[draft],
        title="Quelle règle, suite ?",
        kind="choice",
        ballot="consent",
        tell=False,
    )
    lots = open_choice(by, title="Qui commence ?", ballot="draw", seed_source="le Loto")
    actions.close_poll(by=by, poll=lots)
    formal = open_formal(by)
    line = formal.roll.all()[0]
    actions.tick_voter(by=by, poll=formal, voter=line, present=True, on_paper=True)
    batch = actions.open_batch(by=by, poll=formal, label="Pile", sheets=1)
    closed = open_formal(by, secret=True)
    actions.close_poll(by=by, poll=closed)
    of_formal = ("roll", "change_roll", "voter", "tick", "proxy", "paper", "batch", "enter_batch", "drop_batch",
                 "attendance")  # fmt: skip
    return {
        "pk": poll.pk,
        "draw:pk": lots.pk,
        "next_round:pk": consent.pk,
        "restore:pk": deleted.pk,
        "ballot_pk": ballot.pk,
        "option_pk": poll.options.all()[0].pk,
        "form": "csv",
        "token": "none",
        "voter_pk": line.pk,
        "batch_pk": batch.pk,
        **{f"{name}:pk": formal.pk for name in of_formal},
        "minutes:pk": closed.pk,
        "receipts:pk": closed.pk,
    }


def fill(by: Person, n: int) -> dict[str, Any]:
    """`n` polls, and `n` votes in one of them, whose number is given for the pages to measure."""
    poll = open_choice(by, title="Plein", guests=True)
    for number in range(n):
        open_choice(by, title=f"Sondage {number}", deadline=timezone.now() + timedelta(days=number + 1))
        actions.key_in_ballot(by=by, poll=poll, name=f"Personne {number}", marks=marks(poll, 1))
    fill_formal(by, n)
    fill_formal(by, n, secret=True)
    return {"pk": poll.pk}


def open_formal(by: Person, title: str = "Approuver les comptes ?", **fields: Any) -> Poll:
    """A formal vote on one motion, yes or no, of the members of the day."""
    drafts = fields.pop("drafts", None) or [Draft(label="Les comptes de l'année")]
    values = {"kind": "choice", "ballot": "yesno", "tell": False, "formal": True, "guests": False} | fields
    return actions.open_poll(by=by, title=title, drafts=drafts, **values)


def fill_formal(by: Person, n: int, **fields: Any) -> Poll:
    """A formal vote with colleges and `n` names of each, a proxy, a vote of `by`, and a pile read once."""
    poll = open_formal(by, title=f"Vote de {2 * n}", most_proxies=n, **fields)
    colleges = [("Salariat", Decimal("33.34")), ("Usagers", Decimal("66.66"))]
    lines = [Line(by.pk, "", "Salariat")]
    lines += [Line(None, f"Nom {number} du {name}", name) for number in range(n + 5) for name, _share in colleges]
    actions.set_roll(by=by, poll=poll, lines=lines, colleges=colleges)
    own, first, second, *others = poll.roll.order_by("pk")
    actions.give_proxy(by=by, poll=poll, giver=second, holder=first)
    chosen = marks(poll, 2)
    if poll.secret:
        actions.cast_secret_ballots(by=by, poll=poll, voters=[own.pk], marks=chosen, sheet="feuille")
    else:
        actions.cast_ballot(by=by, poll=poll, marks=chosen)
    mine = [line for line in others if line.college == own.college][:30]
    for line in mine:
        actions.tick_voter(by=by, poll=poll, voter=line, present=True, on_paper=True)
    batch = actions.open_batch(by=by, poll=poll, label="Pile du bureau", sheets=len(mine), college=own.college)
    actions.key_sheets(by=by, batch=batch, sheets={number + 1: chosen for number in range(5)})
    return poll


def day(number: int = 0) -> date:
    return timezone.localdate() + timedelta(days=7 + number)
