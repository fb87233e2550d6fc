"""What a row says of dues: their kind, their days, their amount, and whether the register holds them already."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_noop

from tilios.kit.dues import add_months
from tilios.kit.text import fold
from tilios.tools.members.imports.rowreading import MemberReading
from tilios.tools.members.models import Contribution, ContributionState, DuesKind, MemberImport, MemberImportRow

_NO_DAY = gettext_noop("These dues say neither from when nor until when: they are left out.")
_BACKWARDS = gettext_noop("These dues end before they begin.")
_TWICE = gettext_noop("Line %(line)s brings dues of the same kind from the same day.")
_THERE = gettext_noop("The register already holds dues of this kind from this day: they are left as they are.")
_VOID = gettext_noop("These dues were cancelled or given back: they are left out.")


class DuesJudge:
    """Reads the dues of rows. Writes nothing."""

    def __init__(self, batch: MemberImport) -> None:
        self.batch = batch
        self.kinds = {fold(kind.name): kind for kind in DuesKind.objects.all()}
        self.met: dict[Any, int] = {}
        self.external: set[str] = set()
        self.there: set[tuple[int, str, str]] = set()
        made_here = MemberImportRow.objects.filter(batch=batch, contribution__isnull=False)
        others = Contribution.objects.exclude(state=ContributionState.CANCELLED)
        others = others.exclude(pk__in=made_here.values("contribution"))
        fields = ("record_id", "kind__name", "first", "external_id")
        for record, kind, first, external in others.values_list(*fields).iterator(chunk_size=5_000):
            self.there.add((record, fold(kind), first.isoformat()))
            if external:
                self.external.add(external)

    def remember(self, row: MemberImportRow, line: int) -> None:
        """Take notice of the dues of a row that was brought in, whose member is that of `line`."""
        if "dues_kind" in row.values:
            self.met.setdefault((line, fold(row.values["dues_kind"]), row.values["dues_first"]), row.number)

    def judge(self, row: MemberImportRow, reading: MemberReading, line: int) -> dict[str, str]:
        """What is written of the dues, {} for nothing; a failure or a warning in `reading`."""
        said = reading.dues
        if said.get("dues_paid") == "void":
            reading.warn(_VOID)
            return {}
        kind = said.get("dues_kind") or self.batch.dues_name
        first, last = self._days(kind, said, reading)
        if not first:
            if set(said) - {"dues_paid", "dues_note"}:
                reading.warn(_NO_DAY)
            return {}
        if last and last < first:
            reading.fail(_BACKWARDS, "dues_last")
            return {}
        key = (line, fold(kind), first)
        if self.met.setdefault(key, row.number) != row.number:
            reading.fail(_TWICE, line=self.met[key])
            return {}
        external = external_id(self.batch, said)
        if (external and external in self.external) or (
            row.record and (row.record.pk, fold(kind), first) in self.there
        ):
            reading.warn(_THERE)
            return {}
        amount = said.get("dues_cents") or str(self._amount(kind, said.get("dues_rate", "")))
        return {
            **{name: value for name, value in said.items() if name not in {"dues_first", "dues_last"}},
            "dues_kind": kind,
            "dues_first": first,
            "dues_last": last,
            "dues_cents": amount,
            "dues_paid": said.get("dues_paid", "1"),
        }

    def _days(self, kind: str, said: dict[str, str], reading: MemberReading) -> tuple[str, str]:
        """The first and the last day, as the file tells them or as the kind of dues counts them; "" for none."""
        first = said.get("dues_first") or said.get("dues_paid_on", "")
        last = said.get("dues_last", "")
        if last and not first:
            joined = reading.register.get("joined_on", "")
            after = date.fromisoformat(last) + timedelta(days=1)
            year = add_months(after, -12, after.day).isoformat()
            return max(year, joined) if joined <= last else year, last
        if first and not last:
            return first, self._end(kind, date.fromisoformat(first))
        return first, last

    def _end(self, kind: str, first: date) -> str:
        """The last day that dues of `kind` taken on `first` cover; a year where nothing says, "" where nothing ends."""
        if known := self.kinds.get(fold(kind)):
            end = known.term.period(first).last
            return end.isoformat() if end else ""
        months = self.batch.plan.get("kinds", {}).get(kind, {}).get("months", 12)
        return (add_months(first, months, first.day) - timedelta(days=1)).isoformat() if months else ""

    def _amount(self, kind: str, rate: str) -> int:
        return int(self.batch.plan.get("rates", {}).get(kind, {}).get(rate, 0))


def external_id(batch: MemberImport, said: dict[str, str]) -> str:
    """The name under which dues of another program are known again."""
    return f"{batch.program}:{said['dues_id']}"[:120] if said.get("dues_id") else ""
