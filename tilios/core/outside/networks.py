"""Which addresses may be reached. Pure, but for the setting that opens some more."""

import ipaddress
from collections.abc import Iterable
from functools import cache

from django.conf import settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# SECURITY: written out rather than left to `is_global`, whose answer changes from one Python to the next. What is
# behind these is the server itself, its neighbours, or the machine room that hosts it.
CLOSED = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by the customers of a provider; some clouds answer about themselves here
        "127.0.0.0/8",
        "168.63.129.16/32",  # a public address by which one cloud speaks to its machines
        "169.254.0.0/16",  # link-local: metadata of clouds
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",
        # Within 2000::/3, the only part of IPv6 that is the open Internet:
        "2001::/23",  # Teredo and other ways to IPv4
        "2001:db8::/32",
        "2002::/16",  # 6to4: an IPv4 address in disguise
        "3fff::/20",
    )
)
OPEN_IPV6 = ipaddress.IPv6Network("2000::/3")
WEB_PORTS = {80, 443}
FIRST_FREE_PORT = 1024


def may_reach(address: str, opened: Iterable[Network]) -> bool:
    """Whether `address`, as the resolver gives it, is on the open Internet or in a network the host has opened."""
    try:
        found: Address = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped  # SECURITY: ::ffff:127.0.0.1 is 127.0.0.1
    if any(found.version == network.version and found in network for network in opened):
        return True
    if any(found.version == network.version and found in network for network in CLOSED):
        return False
    return isinstance(found, ipaddress.IPv4Address) or found in OPEN_IPV6


def may_knock(port: int) -> bool:
    """Whether a web server may be there: not at the doors of mail, remote shells and the like."""
    return port in WEB_PORTS or FIRST_FREE_PORT <= port < 65536


def opened() -> tuple[Network, ...]:
    """The networks that the host lets people reach (TILIOS_OUTSIDE_NETWORKS)."""
    return _parsed(tuple(settings.TILIOS_OUTSIDE_NETWORKS))


@cache
def _parsed(texts: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(text, strict=False) for text in texts)
