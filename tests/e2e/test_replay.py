"""Whatever a browser asked for is asked for again by somebody else: nothing of it is given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from cim_core.store.accounts import Role
from tests.e2e.conftest import settle
from tests.e2e.selpas import ANA, Person, Served, at_browser, served
from tests.e2e.test_uploads import give
from ui.shared.header import PAGES
from ui.shared.meeting_view import CLOSED

pytestmark = pytest.mark.e2e
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")
OF_SESSIONS = ("/media/", "/_stcore/upload_file/")
NEVER = {
    "/media/": "/media/0123456789abcdef0123456789abcdef.png",
    "/_stcore/upload_file/": "/_stcore/upload_file/00000000-0000-0000-0000-000000000000/1",
}
NOTHING = b"There is nothing here, or it is not yours."
SECRETS = {*ANA.names, ANA.lea, f"{ANA.county}007", f"{ANA.numerator:,}", f"{ANA.denominator:,}"}
OF_A_LINE = ("host", "origin", "content-length", "connection", "accept-encoding")
MUTE = ("date", "server", "location")


@dataclass(frozen=True)
class Asked:
    """A request of a browser."""

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None

    def by(self, server: Served, cookie: str, method: str = "", path: str = "") -> tuple[int, bytes, str]:
        """Status, body and headers of the same request with the session of somebody else, or of nobody."""
        headers = {name: value for name, value in self.headers if name != "cookie"}
        sent = [
            one
            for one in dict(self.headers).get("cookie", "").split("; ")
            if one and "cim_session" not in one
        ]
        sent += [f"cim_session={cookie}"] if cookie else []
        headers |= {"cookie": "; ".join(sent)} if sent else {}
        line = HTTPConnection("localhost", server.port, timeout=30)
        to = (path or self.path) + (f"?{self.query}" if self.query else "")
        line.request(method or self.method, to, self.body, headers)
        reply = line.getresponse()
        body = reply.read()
        said = [f"{name}: {value}" for name, value in reply.getheaders() if name.lower() not in MUTE]
        line.close()
        return reply.status, body, "\n".join(sorted(said))


def told(server: Served, cookie: str, page: str, query: dict[str, str], session: str = "") -> bytes:
    """All that a connection gets for a page, until it is drawn; `session`: one that it says to be."""
    said, wanted = BackMsg(), urlencode(query)
    said.rerun_script.query_string = wanted
    said.rerun_script.page_name = page
    headers = {"Cookie": f"cim_session={cookie}"}
    to = server.address.replace("http://", "ws://") + "/_stcore/stream"
    words = ["streamlit", "PLACEHOLDER", session] if session else ["streamlit"]
    came = b""
    with connect(
        to, additional_headers=headers, origin=server.address, subprotocols=words, max_size=None
    ) as line:
        line.send(said.SerializeToString())
        while True:
            piece = line.recv(timeout=60)
            assert isinstance(piece, bytes)
            came += piece
            part = ForwardMsg.FromString(piece)
            if part.WhichOneof("type") == "script_finished" and part.script_finished in (
                ForwardMsg.FINISHED_SUCCESSFULLY,
                ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
            ):
                return came


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("replay")) as there:
        yield there


@dataclass
class Worked:
    """What ana has done, still signed in, and the sessions of everybody else."""

    ana: Person
    cookie: str
    others: dict[str, str]
    asked: list[Asked]


@pytest.fixture(scope="module")
def worked(server: Served, browser: Browser) -> Iterator[Worked]:
    with at_browser(browser, server, server.add("ana", Role.DIRECTOR, "Alder"), ANA) as ana:
        others = {
            "bo": server.add("bo", Role.DIRECTOR, "Birch"),
            "lea viewer": server.add("vi", Role.LEA_VIEWER, "Alder", ANA.lea),
            "presenter": server.add("pia", Role.PRESENTER, "Alder"),
            "colleague": server.add("cy", Role.DIRECTOR, "Alder"),
        }
        work(ana)
        (cookie,) = [one["value"] for one in ana.context.cookies() if one["name"] == "cim_session"]
        asked = []
        for one in ana.asked:
            to = urlsplit(one.url)
            if one.url.startswith(ana.wire.address):
                headers = tuple((name, value) for name, value in one.all_headers().items() if fits(name))
                body = form(dict(headers)) if one.method == "PUT" else one.post_data_buffer
                asked.append(Asked(one.method, to.path, to.query, headers, body))
        yield Worked(ana, cookie, {name: server.signed_in(one) for name, one in others.items()}, asked)


def fits(name: str) -> bool:
    """Whether a header may be sent again: others belong to the line, or to how a reply is packed."""
    return name not in OF_A_LINE and not name.startswith((":", "sec-websocket"))


def form(headers: dict[str, str]) -> bytes:
    """What was uploaded, as the browser sent it: files are not told of its requests."""
    line = b"--" + headers["content-type"].partition("boundary=")[2].encode()
    about = b'Content-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv'
    return b"\r\n".join((line, about, b"", ANA.content, line + b"--", b""))


def work(ana: Person) -> None:
    """Look at every page; then, in one session that stays open, upload, take files, make a document."""
    ana.upload()
    for name in (*PAGES, "log"):
        ana.go(name, lea=ANA.lea)
        settle(ana.page)
    ana.upload()
    take(ana, "[class*=st-key-marked_] button")
    for name, button in (("Region", ".st-key-region_export button"), ("LEA", ".st-key-lea_report button")):
        ana.page.locator(".cim-nav").get_by_role("link", name=name, exact=True).click()
        settle(ana.page)
        take(ana, button)
    take(ana, "[data-testid=stDownloadButton] button")


def take(ana: Person, button: str) -> None:
    """Download the first of what a button gives."""
    with ana.page.expect_download() as found:
        ana.page.locator(button).first.click()
    assert found.value.path().stat().st_size > 500
    settle(ana.page)


def is_of_a_session(path: str) -> str:
    """What begins the path of an upload or download, else nothing."""
    return next((each for each in OF_SESSIONS if path.startswith(each)), "")


def test_what_was_asked_is_what_a_browser_asks(server: Served, worked: Worked):
    """Else nothing is found because nothing was asked for."""
    begun = {is_of_a_session(one.path) for one in worked.asked}
    assert begun == {*OF_SESSIONS, ""} and {one.method for one in worked.asked} >= {"GET", "PUT"}
    files = [one for one in worked.asked if one.path.startswith("/media/")]
    assert len(files) >= 4
    assert any(one.by(server, worked.cookie)[0] == 200 for one in files)
    upload = [one for one in worked.asked if one.method == "PUT"][-1]
    assert upload.by(server, worked.cookie)[0] == 204


@pytest.mark.parametrize("who", ["nobody", "bo", "lea viewer", "presenter", "colleague"])
def test_asked_again_by_somebody_else_there_is_nothing(server: Served, worked: Worked, who: str):
    replayed(server, worked, worked.others.get(who, ""), who != "nobody")


def replayed(server: Served, worked: Worked, cookie: str, is_in: bool) -> None:
    """Everything that was asked, again: nothing of ana's, and a file of hers is like one that never was."""
    shell = Asked("GET", "/", "", (("accept", "text/html"),), None).by(server, cookie)[1]
    for one in dict.fromkeys(worked.asked):
        of = is_of_a_session(one.path)
        for method in (one.method, *METHODS) if of else (one.method,):
            code, body, said = one.by(server, cookie, method)
            assert not ANA.within(body) and not ANA.within(said.encode()), (method, one.path)
            if of:
                assert (code, body, said) == one.by(server, cookie, method, NEVER[of]), (method, one.path)
                assert code == 404 and body == (b"" if method == "HEAD" else NOTHING), (method, one.path)
            elif not is_in:
                assert code in (303, 404), one.path
            elif one.path.strip("/") in (*PAGES, "log", ""):
                assert (code, body) == (200, shell), one.path


