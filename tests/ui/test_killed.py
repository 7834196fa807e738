"""Killed while somebody uploads and answers: what was shown as saved is there, nothing is half there."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import URL

from cim_core.intake.bundle import loads
from cim_core.store.checking import check
from cim_core.store.database import FILE, Database
from cim_core.store.store import Store
from tests.conftest import ROOT
from ui.shared.shelf import SET

WORKS = """
import os, sys
os.environ["CIM_DATA"] = sys.argv[1]
from tests.ui.test_pages import SILENT, app, step, upload
os.environ["CIM_DATA"] = sys.argv[1]
if __name__ == "__main__":
    for number in range(1_000):
        at = upload(app(), f"{number}.csv", SILENT + f"99{number:05},Elm,My SELPA,2023-24,90,0\\n".encode())
        print("saved", at.query_params["data"], flush=True)
        step(at, "questions").radio(key="silent_elements").set_value("none").run()
        print("saved", at.query_params["data"], flush=True)
"""
"""Uploads one file after the other, answers a question about each, and says what the address holds then."""


@pytest.mark.full
def test_an_upload_is_there_whole_or_not_at_all(tmp_path: Path):
    drawn, script = random.Random(3), tmp_path / "works.py"
    script.write_text(WORKS, "utf-8")
    for number in range(50):
        folder = tmp_path / str(number)
        process = subprocess.Popen(
            [sys.executable, str(script), str(folder)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            cwd=ROOT, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}, text=True,
        )  # fmt: skip
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(drawn.randint(1, 5))]
        for _ in range(drawn.randint(0, 5_000_000)):
            pass
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()  # what reads files for it has it open a while longer
        store = Store(Database(URL.create("sqlite", database=str(folder / FILE))))
        for line in said:
            if not line.startswith("saved set-"):
                continue
            version = store.version(line.split()[1].removeprefix(SET))
            assert version is not None
            assert all(store.file(part.digest) for part in loads(version.bundle).parts)
        found = check(store.database)
        assert not found.wrong, found.wrong
        assert any(line.startswith("saved set-") for line in said)
        store.database.close()
