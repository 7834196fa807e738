"""Where a request comes from and where it may lead: addresses of browsers, and of pages of this server."""

from __future__ import annotations

import ipaddress
import os
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

TRUSTED = "CIM_PROXY"
"""The environment variable that says that a proxy of ours stands before the server, whose word is taken for
addresses and for https."""
_V4, _V6 = 24, 48
"""Bits of an address that are kept: enough to tell networks apart, not persons."""


def whole(scope: Scope) -> str:
    """The address of whoever asks; behind a proxy of ours that which it names last."""
    here = scope.get("client")
    told = Headers(scope=scope).get("x-forwarded-for", "") if os.environ.get(TRUSTED) else ""
    return told.rpartition(",")[2].strip() or (str(here[0]) if here else "")


def short(scope: Scope) -> str:
    """The network of that address, for the log."""
    try:
        address = ipaddress.ip_address(whole(scope))
    except ValueError:
        return ""
    bits = _V4 if address.version == 4 else _V6
    return str(ipaddress.ip_network(f"{address}/{bits}", strict=False))


def is_secure(scope: Scope) -> bool:
    """Whether the browser came by https."""
    told = Headers(scope=scope).get("x-forwarded-proto", "") if os.environ.get(TRUSTED) else ""
    return (told or str(scope.get("scheme", ""))) in ("https", "wss")


def inside(address: str) -> str:
    """An address of a page of this server; the first page for any other."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "/"
    odd = parts.scheme or parts.netloc or "\\" in address or any(ord(sign) < 32 for sign in address)
    return address if address.startswith("/") and not address.startswith("//") and not odd else "/"
