"""The starter: wrong words, two starts at once, installs that are interrupted, and a disk that is full."""

from __future__ import annotations

import errno
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import venv
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import run

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("words", [["server"], ["test", "--fast"], ["bench", "now"], ["app", "x"]])
def test_a_word_that_is_no_command_prints_the_help(words, capsys):
    assert run.main(words) == 2
    assert "python3 run.py test" in capsys.readouterr().err


@pytest.fixture
def place(monkeypatch, tmp_path):
    """A folder to install into, and a way to do so that only makes the Python of the environment."""
    (tmp_path / "requirements.txt").write_text("nothing\n", "utf-8")
    (tmp_path / "requirements-dev.txt").write_text("-r requirements.txt\n", "utf-8")
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(run, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(run, "_fill", fill)
    fill.times = 0
    return tmp_path


def fill(fresh: Path, file: str) -> None:
    fill.times += 1
    (fresh / "bin").mkdir()
    (fresh / "bin" / "python").touch()
    (fresh / "bin" / "tool").write_text(f"#!{fresh}/bin/python\n", "utf-8")


def left(place: Path) -> list[str]:
    return sorted(one.name for one in place.iterdir() if one.name.startswith((".venv.new", ".venv.old")))


def test_nothing_is_installed_twice(place):
    run.install("requirements.txt")
    run.install("requirements.txt")
    assert fill.times == 1 and left(place) == []
    wanted = hashlib.sha256(b"-r requirements.txt\nnothing\n").hexdigest()
    assert (place / ".venv" / "installed-requirements").read_text("utf-8") == wanted
    assert (place / ".venv" / "bin" / "tool").read_text("utf-8") == f"#!{place}/.venv/bin/python\n"
    run.install("requirements-dev.txt")
    run.install("requirements.txt")
    assert fill.times == 2
    (place / "requirements.txt").write_text("something\n", "utf-8")
    run.install("requirements.txt")
    assert fill.times == 3


def test_an_environment_whose_python_is_gone_is_built_anew(place):
    run.install("requirements.txt")
    (place / ".venv" / "bin" / "python").unlink()
    (place / ".venv" / "bin" / "python").symlink_to("/nowhere/python3.10")
    run.install("requirements.txt")
    assert fill.times == 2 and (place / ".venv" / "bin" / "python").exists()


def test_an_environment_that_is_a_link_is_replaced_and_its_target_stays(place):
    (place / "elsewhere").mkdir()
    (place / ".venv").symlink_to(place / "elsewhere")
    run.install("requirements.txt")
    assert not (place / ".venv").is_symlink() and (place / "elsewhere").is_dir() and left(place) == []


@pytest.mark.parametrize("step", ["_fill", "_call_by", "_stamp", "_put"])
@pytest.mark.parametrize("old", [True, False])
def test_whatever_step_fails_the_old_environment_stays(place, monkeypatch, step, old):
    if old:
        run.install("requirements.txt")
        (place / "requirements.txt").write_text("something\n", "utf-8")
    real = getattr(run, step)

    def full(*arguments: object) -> object:
        if step == "_stamp" and ".venv.new" not in str(arguments[0]):
            return real(*arguments)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(run, step, full)
        with pytest.raises(run.SetUpError, match="The disk is full"):
            run.install("requirements.txt")
    assert left(place) == [] and (place / ".venv" / "bin" / "python").exists() == old
    run.install("requirements.txt")
    assert run._is_complete(run.VENV, "requirements.txt", run._digest())


def test_leftovers_of_a_start_that_was_killed_are_taken_away(place):
    for name in (".venv.new-1", ".venv.old-1"):
        (place / name / "bin").mkdir(parents=True)
    run.install("requirements.txt")
    assert left(place) == [] and fill.times == 1


def test_killed_between_the_two_renames(place):
    run.install("requirements.txt")
    (place / ".venv").rename(place / ".venv.old-x")
    run.install("requirements.txt")
    assert left(place) == [] and fill.times == 1
    (place / ".venv").rename(place / ".venv.new-x")
    (place / ".venv.new-x" / "installed-requirements").unlink()
    run.install("requirements.txt")
    assert left(place) == [] and fill.times == 2


def test_two_starts_do_not_build_at_the_same_time(place, monkeypatch, capsys):
    def slowly(fresh: Path, file: str) -> None:
        fill(fresh, file)
        time.sleep(0.6)

    monkeypatch.setattr(run, "_fill", slowly)
    with ThreadPoolExecutor(3) as starts:
        list(starts.map(run.install, ["requirements.txt"] * 3))
    assert fill.times == 1 and "waiting for it" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            "ERROR: Could not install packages: [Errno 28] No space left on device",
            "disk is full",
        ),
        ("OSError: [Errno 122] Disk quota exceeded", "disk is full"),
        ("ERROR: No matching distribution found for x", "No matching distribution"),
        ("", "no reason given"),
    ],
)
def test_why_an_installation_failed(said, expected):
    assert expected in run._why(None, said)


