"""Calendars and address books over CalDAV and CardDAV: /dav/calendars/STRUCTURE/ and /dav/addressbooks/STRUCTURE/."""
