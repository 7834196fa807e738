"""The shell's edges: nothing is destroyed, whatever is named; every mistake is one plain message."""

from __future__ import annotations

import errno
import os
import resource
import shlex
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from cim_core.data import writing
from cim_core.intake import RateScale
from cim_core.rules import rulebook_file
from cim_core.shell import place
from cim_core.shell.main import main
from cim_core.shell.options import RATES
from tests.conftest import in_long_checks, whole_rulebook

ROOT = Path(__file__).parent.parent.parent.parent
SAMPLE = ROOT / "sample_data" / "invented_selpa.csv"
SCENARIO = "schema = 1\n[targets.5a]\nvalue = 53.0\n"
MAPPING = 'schema = 1\n[columns]\n"5a" = "5a"\n"lea_code" = "lea_code"\nyear = "year"\n'
LONG = "x" * 37_000


@pytest.fixture
def files(tmp_path):
    """One file for every option that names one."""
    (tmp_path / "data.csv").write_bytes(SAMPLE.read_bytes())
    (tmp_path / "more.csv").write_bytes((ROOT / "sample_data" / "invented_counts.csv").read_bytes())
    (tmp_path / "scenario.toml").write_text(SCENARIO, "utf-8")
    (tmp_path / "mapping.toml").write_text(MAPPING, "utf-8")
    book = whole_rulebook()
    (tmp_path / "rulebook.toml").write_text(book, "utf-8")
    (tmp_path / "reference.csv").write_bytes(SAMPLE.read_bytes())
    return tmp_path


def everything(folder: Path) -> list[str]:
    return [
        "place", str(folder / "data.csv"), "--with", str(folder / "more.csv"),
        "--scenario", str(folder / "scenario.toml"), "--rulebook", str(folder / "rulebook.toml"),
        "--reference", str(folder / "reference.csv"), "--mapping", str(folder / "mapping.toml"),
    ]  # fmt: skip


NAMED = ("data.csv", "more.csv", "scenario.toml", "rulebook.toml", "reference.csv", "mapping.toml")


@pytest.mark.parametrize("name", [NAMED[0], *in_long_checks(*NAMED[1:])])
@pytest.mark.parametrize("link", ["itself", "hard", "symbolic", "roundabout"])
def test_nothing_that_is_named_is_overwritten(files, name, link, capsys):
    target, out = files / name, files / name
    before = target.read_bytes()
    if link == "hard":
        out = files / "hard"
        out.hardlink_to(target)
    elif link == "symbolic":
        out = files / "soft"
        out.symlink_to(target)
    elif link == "roundabout":
        out = files / "sub" / ".." / name
        (files / "sub").mkdir()
    assert main([*everything(files), "--out", str(out)]) == 2
    assert "another name" in capsys.readouterr().err
    assert target.read_bytes() == before


@pytest.mark.parametrize("option", ["file", "--base", "--with", "--mapping"])
def test_rulebooks_from_overwrites_nothing_either(files, option, capsys):
    letter = files / "letter.csv"
    letter.write_bytes((ROOT / "sample_data" / "invented_letter_targets.csv").read_bytes())
    base = str(files / "rulebook.toml")
    out = {"file": letter, "--base": files / "rulebook.toml", "--with": files / "more.csv"}.get(
        option, files / "mapping.toml"
    )
    before = out.read_bytes()
    more = [] if option in ("file", "--base") else [option, str(out)]
    assert main(["rulebooks", "from", str(letter), "--base", base, *more, "--out", str(out)]) in (1, 2)
    assert out.read_bytes() == before


def test_files_of_the_program_are_not_overwritten(files, capsys):
    shipped = rulebook_file.FOLDER / "cde-2022.toml"
    before = shipped.read_bytes()
    for rulebook in ("cde-2022", "at-a-glance"):
        command = ["place", str(SAMPLE), "--rulebook", rulebook, "--out", str(shipped)]
        assert main(command) == 2 and shipped.read_bytes() == before