def test_a_failed_installation_is_a_sentence(place, monkeypatch, capsys):
    def broken(*_: object, **__: object) -> None:
        raise subprocess.CalledProcessError(1, "ensurepip", b"OSError: [Errno 28] No space left on device")

    monkeypatch.undo()
    monkeypatch.setattr(run, "ROOT", place)
    monkeypatch.setattr(run, "VENV", place / ".venv")
    monkeypatch.setattr(run, "PYTHON", place / ".venv" / "bin" / "python")
    monkeypatch.setattr(venv, "create", broken)
    assert run.main([]) == 1
    assert "The disk is full" in capsys.readouterr().err and left(place) == []


def test_stopping_is_no_traceback(monkeypatch, capsys):
    def stopped(_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "install", stopped)
    assert run.main([]) == 130 and "Stopped" in capsys.readouterr().err


def test_two_starts_at_once_get_two_ports():
    code = "import sys, run; run.PYTHON = sys.executable; sys.exit(run.app())"
    started = [
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True,
                         start_new_session=True)
        for _ in range(2)
    ]  # fmt: skip
    try:
        said = [one.stdout.readline() for one in started if one.stdout is not None]
    finally:
        for one in started:
            os.killpg(one.pid, signal.SIGTERM)
            one.wait(30)
    ports = {line.split("localhost:")[1].split()[0] for line in said}
    assert len(ports) == 2 and all(line.startswith("CIM Tier Explorer: http://localhost:85") for line in said)


def test_a_failed_check_fails_the_run(monkeypatch):
    monkeypatch.setattr(run, "find_chromium", lambda: None)
    monkeypatch.setattr(run, "find_postgresql", lambda: None)
    monkeypatch.setattr(run, "find_nginx", lambda: None)
    monkeypatch.setattr(run, "run", lambda *command: int("mypy" in command))
    assert run.test(full=False) == 1
    monkeypatch.setattr(run, "run", lambda *command: 0)
    assert run.test(full=False) == 0


def test_only_the_long_tests_ask_for_what_draws_slides(monkeypatch):
    asked: list[str] = []
    for name in ("chromium", "postgresql", "nginx", "libreoffice"):
        monkeypatch.setattr(run, f"find_{name}", lambda name=name: asked.append(name))
    monkeypatch.setattr(run, "run", lambda *command: 0)
    run.test(full=False)
    assert "libreoffice" not in asked
    run.test(full=True)
    assert "libreoffice" in asked


