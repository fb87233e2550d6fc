"""Take the accounts out: who may, what, in which form. It is in the journal."""

import io
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from tilios.core.access.roles import may
from tilios.core.billing import queries
from tilios.core.billing.exports import fec, rows
from tilios.core.errors import Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.core.structures.scope import current_structure
from tilios.kit.sheets import write_csv, write_ods

ODS = "application/vnd.oasis.opendocument.spreadsheet"


class What(StrEnum):
    FEC = "fec"
    PAYMENTS = "payments"
    ENTRIES = "entries"
    PAHEKO = "paheko"
    DOLIBARR = "dolibarr"


class Form(StrEnum):
    TEXT = "txt"
    CSV = "csv"
    ODS = "ods"


@dataclass(frozen=True)
class TakenOut:
    name: str
    media_type: str
    content: bytes


SHEETS = {
    What.PAYMENTS: rows.payments,
    What.ENTRIES: rows.entries,
    What.PAHEKO: rows.for_paheko,
    What.DOLIBARR: rows.for_dolibarr,
}


@transaction.atomic
def take_out(*, by: Person, what: str, year: int, form: str = Form.CSV) -> TakenOut:
    """The file of `what` for the fiscal year that begins in `year`, in the language of the structure.

    FEC is text whatever `form` says. Publishes "billing.exported"; raises NotAllowed, Invalid("what"), Invalid("form").
    """
    require(may(by, "billing.view"))
    if what not in set(What):
        raise Invalid("what", _("There is no such file."))
    profile = queries.profile()
    publish("billing.exported", by=by, what=str(what), year=year)
    with override(current_structure().language):
        if what == What.FEC:
            name = fec.file_name(profile, year)
            return TakenOut(name, "text/plain; charset=utf-8", "".join(fec.fec(year)).encode())
        sheet = SHEETS[What(what)](profile, year)
        if form == Form.CSV:
            return TakenOut(f"{what}-{year}.csv", "text/csv; charset=utf-8", b"".join(write_csv(sheet)))
        if form == Form.ODS:
            made = io.BytesIO()
            write_ods(sheet, made)
            return TakenOut(f"{what}-{year}.ods", ODS, made.getvalue())
    raise Invalid("form", _("There is no such form of file."))
