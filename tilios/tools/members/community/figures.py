"""The figures as people see them: a table, its drawing, and how it is counted. What may not be told is a mark."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tilios.tools.members.community.belonging import OLDEST
from tilios.tools.members.community.hiding import HIDDEN, Count, breakdown, by_year, flows, is_small, renewals, shown
from tilios.tools.members.community.months import Month, last_day
from tilios.ui import charts


@dataclass(frozen=True)
class Figure:
    """`rows` hold Count, shares, years and texts; `how` says in words what is counted."""

    key: str
    title: str
    head: list[str]
    rows: list[list[Any]]
    drawing: SafeString
    how: str
    note: str = ""  # what the drawing leaves out

    def cells(self) -> list[list[Any]]:
        """The rows with the mark in words, for tables and sheets."""
        return [[said(cell) for cell in row] for row in self.rows]

    def html(self) -> SafeString:
        return charts.figure(self.drawing, charts.table(self.head, self.cells(), caption=self.title), self.title)


def said(cell: Any) -> Any:
    if cell is HIDDEN:
        return _("fewer than 5")
    return round(cell, 1) if isinstance(cell, float) else cell


def drawn(cells: Iterable[Any]) -> list[float | None]:
    """What a drawing takes: nothing where nothing is told."""
    return [cell if isinstance(cell, int | float) else None for cell in cells]


def _line(labels: Sequence[str], series: Sequence[charts.Series], **options: Any) -> SafeString:
    """Lines, or a sentence where none of them would have a point."""
    if all(value is None for one in series for value in one.values):
        return format_html('<p class="soft">{}</p>', _("Nothing can be drawn: too few people, or nothing known yet."))
    return charts.line(labels, series, **options)


def share(part: Count, whole: Count) -> Any:
    """In whole percents; None where one of the two is hidden, or there is nothing to share."""
    if not isinstance(part, int) or not isinstance(whole, int) or not whole:
        return None
    return round(100 * part / whole)


def short(number: int) -> str:
    return f"{number % 12 + 1:02}/{number // 12 % 100:02}"


def long(number: int) -> str:
    return formats.date_format(last_day(number), "YEAR_MONTH_FORMAT")


def _width(count: int) -> float:
    """Wide enough for what each of `count` months writes; the page scrolls it."""
    return max(560.0, 9.0 * count)


class Monthly:
    """The figures by month: what is hidden is decided over all months, then `span` of them are shown."""

    def __init__(self, months: Sequence[Month], span: int, patience: int) -> None:
        self.patience = patience
        kept = slice(-span if span else None, None)
        self.months = list(months)[kept]
        self.every, self.flows, self.renewals = list(months), flows(months)[kept], renewals(months)[kept]
        self.names = [long(month.number) for month in self.months]
        self.labels = [short(month.number) for month in self.months]

    def all(self) -> list[Figure]:
        return [self.members(), self.movements(), self.renewal(), self.years(), self.standing(), self.seniority()]

    def members(self) -> Figure:
        values = [shown(month.members) for month in self.months]
        title = _("Members on the last day of each month")
        return self._lines("membres", title, [(_("Members"), values)], _(
            "Somebody is a member from the day on which they arrived, or the first day of their first dues if that is "
            "earlier, until the day on which they left. Whoever owes dues and has had some stops being one %(days)s "
            "days after the end of the last ones, unless others have begun by then. Organisations count as one."
        ) % {"days": self.patience})  # fmt: skip

    def movements(self) -> Figure:
        rows, turnovers = [], []
        before = None
        for month, name, (arrivals, returns, departures) in zip(self.months, self.names, self.flows, strict=True):
            held = (before if before is not None else month.members) + month.members
            turnover = round(200 * departures / held, 1) if isinstance(departures, int) and held else None
            rows.append([name, arrivals, returns, departures, turnover])
            turnovers.append(turnover)
            before = month.members
        series = [
            charts.Series(label, drawn(row[column] for row in rows))
            for column, label in ((1, _("Arrivals")), (2, _("Returns")), (3, _("Departures")))
        ]
        title = _("Arrivals, returns, departures")
        return Figure(
            "mouvements", title, [_("Month"), *(one.label for one in series), _("Turnover (%)")], rows,
            _line(self.labels, series, title=title, description=self._over(), width=_width(len(rows))),
            _("An arrival is the first day of somebody as a member. Whoever is no longer one leaves; whoever becomes "
              "one again returns. Turnover is the departures of the month over the mean of members at its two ends."),
            self._left_out(series),
        )  # fmt: skip

    def renewal(self) -> Figure:
        rows = []
        for month, name, (renewed, _not) in zip(self.months, self.names, self.renewals, strict=True):
            ended = shown(month.ended)
            rows.append([name, ended, renewed, share(renewed, ended)])
        title = _("Renewals")
        series = charts.Series(_("Renewed (%)"), drawn(row[3] for row in rows))
        return Figure(
            "renouvellements", title, [_("Month"), _("Dues that ended"), _("Renewed"), _("Renewed (%)")], rows,
            _line(self.labels, [series], title=title, description=self._over(), unit=" %",
                        width=_width(len(rows))),
            _("Of those whose membership dues ended in the month while no others ran, how many had new ones at most "
              "%(days)s days later. The last months are not known yet.") % {"days": self.patience},
            self._left_out([series]),
        )  # fmt: skip

    def years(self) -> Figure:
        """The same by year, over all years: where months are too small to be told, years may not be."""
        ends = {month.number // 12: month for month in self.every}
        rows, before = [], 0
        for (year, month), cells in zip(ends.items(), by_year(self.every), strict=True):
            arrivals, returns, departures, ended, renewed = cells
            held = before + month.members
            turnover = round(200 * departures / held, 1) if isinstance(departures, int) and held else None
            row = [shown(month.members), arrivals, returns, departures, turnover, ended, renewed]
            rows.append([str(year), *row, share(renewed, ended)])
            before = month.members
        labels = [_("Members at the end"), _("Arrivals"), _("Returns"), _("Departures"), _("Turnover (%)"),
                  _("Dues that ended"), _("Renewed"), _("Renewed (%)")]  # fmt: skip
        drawn_columns = (2, 4, 8)
        series = [charts.Series(labels[at - 1], drawn(row[at] for row in rows)) for at in drawn_columns]
        title = _("Year by year")
        return Figure(
            "annees", title, [_("Year"), *labels], rows,
            _line([row[0] for row in rows], series, title=title, width=_width(len(rows))),
            _("The same figures as by month, added up over each calendar year; the last one so far. Turnover is over "
              "the mean of members at the two ends of the year."),
            self._left_out(series),
        )  # fmt: skip

    def standing(self) -> Figure:
        labels = [_("Up to date"), _("Late"), _("Owe no dues"), _("No dues known yet")]
        rows = []
        for month, name in zip(self.months, self.names, strict=True):
            cells = breakdown([month.up_to_date, month.late, month.exempt, month.unknown])
            rows.append([name, *([HIDDEN] * 4 if is_small(month.members) else cells)])
        series = [
            charts.Series(label, drawn(row[column] for row in rows))
            for column, label in enumerate(labels, start=1)
        ]  # fmt: skip
        title = _("Up to date and late")
        return Figure(
            "a-jour", title, [_("Month"), *labels], rows,
            charts.stacked_bars(self.labels, series, title=title, description=self._over(), width=_width(len(rows))),
            _("Of the members on the last day of the month: those whose membership dues covered that day, those whose "
              "dues had ended, those who owe none today by their record or their status, and those of whom no dues are "
              "known up to that day. Dues count once their first instalment is paid."),
            self._left_out(series),
        )  # fmt: skip

    def seniority(self) -> Figure:
        def told(month: Month, years: float | None) -> Any:
            return None if is_small(month.members) else years

        return self._lines("anciennete", _("Seniority in years"), [
            (_("Mean"), [told(month, month.mean_years) for month in self.months]),
            (_("Median"), [told(month, month.median_years) for month in self.months]),
        ], _("For the members on the last day of the month, the time since their first arrival, in whole months. Half "
             "of them have been there for longer than the median."))  # fmt: skip

    def waiting(self, waiting: Sequence[tuple[int, int]]) -> Figure:
        """`waiting`: for each month shown, how many had asked to join, and how many members had no place."""
        lines = [(_("Asked to join, without an answer yet"), [shown(asked) for asked, _members in waiting])]
        # Never their sum: beside the places taken, it would tell each of the two.
        if any(members for _asked, members in waiting):
            lines.append((_("Members without a place yet"), [shown(members) for _asked, members in waiting]))
        return self._lines("attente", _("Who waits for a place"), lines, _(
            "On the last day of each month: the people who had asked to join online, whose address was confirmed and "
            "who had no answer yet; and the members who had the status or were in the group of those who wait. What "
            "was counted in a month stays, whatever becomes of them. Before these days were kept, members are taken to "
            "have waited since they arrived."
        ))  # fmt: skip

    def saturation(self, places: Sequence[tuple[date, int]], waiting: Sequence[int]) -> Figure:
        """`waiting`: for each month shown, how many of its members had no place."""
        rows = []
        for month, name, waits in zip(self.months, self.names, waiting, strict=True):
            known = [count for day, count in places if day <= last_day(month.number)]
            taken = shown(max(0, month.members - waits), hidden=is_small(waits) or is_small(month.members))
            rows.append([name, known[-1] if known else None, taken, share(taken, known[-1]) if known else None])
        series = charts.Series(_("Places taken (%)"), drawn(row[3] for row in rows))
        title = _("Places taken")
        return Figure(
            "places", title, [_("Month"), _("Places"), _("Members who have one"), _("Places taken (%)")], rows,
            _line(self.labels, [series], title=title, description=self._over(), unit=" %",
                        width=_width(len(rows))),
            _("The members on the last day of the month, without those who waited for a place then by their status or "
              "their group, over the number of places that the structure had on that day."),
            self._left_out([series]),
        )  # fmt: skip

    def compared(self, names: Sequence[str], counts: Sequence[Sequence[Count]]) -> Figure:
        """`counts`: for each month shown, the members of each of `names`."""
        lines = [(name, [row[rank] for row in counts]) for rank, name in enumerate(names)]
        return self._lines("comparaison", _("Members compared"), lines, _(
            "Of the members on the last day of each month, those who today are in the group, have the status or are "
            "found by the search, and those who hold or held such dues. Somebody may be counted in several. A line "
            "stops where it would tell of fewer than 5 people, whom two lines include and another does not."
        ))  # fmt: skip

    def _lines(self, key: str, title: str, lines: Sequence[tuple[str, Sequence[Any]]], how: str) -> Figure:
        series = [charts.Series(label, drawn(values)) for label, values in lines]
        rows = [[name, *row] for name, *row in zip(self.names, *(values for _label, values in lines), strict=True)]
        drawing = _line(self.labels, series, title=title, description=self._over(), width=_width(len(self.labels)))
        head = [_("Month"), *(label for label, _values in lines)]
        return Figure(key, title, head, rows, drawing, how, self._left_out(series))

    def _over(self) -> str:
        return _("From %(first)s to %(last)s") % {"first": self.names[0], "last": self.names[-1]} if self.names else ""

    def _left_out(self, series: Sequence[charts.Series]) -> str:
        """A sentence where the drawing leaves something out."""
        return _left_out([value for one in series for value in one.values])


def _left_out(values: Sequence[float | None]) -> str:
    return _("The drawing leaves out what is not told or not known.") if None in values else ""


def cohorts_figure(years: Sequence[int], rows: Sequence[Sequence[Count]], most: int = 12) -> Figure:
    """The last `most` years of arrival: how many came, and the share of them left at the end of each year."""
    years, rows = years[-most:], rows[-most:]
    width = max((len(row) for row in rows), default=1) - 1
    shares = [[share(cell, row[0]) for cell in row[1:]] + [None] * (width - len(row) + 1) for row in rows]
    names = [_("Same year"), *(f"+ {count}" for count in range(1, width))][:width]
    title = _("Who stays, by year of arrival (%)")
    drawing = charts.heat_map(
        [str(year) for year in years], [str(count) for count in range(width)], [drawn(row) for row in shares],
        title=title, description=_("By years gone by since the one of arrival"), unit=" %",
    )  # fmt: skip
    return Figure(
        "fidelite", title, [_("Year of arrival"), _("Arrivals"), *names],
        [[str(year), row[0], *line] for year, row, line in zip(years, rows, shares, strict=True)], drawing,
        _("Of those who arrived in a year, the share of whom are members on 31 December of that year, and of each of "
          "the following ones. Whoever left and returned counts as staying once they are back."),
        _left_out([value for row in shares for value in drawn(row[:1])]),
    )  # fmt: skip


def ages_figure(brackets: Sequence[int | None], sexes: Sequence[str], counts: Sequence[Sequence[int]]) -> Figure:
    """Ages by brackets of ten years; two sides where the structure asks for one of two sexes."""
    labels, width = [_bracket(one) for one in brackets], len(sexes) + 1
    flat = breakdown([cell for row in counts for cell in row])
    told = [flat[at : at + width] for at in range(0, len(flat), width)]
    title = _("Ages")
    if sexes:
        columns = [
            charts.Series(name, drawn(row[at] for row in told)) for at, name in enumerate([*sexes, _("Not said")])
        ]
    else:
        columns = [charts.Series(_("Members"), drawn(row[0] for row in told))]
    if len(sexes) == 2:
        drawing = charts.pyramid(labels, *columns[:2], title=title, unknown=_("fewer than 5"))
    elif sexes:
        drawing = charts.stacked_bars(labels, columns, title=title)
    else:
        drawing = charts.bars(labels, columns[0].values, title=title)
    rows = [[label, *row[: len(columns)]] for label, row in zip(labels, told, strict=True)]
    how = _("The people who are members today, by the age that their birth date gives. Organisations have none.")
    return Figure("ages", title, [_("Age"), *(one.label for one in columns)], rows, drawing, how,
                  _left_out([value for one in columns for value in one.values]))  # fmt: skip


def _bracket(start: int | None) -> str:
    if start is None:
        return _("Not known")
    if start >= OLDEST:
        return _("%(age)s and over") % {"age": OLDEST}
    return f"{start}–{start + 9}"
