"""What telephones and computers read to be connected at one press: Apple's profiles, the address that DAVx5 opens."""

import plistlib
from urllib.parse import quote, urlsplit
from uuid import uuid4

from django.conf import settings
from django.utils.translation import gettext as _

from tilios.core.dav import principals
from tilios.core.people.models import Account

PROFILE_TYPE = "application/x-apple-aspen-config"


def apple_profile(account: Account, password: str, *, name: str) -> bytes:
    """A configuration profile with the calendars and contacts of `account`: installed, it asks for nothing more.

    `name` is how the accounts are called on the device. Its identifier is that of the account: a second one takes the
    place of the first (https://developer.apple.com/documentation/devicemanagement/caldav).
    """
    parts = urlsplit(settings.TILIOS_URL)
    is_safe = parts.scheme == "https"
    port = parts.port or (443 if is_safe else 80)
    host = parts.hostname or ""
    identifier = f"{'.'.join(reversed(host.split('.')))}.tilios.{account.pk}"
    said = [("CalDAV", "caldav", _("Calendars")), ("CardDAV", "carddav", _("Contacts"))]
    content = [
        {
            f"{word}AccountDescription": name,
            f"{word}HostName": host,
            f"{word}Port": port,
            f"{word}PrincipalURL": principals.href(account),
            f"{word}UseSSL": is_safe,
            f"{word}Username": account.email,
            f"{word}Password": password,
            "PayloadType": f"com.apple.{kind}.account",
            "PayloadVersion": 1,
            "PayloadIdentifier": f"{identifier}.{kind}",
            "PayloadUUID": str(uuid4()).upper(),
            "PayloadDisplayName": f"{label} · {name}",
        }
        for word, kind, label in said
    ]
    profile = {
        "PayloadContent": content,
        "PayloadType": "Configuration",
        "PayloadVersion": 1,
        "PayloadIdentifier": identifier,
        "PayloadUUID": str(uuid4()).upper(),
        "PayloadDisplayName": _("Calendars and contacts · %(name)s") % {"name": name},
        "PayloadDescription": _("Adds the calendars and the address books of %(name)s. Remove it to disconnect.")
        % {"name": name},
        "PayloadOrganization": name,
        "PayloadRemovalDisallowed": False,
    }
    return plistlib.dumps(profile)


def davx5_link(account: Account, password: str = "") -> str:
    """The address that opens DAVx5 with everything filled in (https://manual.davx5.com/integration.html)."""
    parts = urlsplit(settings.TILIOS_URL)
    scheme = "davx5" if parts.scheme == "https" else "caldav"
    who = f"{quote(account.email, safe='')}:{quote(password, safe='')}@" if password else ""
    return f"{scheme}://{who}{parts.netloc}/"
