"""Calendar objects for the tests."""


def calendar(*objects: str, kind: str = "VEVENT", head: str = "PRODID:-//Test//FR", uid: str = "1@test") -> bytes:
    """A calendar of one object: lines of its master, then of its overrides."""
    parts = [f"BEGIN:{kind}\r\nUID:{uid}\r\nDTSTAMP:20250101T000000Z\r\n{lines}\r\nEND:{kind}" for lines in objects]
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", head, *parts, "END:VCALENDAR", ""]).encode()