def test_a_machine_without_a_list_of_typefaces_lacks_the_one_of_slides(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not run.has_typeface()


def programs(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name in run.POSTGRESQL:
        (folder / name).touch(0o755)
    return folder


def test_of_several_servers_the_newest_is_taken_and_first_what_is_on_the_path(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path / "on_path"))
    monkeypatch.setattr(run, "POSTGRESQL_FOLDERS", tmp_path)
    assert run.postgresql() is None
    made = {version: programs(tmp_path / version / "bin") for version in ("9.6", "15", "16")}
    (tmp_path / "17" / "bin").mkdir(parents=True)
    assert run.postgresql() == made["16"]
    assert programs(tmp_path / "on_path") == run.postgresql()


@pytest.mark.parametrize("wanted", ["chromium", "postgresql", "nginx", "libreoffice"])
def test_what_the_tests_need_is_installed_on_debian_and_asked_for_elsewhere(
    monkeypatch, tmp_path, capsys, wanted
):
    called: list[tuple[str, ...]] = []
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(run, "CHROMIUM", ("chromium",))
    monkeypatch.setattr(run, "POSTGRESQL_FOLDERS", tmp_path)
    monkeypatch.setattr(run, "ADMINISTRATORS", tmp_path / "sbin")
    monkeypatch.setattr(run, "run", lambda *command: called.append(command))
    find = getattr(run, f"find_{wanted}")
    find()
    assert called == [] and "install it" in capsys.readouterr().err
    (tmp_path / "apt-get").touch(0o755)
    find()
    assert "install" in called[-1] and any(name.startswith(wanted) for name in called[-1])
    called.clear()
    monkeypatch.setattr(run, "has_typeface", lambda: True)
    for name in ("chromium", *run.POSTGRESQL, "nginx", "soffice", "pdftotext"):
        (tmp_path / name).touch(0o755)
    find()
    assert called == []


def test_the_service_that_debian_starts_with_nginx_is_ended(monkeypatch, tmp_path):
    called: list[tuple[str, ...]] = []
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(run, "ADMINISTRATORS", tmp_path / "sbin")
    monkeypatch.setattr(run, "run", lambda *command: called.append(command))
    for name in ("apt-get", "systemctl"):
        (tmp_path / name).touch(0o755)
    run.find_nginx()
    assert called[-1][-4:] == ("systemctl", "disable", "--now", "nginx")
    (tmp_path / "sbin").mkdir()
    (tmp_path / "sbin" / "nginx").touch(0o755)
    called.clear()
    run.find_nginx()
    assert called == [] and run.nginx() == tmp_path / "sbin" / "nginx"


@pytest.mark.parametrize(
    ("words", "named", "found"),
    [
        (["serve"], "", ["postgresql", "nginx"]),
        (["serve", "--processes", "3"], "postgresql://x", ["nginx"]),
        (["users", "add", "ana"], "", []),
    ],
)
def test_the_shared_mode_is_served_by_a_program_that_signals_reach(monkeypatch, words, named, found):
    became: list[tuple[str, ...]] = []
    asked: list[str] = []
    monkeypatch.setenv("CIM_DATABASE_URL", named)
    monkeypatch.setattr(run, "install", lambda file: asked.append(file))
    for name in ("postgresql", "nginx"):
        monkeypatch.setattr(run, f"find_{name}", lambda _, name=name: asked.append(name))
    monkeypatch.setattr(run, "become", lambda *command: became.append(command) or 0)
    assert run.main(words) == 0
    module = "deploy.stack" if words[0] == "serve" else "deploy.users"
    assert became == [(str(run.PYTHON), "-m", module, *words[1:])] and asked == ["requirements.txt", *found]


def test_where_it_cannot_be_served_a_sentence_says_so(monkeypatch, capsys):
    monkeypatch.setattr(run.os, "name", "nt")
    assert run.main(["serve"]) == 1 and "Linux and macOS" in capsys.readouterr().err


INSTALL = "import run; run.install('requirements.txt')"


@pytest.fixture
def real(tmp_path):
    """A project of its own that needs one small package, without any network."""
    shutil.copy(ROOT / "run.py", tmp_path)
    (tmp_path / "requirements.txt").write_text("./tiny-1.0-py3-none-any.whl\n", "utf-8")
    about = "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n"
    wheel = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    scripts = "[console_scripts]\ntiny = tiny:main\n"
    with zipfile.ZipFile(tmp_path / "tiny-1.0-py3-none-any.whl", "w") as made:
        made.writestr("tiny.py", "def main():\n    print('tiny is here')\n")
        for name, content in (
            ("METADATA", about),
            ("WHEEL", wheel),
            ("entry_points.txt", scripts),
            ("RECORD", ""),
        ):
            made.writestr(f"tiny-1.0.dist-info/{name}", content)
    return tmp_path


def works(project: Path) -> bool:
    done = subprocess.run([project / ".venv" / "bin" / "tiny"], capture_output=True, text=True, check=False)
    return done.stdout == "tiny is here\n"


@pytest.mark.full
def test_an_install_that_is_killed_at_any_moment_is_repaired_by_the_next_start(real):
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", INSTALL], cwd=real, check=True)
    whole = time.monotonic() - began
    assert works(real)
    for part in range(10):
        shutil.rmtree(real / ".venv")
        start = subprocess.Popen([sys.executable, "-c", INSTALL], cwd=real, start_new_session=True)
        time.sleep(whole * (part + random.random()) / 10)
        # The second time its pip lives on for a while, as after a closed window.
        (os.killpg if part % 2 else os.kill)(start.pid, signal.SIGKILL)
        start.wait()
        assert not (real / ".venv").exists() or works(real)
        subprocess.run([sys.executable, "-c", INSTALL], cwd=real, check=True)
        assert works(real), part
    subprocess.run([sys.executable, "-c", INSTALL], cwd=real, check=True)


@pytest.mark.full
@pytest.mark.skipif(os.name == "nt", reason="no limits on the size of files here")
def test_a_disk_that_fills_up_is_called_full_and_nothing_is_left(real):
    import resource

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    code = "import sys, run; sys.exit(run.main([]))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=real,
        preexec_fn=limited,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1 and "Traceback" not in done.stderr.splitlines()[-3:]
    assert not (real / ".venv").exists() and not list(real.glob(".venv.new-*"))
