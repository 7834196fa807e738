"""What a browser may say: cookies that cost nothing, visits of its own, six kinds of messages."""

from __future__ import annotations

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from ui.shared import connections


def scope(*headers: tuple[bytes, bytes]) -> dict[str, object]:
    return {"type": "http", "headers": list(headers)}


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        (b"", {"": ""}),
        (b"a=1; b=2", {"a": "1", "b": "2"}),
        (b'a="1"; a=2', {"a": "2"}),
        (b"a", {"a": ""}),
        (b"a=b=c", {"a": "b=c"}),
        ("a=é".encode("latin-1"), {"a": "é"}),
    ],
)
def test_cookies_are_read_as_they_stand(sent, found):
    assert connections.cookies(scope((b"cookie", sent))) == found


def test_cookies_with_backslashes_are_dropped_and_the_others_stay():
    long = b"\\" * 20_000
    kept = connections.with_plain_cookies(
        scope((b"cookie", b'a=1; x="' + long + b'"; b=2'), (b"accept", b"\\"))
    )
    assert kept["headers"] == [(b"cookie", b"a=1; b=2"), (b"accept", b"\\")]


@pytest.mark.parametrize("split", [1, 2])
def test_too_many_cookies_are_none(split):
    part = (b"cookie", b"a=" + b"x" * (40_000 // split))
    kept = connections.with_plain_cookies(scope(*[part] * split, (b"accept", b"y")))
    assert kept["headers"] == [(b"accept", b"y")]


@pytest.mark.parametrize(
    ("protocols", "visit", "anew"),
    [
        (b"streamlit, x, 123", "123", b"streamlit, x"),
        (b"streamlit,x,123,4", "123", b"streamlit,x"),
        (b"streamlit, x", "", b"streamlit, x"),
        (b"streamlit", "", b"streamlit"),
        (b"", "", b""),
    ],
)
def test_a_visit_is_the_third_of_the_protocols(protocols, visit, anew):
    asked = scope((b"sec-websocket-protocol", protocols))
    assert connections.visit(asked) == visit
    assert connections.begun_anew(asked)["headers"] == [(b"sec-websocket-protocol", anew)]
    assert connections.visit(connections.begun_anew(asked)) == ""


def operation(**payload: object) -> BackMsg:
    made = BackMsg()
    request = made.backend_operation_request
    request.request_id = "1"
    for name in payload:
        getattr(request, name).SetInParent()
    return made


HEARD = {
    "rerun": (BackMsg(rerun_script={}), True, True),
    "stop": (BackMsg(stop_script=True), True, True),
    "heartbeat": (BackMsg(app_heartbeat=True), True, True),
    "file urls": (BackMsg(file_urls_request={"request_id": "1"}), True, False),
    "deferred file": (operation(deferred_file=1), True, False),
    "part of a table": (operation(dataframe_chunk=1), True, False),
    "skills": (operation(install_skills=1), False, False),
    "no operation": (operation(), False, False),
    "clear cache": (BackMsg(clear_cache=True), False, False),
    "shutdown": (BackMsg(debug_shutdown_runtime=True), False, False),
    "disconnect": (BackMsg(debug_disconnect_websocket=True), False, False),
    "git": (BackMsg(load_git_info=True), False, False),
    "run on save": (BackMsg(set_run_on_save=True), False, False),
    "nothing": (BackMsg(), False, False),
}


@pytest.mark.parametrize("name", HEARD)
def test_what_is_heard_of_whom(name):
    said, signed_in, visitor = HEARD[name]
    message = {"type": "websocket.receive", "bytes": said.SerializeToString()}
    assert connections.is_heard(message, True) is signed_in
    assert connections.is_heard(message, False) is visitor


def test_every_kind_that_streamlit_knows_is_decided_on():
    known = {field.name for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields}
    assert {said.WhichOneof("type") for said, _, _ in HEARD.values()} >= known


@pytest.mark.parametrize("message", [{"bytes": b"\xff\xff"}, {"text": "hello"}, {"bytes": None, "text": "x"}])
def test_what_is_no_message_is_not_heard(message):
    assert not connections.is_heard({"type": "websocket.receive"} | message, True)


def test_a_visitor_says_little_at_once():
    long = BackMsg(rerun_script={"query_string": "x" * 70_000}).SerializeToString()
    assert connections.is_heard({"type": "websocket.receive", "bytes": long}, True)
    assert not connections.is_heard({"type": "websocket.receive", "bytes": long}, False)
    assert connections.is_heard({"type": "websocket.disconnect"}, False)
