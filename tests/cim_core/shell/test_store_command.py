"""`python -m cim_core store`, as a person calls it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from cim_core.intake.bundle import Bundle
from cim_core.shell.main import main
from cim_core.store import ids
from cim_core.store.database import Database
from cim_core.store.logbook import Deed, Thing
from cim_core.store.store import Store


@pytest.fixture
def run(capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CIM_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("CIM_DATABASE_URL", raising=False)

    def call(*arguments: str) -> tuple[int, str, str]:
        code = main(["store", *arguments])
        out, err = capsys.readouterr()
        assert "nobody expected" not in err
        return code, out, err

    return call


CASES = Path(__file__).parent.parent.parent / "fixtures" / "cases"


def filled(content: bytes = b"lea_code\n") -> None:
    store = Store(Database())
    digest = ids.digest(content)
    store.keep_version("Oak", Bundle().with_file("oak.csv", digest).dumps(), {digest: ("oak.csv", content)})
    store.database.close()


def names() -> list[str]:
    store = Store(Database())
    found = [dataset.name for dataset in store.datasets()]
    store.database.close()
    return found


def test_there_and_back(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    away, backup = tmp_path / "away.zip", tmp_path / "backup.zip"
    filled()
    code, out, err = run("export", str(away))
    assert (code, out) == (0, "") and str(away) in err
    code, out, err = run("backup", str(backup))
    assert (code, out) == (0, "") and "1 workspace" in err
    code, out, err = run("check")
    assert (code, out) == (0, "") and "sound" in err
    for command, file in (("import", away), ("restore", backup)):
        monkeypatch.setenv("CIM_DATA", str(tmp_path / command))
        code, out, _ = run(command, str(file))
        assert (code, out) == (0, "") and names() == ["Oak"]
    store = Store(Database())
    assert [line.what for line in store.log(kind=Thing.WORKSPACE)] == [Deed.EXPORTED]
    store.database.close()


def test_what_is_refused_is_a_sentence_and_leaves_everything(run, tmp_path: Path):
    for command in ("check", "export", "backup"):
        code, out, err = run(command, *(() if command == "check" else (str(tmp_path / "x.zip"),)))
        assert (code, out) == (1, "") and "There is no store" in err
    assert not (tmp_path / "data").exists()
    filled()
    backup = tmp_path / "backup.zip"
    assert run("backup", str(backup))[0] == 0
    before = backup.read_bytes()
    code, _, err = run("backup", str(backup))
    assert code == 1 and "not written over" in err and backup.read_bytes() == before
    code, _, err = run("restore", str(backup))
    assert code == 1 and "--aside" in err
    code, _, err = run("import", str(backup))
    assert code == 1 and "Nothing was taken in" in err
    assert run("restore", str(tmp_path / "none"))[0] == 1
    for command in ("import", "restore"):
        code, _, err = run(command, str(tmp_path))
        assert code == 2 and "no file on disk" in err
    code, _, err = run("restore", str(backup), "--aside")
    assert code == 0 and "moved to" in err and names() == ["Oak"]
    assert len(list((tmp_path / "data").glob("*.aside-*"))) == 1


def test_what_is_wrong_is_printed(run):
    filled()
    database = Database()
    with database.writing() as connection:
        connection.execute(text("DROP TRIGGER log_no_update"))
    database.close()
    code, out, err = run("check")
    assert code == 1 and out.count("\n") == 1 and "log_no_update" in out and "1 thing is wrong" in err


def test_a_damaged_store_is_told_and_can_be_put_back(run, tmp_path: Path):
    filled()
    run("backup", str(tmp_path / "b.zip"))
    (tmp_path / "data" / "store.sqlite3").write_bytes(b"damaged" * 1000)
    for command in (["check"], ["export", str(tmp_path / "x.zip")], ["restore", str(tmp_path / "b.zip")]):
        code, out, err = run(*command)
        assert (code, out) == (1, "") and err
    assert run("restore", str(tmp_path / "b.zip"), "--aside")[0] == 0 and names() == ["Oak"]


@pytest.mark.parametrize(
    "words", [(), ("nothing",), ("export",), ("export", " "), ("check", "x"), ("backup", "")]
)
def test_wrong_usage(run, words):
    assert run(*words)[0] == 2


def test_a_file_about_single_students_is_not_taken_in(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    away = tmp_path / "away.zip"
    filled((CASES / "R1_roster_room_number.csv").read_bytes())
    assert run("export", str(away))[0] == 0
    monkeypatch.setenv("CIM_DATA", str(tmp_path / "other"))
    code, out, err = run("import", str(away))
    assert (code, out) == (1, "") and "oak.csv" in err and "single students" in err and not names()
