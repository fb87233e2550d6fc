from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilios.kit.refusals import Refusal
from tilios.kit.zones import day_bounds, is_ambiguous, is_missing, iso_utc, localise, zone

PARIS = zone("Europe/Paris")
SPRING = datetime(2025, 3, 30, 2, 30)
AUTUMN = datetime(2025, 10, 26, 2, 30)


@pytest.mark.parametrize("name", ["Europe/Nulle-part", "", "../../etc/passwd", "a" * 1000])
def test_an_unknown_zone_is_refused(name):
    with pytest.raises(Refusal) as refused:
        zone(name)
    assert refused.value.code == "zone"


def test_an_hour_that_happens_twice_is_its_first_time_unless_told():
    assert is_ambiguous(AUTUMN, PARIS)
    assert localise(AUTUMN, PARIS).astimezone(UTC) == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)
    assert localise(AUTUMN, PARIS, ambiguous="later").astimezone(UTC) == datetime(2025, 10, 26, 1, 30, tzinfo=UTC)
    with pytest.raises(Refusal, match="twice"):
        localise(AUTUMN, PARIS, ambiguous="refuse")


def test_an_hour_skipped_is_moved_forward_unless_told():
    assert is_missing(SPRING, PARIS)
    assert not is_ambiguous(SPRING, PARIS)
    assert localise(SPRING, PARIS).isoformat() == "2025-03-30T03:30:00+02:00"
    with pytest.raises(Refusal, match="does not exist"):
        localise(SPRING, PARIS, missing="refuse")


def test_an_aware_time_keeps_its_instant():
    moment = datetime(2025, 7, 1, 12, tzinfo=UTC)
    assert localise(moment, PARIS) == moment
    assert localise(moment, PARIS).hour == 14


@pytest.mark.parametrize(("day", "hours"), [(date(2025, 3, 30), 23), (date(2025, 10, 26), 25), (date(2025, 1, 1), 24)])
def test_a_day_has_the_hours_it_has(day, hours):
    start, end = day_bounds(day, PARIS)
    assert end - start == timedelta(hours=hours)


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2037, 1, 1)),
    st.sampled_from(["Europe/Paris", "America/St_Johns", "Pacific/Noumea", "Australia/Lord_Howe"]),
)
def test_a_time_that_exists_is_kept(local, name):
    tz = zone(name)
    if not is_missing(local, tz):
        assert localise(local, tz).replace(tzinfo=None, fold=0) == local
    there_and_back = localise(local, tz).astimezone(UTC).astimezone(tz)
    assert there_and_back == localise(local, tz)


def test_iso_utc_names_an_instant():
    assert iso_utc(localise(datetime(2024, 12, 31, 14, 30), PARIS)) == "2024-12-31T13:30:00Z"
    with pytest.raises(ValueError, match="naive"):
        iso_utc(datetime(2024, 12, 31))
