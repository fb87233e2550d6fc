"""Collections of small objects: calendars of events (RFC 4791), address books of cards (RFC 6352).

A tool derives `calendars.Calendars` or `cards.Books` and says where its rows are; the properties, the reports and the
filters are answered here.
"""
