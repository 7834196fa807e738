"""Where a request comes from and where it may lead: addresses of browsers, and of pages of this server."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from cim_core.access.addresses import network

TRUSTED = "CIM_PROXY"
"""The environment variable that says that a proxy of ours stands before the server, whose word is taken for
addresses and for https."""


def whole(scope: Scope) -> str:
    """The address of whoever asks; behind a proxy of ours that which it names last."""
    here = scope.get("client")
    return told(Headers(scope=scope).get("x-forwarded-for", "")) or (str(here[0]) if here else "")


def told(forwarded: str) -> str:
    """The address that a proxy of ours names last; empty where none stands before the server."""
    return forwarded.rpartition(",")[2].strip() if os.environ.get(TRUSTED) else ""


def short(scope: Scope) -> str:
    """The network of that address, for the log."""
    return network(whole(scope))


def is_secure(scope: Scope) -> bool:
    """Whether the browser came by https."""
    named = Headers(scope=scope).get("x-forwarded-proto", "") if os.environ.get(TRUSTED) else ""
    return (named or str(scope.get("scheme", ""))) in ("https", "wss")


def inside(address: str) -> str:
    """An address of a page of this server; the first page for any other."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "/"
    odd = parts.scheme or parts.netloc or "\\" in address or any(ord(sign) < 32 for sign in address)
    return address if address.startswith("/") and not address.startswith("//") and not odd else "/"
