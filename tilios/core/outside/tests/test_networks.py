"""Which addresses Tilios knocks at."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilios.core.outside.networks import CLOSED, may_knock, may_reach

PRIVATE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.4.4",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.100.100.200",
    "168.63.129.16",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "not an address",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_the_open_internet_is_not_reached(address: str) -> None:
    assert not may_reach(address, ())


@pytest.mark.parametrize("address", ["80.67.169.12", "172.32.0.1", "2a00:5881:8100:1000::3", "::ffff:80.67.169.12"])
def test_the_open_internet_is_reached(address: str) -> None:
    assert may_reach(address, ())


def test_a_network_the_host_has_opened_is_reached_and_no_other() -> None:
    opened = [ipaddress.ip_network("10.1.0.0/16"), ipaddress.ip_network("fd00:1::/64")]
    assert may_reach("10.1.2.3", opened)
    assert may_reach("::ffff:10.1.2.3", opened)
    assert may_reach("fd00:1::5", opened)
    assert not may_reach("10.2.0.1", opened)
    assert not may_reach("127.0.0.1", opened)


@given(st.sampled_from([network for network in CLOSED if network.version == 4]), st.integers(min_value=0))
def test_no_disguise_of_a_private_address_gets_through(network: ipaddress.IPv4Network, number: int) -> None:
    address = network[number % network.num_addresses]
    value = int(address)
    disguises = [
        address,
        ipaddress.IPv6Address(value),
        ipaddress.IPv6Address((0xFFFF << 32) | value),
        ipaddress.IPv6Address((0x0064FF9B << 96) | value),
        ipaddress.IPv6Address((0x2002 << 112) | (value << 80)),
    ]
    assert not [one for one in disguises if may_reach(str(one), ())]


def test_doors_of_mail_and_shells_are_not_knocked_at() -> None:
    assert [port for port in (22, 25, 80, 110, 443, 993, 8080, 8443, 70000) if may_knock(port)] == [80, 443, 8080, 8443]
