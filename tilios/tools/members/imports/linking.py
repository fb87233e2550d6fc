"""Who pays for whom: the file names them by their identifier in the other program."""

from collections.abc import Iterable

from tilios.core.people.imports.bringing import upsert
from tilios.tools.members.models import MemberImportRow, Record


def link_payers(rows: Iterable[MemberImportRow], payers: dict[str, int]) -> None:
    """Have the records that the import made be paid for by those whose row has the identifier they name.

    `payers`: identifier -> person. Whoever pays for others pays for themselves: no chain, no ring.
    """
    wanted = {
        row.record.pk: (row.record, payers[row.values["payer_id"]])
        for row in rows
        if row.record is not None and row.made and row.record.payer_id is None and row.values.get("payer_id") in payers
    }
    if not wanted:
        return
    found = Record.objects.filter(person__in={person for _record, person in wanted.values()}, payer=None)
    by_person = {record.person_id: record for record in found}
    paying = set(Record.objects.filter(payer__in=list(wanted)).values_list("payer_id", flat=True))
    paying |= {by_person[person].pk for _record, person in wanted.values() if person in by_person}
    linked = []
    for pk, (record, person) in wanted.items():
        payer = by_person.get(person)
        if payer is not None and payer.pk != pk and pk not in paying:
            record.payer = payer
            linked.append(record)
    upsert(Record, linked, ["payer"])
