"""The events of the comparison: a place's year, one in twenty recurring, all the same for every server."""

from datetime import UTC, datetime, timedelta

COUNT = 5_000
START = datetime(2026, 1, 5, 7, tzinfo=UTC)


def name(number: int) -> str:
    return f"event-{number:05}.ics"


def event(number: int, summary: str = "Réunion de l'équipe") -> bytes:
    """An event of an hour somewhere in the year; every twentieth comes back each week for ten weeks."""
    start = START + timedelta(minutes=97 * number)
    rule = "RRULE:FREQ=WEEKLY;COUNT=10\r\n" if number % 20 == 0 else ""
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Bench//FR\r\nBEGIN:VEVENT\r\n"
        f"UID:bench-{number}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:{start:%Y%m%dT%H%M%SZ}\r\n"
        f"DTEND:{start + timedelta(hours=1):%Y%m%dT%H%M%SZ}\r\nSUMMARY:{summary} {number}\r\n"
        f"LOCATION:Salle {number % 7}\r\nDESCRIPTION:Ordre du jour\\, puis café. Apportez ce que vous avez.\r\n{rule}"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()
