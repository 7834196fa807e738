"""`python -m cim_core users`, and whose data the other commands mean where several people use a database."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from cim_core.intake.bundle import Bundle
from cim_core.shell.main import main
from cim_core.store import ids
from cim_core.store.accounts import Accounts
from cim_core.store.database import Database
from cim_core.store.store import Store
from tests.conftest import ROOT

SAMPLE = ROOT / "sample_data" / "invented_selpa.csv"


@pytest.fixture
def run(capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CIM_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("CIM_DATABASE_URL", raising=False)

    def call(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(list(arguments))
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = capsys.readouterr()
        assert "nobody expected" not in err and "Traceback" not in err
        return code, out, err

    return call


@pytest.fixture
def two(run) -> None:
    """Two SELPAs, each with a director, a presenter and an LEA's viewer, and a file."""
    run("users", "add", "root", "--role", "administrator", "--selpa", "Office")
    for selpa in ("alder", "birch"):
        for role, more in (("director", ()), ("presenter", ()), ("lea_viewer", ("--lea", "9910112"))):
            code, out, _ = run("users", "add", f"{selpa}-{role}", "--role", role, "--selpa", selpa, *more)
            assert code == 0 and "/signin?setup=" in out
        database = Database()
        made = Accounts(database).named(f"{selpa}-director")
        content = f"lea_code\n{selpa}\n".encode()
        digest = ids.digest(content)
        bundle = Bundle().with_file(f"{selpa}.csv", digest).dumps()
        Store(database, made.workspace).keep_version(selpa, bundle, {digest: (f"{selpa}.csv", content)})
        database.close()


def test_each_account_is_listed_with_role_selpa_and_state(run, two):
    code, out, _ = run("users", "list")
    lines = [line.split("\t") for line in out.splitlines()]
    assert code == 0 and len(lines) == 7
    assert lines[0] == ["alder-director", "director", "alder", "", "no password yet"]
    assert ["birch-lea_viewer", "lea_viewer", "birch", "99101120000000", "no password yet"] in lines
    run("users", "disable", "alder-director")
    assert "disabled" in run("users", "list")[1].splitlines()[0]
    run("users", "enable", "alder-director")
    assert "disabled" not in run("users", "list")[1].splitlines()[0]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("add", "x y", "--role", "director", "--selpa", "A"), "without blanks"),
        (("add", "ana", "--role", "director", "--selpa", "A"), "must be an administrator"),
        (("add", "ana", "--role", "administrator", "--selpa", " "), "SELPA needs a name"),
        (("add", "ana", "--role", "lea_viewer", "--selpa", "A"), "code of an LEA"),
        (("link", "nobody"), "no account"),
        (("disable", "nobody"), "no account"),
    ],
)
def test_what_cannot_be_is_said(run, words, why):
    code, out, err = run("users", *words)
    assert code and not out and why in err


@pytest.mark.parametrize("selpa", ["alder", "birch"])
@pytest.mark.parametrize("role", ["director", "presenter", "lea_viewer"])
def test_a_shell_call_is_for_somebody_and_gets_theirs_alone(run, two, tmp_path, selpa, role):
    away = tmp_path / "away.zip"
    code, _, err = run("store", "export", str(away), "--as", f"{selpa}-{role}")
    if role != "director":
        assert code and not away.exists() and "may not do that" in err
        code, _, err = run("store", "import", str(SAMPLE), "--as", f"{selpa}-{role}")
        assert code and "may not do that" in err
        return
    assert code == 0
    with zipfile.ZipFile(away) as archive:
        held = b"".join(archive.read(name) for name in archive.namelist())
    assert selpa.encode() in held
    assert ({"alder", "birch"} - {selpa}).pop().encode() not in held


@pytest.mark.parametrize("whom", [(), ("--as", "nobody"), ("--as", "")])
def test_without_somebody_nothing_is_given(run, two, tmp_path, whom):
    away = tmp_path / "away.zip"
    code, _, err = run("store", "export", str(away), *whom)
    assert code and not away.exists() and ("--as NAME" in err or "no account" in err)


def test_a_closed_account_is_nobodys(run, two, tmp_path):
    run("users", "disable", "alder-director")
    code, _, err = run("store", "export", str(tmp_path / "away.zip"), "--as", "alder-director")
    assert code and "no account" in err


def test_a_document_takes_nobodys_key_or_files(run, two, tmp_path):
    """Without a name it is made as on a machine without a store, and of a neighbor's files as of none."""
    page = tmp_path / "page.html"
    about = ("report", str(SAMPLE), "--lea", "9910112", "--view", "meeting", "--out", str(page))
    assert run(*about)[0] == 0
    nameless = page.read_bytes()
    page.unlink()
    assert run(*about, "--as", "alder-director")[0] == 0
    assert run("store", "export", str(tmp_path / "a.zip"), "--as", "alder-director")[0] == 0
    assert nameless
    code, _, err = run(*about, "--as", "alder-lea_viewer")
    assert code and "may not do that" in err