@pytest.mark.parametrize("page", [*PAGES, "log"])
def test_a_connection_that_asks_for_her_data_gets_nothing(server: Served, worked: Worked, page: str):
    query = {"data": worked.ana.key}
    if page == "start":
        assert ANA.within(told(server, worked.cookie, page, query)) & SECRETS, "the search is blind"
    assert not ANA.within(told(server, worked.others["bo"], page, query))


def test_a_connection_of_a_colleague_gets_what_the_role_sees(server: Served, worked: Worked):
    for page in ("region", "lea", "library"):
        query = {"data": worked.ana.key, "lea": f"{ANA.county}007"}
        came = told(server, worked.others["lea viewer"], page, query)
        assert not ANA.within(came) & {ANA.names[1]}, page
    for page in CLOSED:
        came = told(server, worked.others["presenter"], page, {"data": worked.ana.key})
        assert not ANA.within(came) & SECRETS, page


def test_after_signing_out_there_is_nothing(server: Served, worked: Worked):
    """The last one, as she is not signed in any longer."""
    worked.ana.page.get_by_role("link", name="Sign out").click()
    worked.ana.page.get_by_label("Name", exact=True).wait_for()
    assert not worked.ana.page.locator(".stMain").get_by_text(ANA.selpa).count()
    replayed(server, worked, worked.cookie, False)


def test_a_session_is_not_taken_over(server: Served, browser: Browser):
    """A connection says which session it goes on with: not with somebody else's, who works on."""
    eve, dan = (
        server.add(name, Role.DIRECTOR, selpa) for name, selpa in (("eve", "Alder"), ("dan", "Birch"))
    )
    with at_browser(browser, server, eve, ANA) as one:
        one.page.goto(f"{one.wire.address}/data")
        settle(one.page)
        give(one.page, f"{ANA.names[0]}.csv", b"\x89PNG\r\n\x1a\n" + bytes(100))
        expect(one.page.locator("[data-testid=stAlert]")).to_contain_text(ANA.names[0])
        settle(one.page)
        (session,) = {urlsplit(each.url).path.split("/")[3] for each in one.asked if each.method == "PUT"}
        came = told(server, server.signed_in(dan), "data", {}, session)
        assert not ANA.within(came) and session.encode() not in came
        one.page.locator(".cim-nav").get_by_role("link", name="Start", exact=True).click()
        settle(one.page)
        assert urlsplit(one.page.url).path == "/"
        other = told(server, server.signed_in(eve), "data", {}, session)
        assert not other.count(session.encode())  # another browser of the same person
        (mine,) = [each["value"] for each in one.page.context.cookies() if each["name"] == "cim_session"]
        assert told(server, mine, "data", {}, session).count(session.encode())


def test_a_file_of_a_kind_that_has_no_ending_is_given_to_whom_it_is_made_for(
    server: Served, browser: Browser
):
    with at_browser(browser, server, server.add("fay", Role.DIRECTOR, "Alder"), ANA) as one:
        one.page.goto(f"{one.wire.address}/rules?data=sample")
        settle(one.page)
        take(one, "[data-testid=stDownloadButton] button")
