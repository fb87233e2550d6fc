"""What a reader may see of a session, as the drawings and the report take it."""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tilios.tools.colours import figures, report, tallies
from tilios.tools.colours.drawing.views import Material
from tilios.tools.colours.models import Round
from tilios.tools.colours.views.shown import Shown


def material_of(shown: Shown, round_: Round) -> Material:
    """The figures of a round that this reader may see, read when a view needs them."""
    statements = shown.statements_shown(round_)
    before = next((one for one in shown.rounds if one.number == round_.number - 1), None)
    by_pk = {one.pk: one for one in statements}
    compared = before is not None and set(by_pk) <= {one.pk for one in shown.statements_shown(before)}
    return Material(
        statements=[figures.Statement(one.pk, one.text) for one in statements],
        sums=lambda: _only(tallies.sums_of(shown.session, round_), by_pk),
        grid=lambda: shown.grid(round_),
        has_grid=True,
        groups=(lambda pk: shown.comparison(by_pk[pk], round_)) if shown.colleges else None,
        rounds=(name_of(before), name_of(round_)) if before and compared else None,
        before=lambda: _only(tallies.sums_of(shown.session, before), by_pk) if before else {},
        moves=lambda: shown.moves(before, round_) if before else {},
    )


def _only(sums: tallies.SumsBy, statements: Any) -> tallies.SumsBy:
    return {pk: one for pk, one in sums.items() if pk in statements}


def name_of(round_: Round) -> str:
    return _("Round %d") % round_.number


def report_of(shown: Shown, round_: Round, structure: Any) -> report.Report:
    """The session as it is printed, for this reader."""
    session = shown.session
    voices = shown.voices(round_)
    facts = [
        (_("Asked"), shown.who_answers),
        (_("Answered"), ngettext("%d person", "%d people", voices) % voices),
        (_("Opened on"), date_format(session.opened_at.astimezone(session.tz), "DATE_FORMAT")),
        (_("Names"), session.get_identity_display()),
    ]
    if session.closed_at:
        facts.append((_("Closed on"), date_format(session.closed_at.astimezone(session.tz), "DATE_FORMAT")))
    if len(shown.rounds) > 1:
        facts.append((_("Round"), str(round_.number)))
    return report.Report(
        title=session.title,
        structure=structure,
        material=material_of(shown, round_),
        introduction=shown.introduction if session.introduction else "",
        facts=facts,
        explanations={one.pk: one.explanation for one in shown.statements if one.explanation},
        remarks={
            statement.pk: [
                report.Said(row.text, row.value, row.who, row.discussed)  # type: ignore[attr-defined]
                for row in rows
            ]
            for statement, rows in shown.remarks(round_)
        },
    )