def test_a_file_that_is_replaced_keeps_its_permissions_and_its_link(files, capsys):
    out, link = files / "out.csv", files / "link"
    out.write_text("old", "utf-8")
    out.chmod(0o640)
    link.symlink_to(out)
    assert main(["place", str(SAMPLE), "--out", str(link)]) == 0
    assert link.is_symlink() and out.read_text("utf-8").startswith("lea_code")
    assert stat.S_IMODE(out.stat().st_mode) == 0o640
    assert sorted(one.name for one in files.iterdir() if one.name.startswith(".")) == []


@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
def test_a_full_disk_leaves_the_old_file(files, step, monkeypatch, capsys):
    out = files / "out.csv"
    out.write_text("old", "utf-8")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if step == "write":
        monkeypatch.setattr(writing.tempfile, "mkstemp", lambda **_: full())
    elif step == "fsync":
        monkeypatch.setattr(writing.os, "fsync", full)
    else:
        monkeypatch.setattr(Path, "replace", full)
    assert main(["place", str(SAMPLE), "--out", str(out)]) == 2
    assert out.read_text("utf-8") == "old" and "No space left" in capsys.readouterr().err
    assert [one.name for one in files.iterdir() if one.suffix == ".tmp"] == []


def shell(*arguments: str | Path, **more: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cim_core", *map(str, arguments)]
    given = {"cwd": ROOT, "capture_output": True, "text": True, "check": False, "stdin": subprocess.DEVNULL}
    return subprocess.run(command, **{**given, **more})  # type: ignore[call-overload,no-any-return]


def test_a_limit_on_the_size_of_files_leaves_the_old_one(files):
    out = files / "out.csv"
    out.write_text("old", "utf-8")
    done = shell(
        "place", SAMPLE, "--out", out,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000)),
    )  # fmt: skip
    assert (done.returncode, out.read_text("utf-8")) == (2, "old") and "Traceback" not in done.stderr
    assert "Cannot write" in done.stderr and not list(files.glob(".*"))


def sh(line: str) -> subprocess.CompletedProcess[str]:
    line = line.replace("CIM", f"{sys.executable} -m cim_core").replace("FILE", str(SAMPLE))
    return subprocess.run(["bash", "-c", line], cwd=ROOT, capture_output=True, text=True, check=False)


STREAMS = [
    "CIM place FILE >&-", "CIM check FILE >&-", "CIM rulebooks >&-", "CIM explain FILE --lea 9910112 >&-",
    "CIM rulebooks show cde-2022 >&-", "CIM place /dev/stdin < FILE", "CIM place FILE > /dev/full",
    "CIM place FILE --scenario /dev/stdin < FILE", "CIM place FILE --scenario <(echo schema=1)",
    "CIM rulebooks > /dev/full", "CIM check FILE > /dev/full",
]  # fmt: skip
WORDS = [
    "place -", "check -", "place /dev/null", "place /tmp", "place FILE --with -",
    "place FILE --with /dev/null", "place FILE --out -", "place FILE --out /dev/null",
    "place FILE --out /tmp", "place FILE --out /dev/stdin", "place FILE --year ''", "place FILE --out ''",
    "place ''", "place FILE --scenario ''", "place FILE --rulebook ''", "place FILE --reference ' '",
    "place FILE --with ''", "place FILE --mapping ''", "explain FILE --lea ''", "sweep FILE --vary ''",
    "place FILE --answer ''", "place FILE --scenario -", "place FILE --scenario /dev/null",
    "place FILE --scenario /tmp", "place FILE --rulebook /tmp", "place FILE --rulebook /dev/stdin",
    "place FILE --mapping /dev/zero", "place FILE --reference -", "place FILE --reference /dev/null",
    "place FILE --reference /tmp", "rulebooks from ''", "rulebooks from -", "rulebooks show ''",
    "rulebooks show /dev/null", "place FILE --out /proc/none/x", "place FILE --format LONG", "LONG FILE",
    "place FILE LONG", "place FILE --rulebook LONG", "check LONG --LONG",
]  # fmt: skip


