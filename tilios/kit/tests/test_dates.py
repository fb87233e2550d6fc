from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilios.kit.dates import months_after, parse_date, parse_date_range, parse_datetime, parse_time, parse_time_range
from tilios.kit.refusals import Refusal

DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))
MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin")
MONTHS += ("juillet", "août", "septembre", "octobre", "novembre", "décembre")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31/12/2024", date(2024, 12, 31)),
        ("31-12-24", date(2024, 12, 31)),
        ("1.3.2025", date(2025, 3, 1)),
        ("01 03 2025", date(2025, 3, 1)),
        ("2024-12-31", date(2024, 12, 31)),
        ("2024/12/31", date(2024, 12, 31)),
        ("20241231", date(2024, 12, 31)),
        ("1er mars 2025", date(2025, 3, 1)),
        ("Samedi 1er mars 2025", date(2025, 3, 1)),
        ("le mardi 31 déc. 2024", date(2024, 12, 31)),
        ("3 FÉVRIER 2025", date(2025, 2, 3)),
        ("15 août 25", date(2025, 8, 15)),
        ("12-mars-2025", date(2025, 3, 12)),
        ("mar. 4 mars 2025", date(2025, 3, 4)),
        ("March 1st, 2025", date(2025, 3, 1)),
        ("1st of March 2025", date(2025, 3, 1)),
        ("  29/02/2024\u00a0", date(2024, 2, 29)),
    ],
)
def test_parse_date(text, day):
    assert parse_date(text) == day


@pytest.mark.parametrize(
    "text", ["", "hier", "29/02/2025", "12/31/2024", "31/12", "2024", "45291", "1/2-2024", "32/01/2024", "0000-01-01"]
)
def test_what_is_not_a_date_is_refused_with_the_text(text):
    with pytest.raises(Refusal) as refused:
        parse_date(text)
    assert refused.value.code == "date"
    assert text in str(refused.value)


def test_a_year_of_two_digits_is_the_last_one_possible():
    today = date(2026, 11, 21)
    assert parse_date("12/05/68", latest=today) == date(1968, 5, 12)
    assert parse_date("21/11/26", latest=today) == date(2026, 11, 21)
    assert parse_date("22/11/26", latest=today) == date(1926, 11, 22)
    assert parse_date("29/02/00", latest=today) == date(2000, 2, 29)


@given(DAYS)
def test_every_way_to_write_a_day_reads_back(day):
    for text in (
        day.isoformat(),
        f"{day:%d/%m/%Y}",
        f"{day.day}.{day.month}.{day:%Y}",
        f"{day:%Y%m%d}",
        f"{day.day}{'er' if day.day == 1 else ''} {MONTHS[day.month - 1]} {day:%Y}",
        f"{day:%A} {day.day} {day:%B} {day:%Y}",
    ):
        assert parse_date(text) == day


@given(st.text())
def test_any_text_is_a_date_or_a_refusal(text):
    for parse in (parse_date, parse_time, parse_datetime, parse_date_range, parse_time_range):
        with suppress(Refusal):
            parse(text)


def test_a_refusal_carries_its_msgid_and_values():
    with pytest.raises(Refusal) as refused:
        parse_date("100 % sûr")
    assert refused.value.message % refused.value.params == str(refused.value)
    assert refused.value.params == {"text": "100 % sûr"}


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("14:30", time(14, 30)),
        ("14h30", time(14, 30)),
        ("14 h 30", time(14, 30)),
        ("14h", time(14)),
        ("9 heures", time(9)),
        ("9.15", time(9, 15)),
        ("9h05 min", time(9, 5)),
        ("14:30:15", time(14, 30, 15)),
        ("14:30:15.250", time(14, 30, 15, 250_000)),
        ("2:30 pm", time(14, 30)),
        ("12 am", time(0)),
        ("Midi", time(12)),
        ("minuit", time(0)),
    ],
)
def test_parse_time(text, clock):
    assert parse_time(text) == clock


@pytest.mark.parametrize("text", ["", "14", "25:00", "14:60", "13 pm", "1430", "bientôt"])
def test_what_is_not_a_time_is_refused(text):
    with pytest.raises(Refusal, match="is not a time"):
        parse_time(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("31/12/2024 14:30", datetime(2024, 12, 31, 14, 30)),
        ("31/12/2024 à 14h", datetime(2024, 12, 31, 14)),
        ("mardi 31 décembre 2024 à 14 h 30", datetime(2024, 12, 31, 14, 30)),
        ("31/12/24, 9h", datetime(2024, 12, 31, 9)),
        ("2024-12-31T14:30", datetime(2024, 12, 31, 14, 30)),
        ("2024-12-31 14:30:15", datetime(2024, 12, 31, 14, 30, 15)),
        ("2024-12-31T14:30:00Z", datetime(2024, 12, 31, 14, 30, tzinfo=UTC)),
        ("2024-12-31T14:30:00+01:00", datetime(2024, 12, 31, 14, 30, tzinfo=timezone(timedelta(hours=1)))),
        ("2024-12-31T14:30:00.5-0330", datetime(2024, 12, 31, 14, 30, 0, 500_000, timezone(-timedelta(hours=3.5)))),
        ("31/12/2024", datetime(2024, 12, 31)),
    ],
)
def test_parse_datetime(text, moment):
    assert parse_datetime(text) == moment


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.sampled_from([None, UTC])))
def test_iso_moments_read_back(moment):
    assert parse_datetime(moment.isoformat()) == moment


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("du 3 au 5 mars 2025", date(2025, 3, 3), date(2025, 3, 5)),
        ("3-5 mars 2025", date(2025, 3, 3), date(2025, 3, 5)),
        ("du lundi 3 au mercredi 5 mars 2025", date(2025, 3, 3), date(2025, 3, 5)),
        ("du 1er mars au 3 avril 2025", date(2025, 3, 1), date(2025, 4, 3)),
        ("28/02/2025 - 03/03/2025", date(2025, 2, 28), date(2025, 3, 3)),
        ("28/02 au 03/03/2025", date(2025, 2, 28), date(2025, 3, 3)),
        ("2025-03-01/2025-03-05", date(2025, 3, 1), date(2025, 3, 5)),
        ("2025-03-01 – 2025-03-05", date(2025, 3, 1), date(2025, 3, 5)),
        ("01-03-2025", date(2025, 3, 1), date(2025, 3, 1)),
        ("du 30 décembre 2024 au 2 janvier 2025", date(2024, 12, 30), date(2025, 1, 2)),
    ],
)
def test_parse_date_range(text, first, last):
    assert parse_date_range(text) == (first, last)


def test_a_range_does_not_end_before_it_begins():
    with pytest.raises(Refusal) as refused:
        parse_date_range("du 5 au 3 mars 2025")
    assert refused.value.code == "date_order"


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("14h-16h30", time(14), time(16, 30)),
        ("de 14h à 16h", time(14), time(16)),
        ("9:00 – 12:30", time(9), time(12, 30)),
        ("22h à 2h", time(22), time(2)),
    ],
)
def test_parse_time_range(text, start, end):
    assert parse_time_range(text) == (start, end)


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2025, 1, 31), 1, date(2025, 2, 28)), (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 11, 15), 2, date(2026, 1, 15)), (date(2025, 12, 31), 36, date(2028, 12, 31)),
        (date(2025, 3, 31), -1, date(2025, 2, 28)), (date(2025, 3, 3), 0, date(2025, 3, 3)),
    ],
)  # fmt: skip
def test_some_months_later_is_the_same_day_or_the_last_of_its_month(day: date, months: int, after: date) -> None:
    assert months_after(day, months) == after
