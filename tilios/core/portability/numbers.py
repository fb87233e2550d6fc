"""Which number each row of an archive has in this database."""

from array import array
from bisect import bisect_left

from django.db import connection
from django.db.models import Max, Model, QuerySet
from django.utils.translation import gettext as _

from tilios.core.portability.columns import Damaged


class Numbers:
    """The numbers of one table: those of the archive, rising, and beside each the one given here. 16 bytes a row."""

    def __init__(self) -> None:
        self.there = array("q")
        self.here = array("q")

    def __len__(self) -> int:
        return len(self.there)

    def note(self, number: int, place: str) -> None:
        """One more row of the archive. Raises Damaged when its number is not above the one before."""
        if self.there and number <= self.there[-1]:
            raise Damaged(_("%(place)s: two rows have the same number, or they are not in order.") % {"place": place})
        self.there.append(number)

    def give(self, model: type[Model]) -> None:
        """Give each row a free number of the table, in the same order. Inside the transaction that writes the rows."""
        self.here = array("q", sorted(_free_numbers(model, len(self.there))))

    def find(self, number: int) -> int | None:
        """The number here of the row `number` of the archive; None if the archive has no such row."""
        place = bisect_left(self.there, number)
        if place == len(self.there) or self.there[place] != number:
            return None
        return self.here[place]


def _free_numbers(model: type[Model], count: int) -> list[int]:
    if not count:
        return []
    meta = model._meta
    assert meta.pk is not None
    table, column = meta.db_table, meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [f'"{table}"', column, count],
            )
            return [number for (number,) in cursor.fetchall()]
        # Nobody else writes: SQLite has one writer at a time, and the transaction at hand is a writer.
        # SECURITY: passes by the managers that keep structures apart, to learn a number only.
        highest = QuerySet(model).aggregate(highest=Max("pk"))["highest"] or 0
        cursor.execute("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        highest = max(highest, cursor.fetchone()[0])
        return list(range(highest + 1, highest + count + 1))
