"""From which network a request comes, behind the reverse proxies we trust and no other."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def address(request: HttpRequest) -> str:
    """The client's address. SECURITY: X-Forwarded-For counts only as far as TILIOS_TRUSTED_PROXIES says."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    trusted = settings.TILIOS_TRUSTED_PROXIES
    if trusted and len(hops) >= trusted:
        return hops[-trusted]
    return request.META.get("REMOTE_ADDR", "") or "unknown"


def network(request: HttpRequest) -> str:
    """The address of an IPv4 client, the /64 of an IPv6 one: what one household or one attacker holds."""
    text = address(request)
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return text[:60]
    if found.version == 6:
        return str(ipaddress.ip_network(f"{text}/64", strict=False))
    return text
