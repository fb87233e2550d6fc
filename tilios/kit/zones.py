"""Local time and UTC. A clock that goes back shows an hour twice; one that goes forward skips an hour."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from tilios.kit.refusals import Refusal, _


@cache
def names() -> frozenset[str]:
    """Every time zone there is. Kept: each reading walks the whole folder of zones (13 ms)."""
    return frozenset(available_timezones())


def zone(name: str) -> ZoneInfo:
    """The time zone called `name` ("Europe/Paris"). Raises Refusal("zone")."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Refusal("zone", _("“%(name)s” is not a time zone."), name=name[:40]) from error


def localise(
    local: datetime,
    tz: ZoneInfo,
    *,
    ambiguous: Literal["earlier", "later", "refuse"] = "earlier",
    missing: Literal["forward", "refuse"] = "forward",
) -> datetime:
    """`local`, what a clock on the wall shows, as an aware time of `tz`. An aware `local` is only brought to `tz`.

    An hour that happens twice is its first time; an hour skipped is moved on by as much as the clock was (02:30
    becomes 03:30). Raises Refusal("ambiguous_time") or Refusal("missing_time") where refusing is asked for.
    """
    if local.tzinfo is not None:
        return local.astimezone(tz)
    if is_missing(local, tz):
        if missing == "refuse":
            raise Refusal(
                "missing_time", _("%(time)s does not exist that day: clocks go forward."), time=f"{local:%H:%M}"
            )
        return local.replace(tzinfo=tz, fold=0).astimezone(UTC).astimezone(tz)
    if is_ambiguous(local, tz):
        if ambiguous == "refuse":
            raise Refusal(
                "ambiguous_time", _("%(time)s happens twice that day: clocks go back."), time=f"{local:%H:%M}"
            )
        return local.replace(tzinfo=tz, fold=int(ambiguous == "later"))
    return local.replace(tzinfo=tz, fold=0)


def is_missing(local: datetime, tz: ZoneInfo) -> bool:
    """Whether clocks of `tz` skip over the naive time `local`."""
    there_and_back = local.replace(tzinfo=tz, fold=0).astimezone(UTC).astimezone(tz)
    return there_and_back.replace(tzinfo=None, fold=0) != local.replace(tzinfo=None, fold=0)


def is_ambiguous(local: datetime, tz: ZoneInfo) -> bool:
    """Whether clocks of `tz` show the naive time `local` twice."""
    first, second = (local.replace(tzinfo=tz, fold=turn).utcoffset() for turn in (0, 1))
    return first != second and not is_missing(local, tz)


def day_bounds(day: date, tz: ZoneInfo) -> tuple[datetime, datetime]:
    """The UTC instants at which `day` starts and ends in `tz`: 23, 24 or 25 hours apart. The end is not in the day."""
    start, end = (localise(datetime.combine(d, time(0)), tz).astimezone(UTC) for d in (day, day + timedelta(days=1)))
    return start, end


def iso_utc(moment: datetime) -> str:
    """`moment` as ISO 8601 in UTC, to the second: "2024-12-31T13:30:00Z". Refuses a naive time with ValueError."""
    if moment.tzinfo is None:
        raise ValueError("a naive time is no instant")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
