"""What a browser may say: its cookies, the visit it goes on with, what comes over its connection."""

from __future__ import annotations

from starlette.types import Message, Scope
from streamlit.proto.BackMsg_pb2 import BackMsg

_PROTOCOL, _COOKIE = b"sec-websocket-protocol", b"cookie"
_MOST_COOKIES = 32 * 2**10
"""Bytes of cookies: those that an organization sets are large."""
_VISITOR = frozenset({"rerun_script", "stop_script", "app_heartbeat"})
_SIGNED_IN = _VISITOR | {"file_urls_request", "backend_operation_request"}
_OPERATIONS = frozenset({"deferred_file", "dataframe_chunk"})
"""What is listened to. Streamlit knows more: one of them empties the caches of everybody."""
_FOR_THE_FORM = 64 * 2**10
"""Bytes that a visitor sends at once."""


def with_plain_cookies(scope: Scope) -> Scope:
    """A request without cookies that hold a backslash, and without any where they are too many.

    Python takes a backslash in a cookie for the begin of an escape, and may read a long row of them in a time
    that grows with its square (CVE-2024-7592); none of ours has one.
    """
    headers = scope["headers"]
    if sum(len(value) for name, value in headers if name == _COOKIE) > _MOST_COOKIES:
        return {**scope, "headers": [each for each in headers if each[0] != _COOKIE]}
    plain = [
        (name, value if name != _COOKIE or b"\\" not in value else _without_escapes(value))
        for name, value in headers
    ]
    return {**scope, "headers": plain}


def _without_escapes(value: bytes) -> bytes:
    return b";".join(part for part in value.split(b";") if b"\\" not in part)


def cookies(scope: Scope) -> dict[str, str]:
    """The cookies of a request; of two with one name the last."""
    found = {}
    for name, value in scope["headers"]:
        for part in value.decode("latin-1").split(";") if name == _COOKIE else ():
            key, _, said = part.partition("=")
            found[key.strip()] = said.strip().strip('"')
    return found


def visit(scope: Scope) -> str:
    """The visit that a connection wants to go on with: the third entry of what it calls its protocols."""
    for name, value in scope["headers"]:
        if name == _PROTOCOL:
            entries = str(value, "latin-1").split(",")
            return entries[2].strip() if len(entries) > 2 else ""
    return ""


def begun_anew(scope: Scope) -> Scope:
    """The same connection without a visit to go on with."""
    headers = [
        (name, b",".join(value.split(b",")[:2]) if name == _PROTOCOL else value)
        for name, value in scope["headers"]
    ]
    return {**scope, "headers": headers}


def is_heard(message: Message, signed_in: bool) -> bool:
    """Whether something that comes over a connection is handed on."""
    said = message.get("bytes") or b""
    if message["type"] != "websocket.receive":
        return True
    if message.get("text") or not signed_in and len(said) > _FOR_THE_FORM:
        return False
    try:
        read = BackMsg.FromString(said)
    except Exception:  # protobuf raises an error of its C part
        return False
    kind = read.WhichOneof("type")
    operation = read.backend_operation_request.WhichOneof("payload")
    if kind == "backend_operation_request" and operation not in _OPERATIONS:
        return False
    return kind in (_SIGNED_IN if signed_in else _VISITOR)
