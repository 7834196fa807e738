"""Addresses of browsers as the log keeps them: the network, never the whole."""

from __future__ import annotations

import ipaddress

_BITS = {4: 24, 6: 48}
"""Bits of an address that are kept, by its version: enough to tell networks apart, not persons."""


_HOUSEHOLD = 64
"""Bits of an address of IPv6 that are the same for one household or office (RFC 6177)."""


def one_household(address: str) -> str:
    """An address as failures are counted: of IPv6 without what each machine chooses anew for itself.

    >>> one_household("203.0.113.77"), one_household("2001:db8:1:2::3"), one_household("testclient")
    ('203.0.113.77', '2001:db8:1:2::/64', 'testclient')
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return address if found.version == 4 else str(ipaddress.ip_network(f"{found}/{_HOUSEHOLD}", strict=False))


def network(address: str) -> str:
    """The network of an address; empty for what is none.

    >>> network("203.0.113.77"), network("2001:db8:1:2::3"), network("testclient")
    ('203.0.113.0/24', '2001:db8:1::/48', '')
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{found}/{_BITS[found.version]}", strict=False))
