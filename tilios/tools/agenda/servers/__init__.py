"""Calendars and address books of other servers (Nextcloud, Radicale, Tilios, any of CalDAV and CardDAV).

`finding` speaks the protocols, `jobs` does the work in the background, a few seconds at a time: look (everything is
read and kept aside, so that the dry run tells the truth), bring in, undo. People decide the steps: `actions/coming.py`.
"""
