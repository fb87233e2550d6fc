"""Calendars and cards as programs write them."""


def event(uid: str, summary: str = "Réunion", start: str = "20261201T090000Z", end: str = "", more: str = "") -> str:
    """One VEVENT in a VCALENDAR, an hour long unless `end` is said; `more` holds further lines."""
    ends = f"DTEND:{end}\r\n" if end else "DURATION:PT1H\r\n"
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//FR\r\nBEGIN:VEVENT\r\n"
        f"UID:{uid}\r\nDTSTAMP:20261101T000000Z\r\nDTSTART:{start}\r\n{ends}SUMMARY:{summary}\r\n{more}"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def task(uid: str, summary: str = "À faire", more: str = "") -> str:
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//FR\r\nBEGIN:VTODO\r\n"
        f"UID:{uid}\r\nDTSTAMP:20261101T000000Z\r\nSUMMARY:{summary}\r\n{more}END:VTODO\r\nEND:VCALENDAR\r\n"
    )


def card(uid: str, name: str = "Zoé Durand", more: str = "") -> str:
    first, _space, last = name.partition(" ")
    return f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{uid}\r\nFN:{name}\r\nN:{last};{first};;;\r\n{more}END:VCARD\r\n"
