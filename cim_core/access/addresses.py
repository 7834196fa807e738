"""Addresses of browsers as the log keeps them: the network, never the whole."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_BITS = {4: 24, 6: 48}
"""Bits of an address that are kept, by its version: enough to tell networks apart, not persons."""
_HOUSEHOLD = 64
"""Bits of an address of IPv6 that are the same for one household or office (RFC 6177)."""


def one_household(address: str) -> str:
    """An address as failures are counted: of IPv6 without what each machine chooses anew for itself.

    >>> one_household("203.0.113.77"), one_household("2001:db8:1:2::3"), one_household("testclient")
    ('203.0.113.77', '2001:db8:1:2::/64', 'testclient')
    """
    found = _read(address)
    return address if found is None or found.version == 4 else _around(found, _HOUSEHOLD)


def network(address: str) -> str:
    """The network of an address; empty for what is none.

    >>> network("203.0.113.77"), network("2001:db8:1:2::3"), network("testclient")
    ('203.0.113.0/24', '2001:db8:1::/48', '')
    """
    found = _read(address)
    return "" if found is None else _around(found, _BITS[found.version])


def _read(address: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(address.partition("%")[0])
    except ValueError:
        return None


def _around(found: IPv4Address | IPv6Address, bits: int) -> str:
    return str(ip_network(f"{found}/{bits}", strict=False))