@pytest.mark.parametrize("line", STREAMS)
def test_wrong_streams_are_one_plain_message_and_exit_2(line):
    done = sh(line)
    assert done.returncode == 2, (done.stdout[-300:], done.stderr[-2_000:])
    assert done.stderr.strip() and "Traceback" not in done.stderr and "Exception" not in done.stderr


@pytest.mark.parametrize("line", WORDS)
def test_wrong_words_are_one_plain_message_and_exit_2(line, capsys):
    words = [one.replace("FILE", str(SAMPLE)).replace("LONG", LONG) for one in shlex.split(line)]
    assert main(words) == 2
    said = capsys.readouterr()
    assert said.err.strip() and not said.out and max(map(len, said.err.splitlines())) < 1_300


@pytest.mark.parametrize(
    "command", ["CIM place FILE", "CIM check FILE --all", "CIM rulebooks show cde-2022", "CIM rulebooks"]
)
def test_whoever_has_read_enough_may_go(command):
    done = sh(f"{command} | head -1; echo exit ${{PIPESTATUS[0]}} >&2")
    assert done.stderr.splitlines()[-1] == "exit 0" and "Traceback" not in done.stderr
    assert "Exception" not in done.stderr and "Broken" not in done.stderr


def test_without_stderr_nothing_strays_into_the_data(tmp_path):
    done = sh("CIM place FILE 2>&-")
    assert done.returncode == 0 and done.stdout == sh("CIM place FILE").stdout


def test_a_closed_stdout_does_not_matter_where_data_go_to_a_file(tmp_path):
    out = tmp_path / "out.csv"
    assert sh(f"CIM place FILE --out {out} >&-").returncode == 0
    assert out.read_text("utf-8") == sh("CIM place FILE").stdout


@pytest.mark.parametrize("option", ["--lea", "--year", "--answer", "--assume-none", "--vary", "--rulebook"])
def test_what_is_repeated_from_the_command_line_is_short(option, capsys):
    command = {"--lea": "explain", "--vary": "sweep"}.get(option, "place")
    assert main([command, str(SAMPLE), option, LONG]) in (1, 2)
    said = capsys.readouterr().err
    assert "x" * 79 in said and "x" * 81 not in said


def test_what_nobody_expected_is_a_sentence_and_the_log_has_the_rest(tmp_path, monkeypatch, capsys):
    def broken(_: object) -> int:
        raise RuntimeError("never thought of")

    monkeypatch.setattr(place, "run", broken)
    monkeypatch.setenv("CIM_LOG", str(tmp_path / "log"))
    assert main(["place", str(SAMPLE)]) == 2
    said = capsys.readouterr().err
    assert "RuntimeError" in said and "Traceback" not in said
    assert "never thought of" in (tmp_path / "log").read_text("utf-8")
    monkeypatch.setenv("CIM_LOG", str(tmp_path))
    assert main(["place", str(SAMPLE)]) == 2


def test_hostile_scenarios_are_refused_in_words(tmp_path, capsys):
    path = tmp_path / "deep.toml"
    path.write_text("schema = 1\n[targets" + ".a" * 5_000 + "]\nb = 1\n", "utf-8")
    for option in ("--scenario", "--rulebook", "--mapping"):
        assert main(["place", str(SAMPLE), option, str(path)]) == 2
        assert "nested too deep" in capsys.readouterr().err


def test_the_scales_of_the_command_line_are_those_of_the_reader():
    assert tuple(one.value for one in RateScale) == RATES


@pytest.mark.parametrize(
    "arguments", [["rulebooks"], ["--help"], ["place", "--help"], ["rulebooks", "show", "cde-2022"]]
)
def test_what_is_light_imports_nothing_heavy(arguments):
    code = (
        "import sys; from cim_core.shell.main import main; main(sys.argv[1:]); "
        "print(*sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    heavy = {"pandas", "scipy", "plotly", "numpy", "openpyxl", "python_calamine", "rapidfuzz", "streamlit"}
    assert not heavy & set(done.stderr.split())
