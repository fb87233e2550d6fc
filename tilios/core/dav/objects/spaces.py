"""The namespaces of properties and reports, as ElementTree writes them."""

CALDAV = "{urn:ietf:params:xml:ns:caldav}"
CARDDAV = "{urn:ietf:params:xml:ns:carddav}"
CALENDARSERVER = "{http://calendarserver.org/ns/}"  # Apple's: getctag, and what older programs ask
APPLE = "{http://apple.com/ns/ical/}"  # calendar-color, calendar-order


def bare(space: str) -> str:
    """The address of a namespace, without braces."""
    return space.strip("{}")
