"""The files for containers: they name what there is, and their commands work where only that is."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from deploy import nginx
from deploy.settings import Settings
from deploy.stack import answers, free_ports
from tests.conftest import ROOT
from tests.deploy import certificate
from tests.deploy.test_nginx import APPS, FOLDER, LOGS, server_block

SERVICES = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))["services"]


def copied() -> list[str]:
    """What the image has of the project."""
    made = (ROOT / "deploy" / "Containerfile").read_text("utf-8")
    return [name for line in re.findall(r"(?m)^COPY (.*)$", made) for name in line.split()[:-1]]


def test_the_image_is_made_of_what_there_is():
    for name in copied():
        assert (ROOT / name).exists(), name


def test_the_containers_have_the_same(monkeypatch, tmp_path):
    """Their proxy is made from the same template: only the processes have other names."""
    words = SERVICES["proxy"]["command"]
    assert words[:3] == ["python", "-m", "deploy.nginx"]
    became: list[list[str]] = []
    files = certificate.make(tmp_path)
    for name, value in (
        ("CIM_ADDRESS", "https://cim.example.org"), ("CIM_CERTIFICATE", files[0]), ("CIM_KEY", files[1]),
    ):  # fmt: skip
        monkeypatch.setenv(name, str(value))
    monkeypatch.delenv("CIM_PORT", raising=False)
    monkeypatch.setattr(nginx, "become", lambda command, _: became.append(command) or 0)
    assert nginx.main([*words[3:], "--folder", str(tmp_path)]) == 0
    text = (tmp_path / nginx.FILE).read_text("utf-8")
    assert became[0][1:3] == ["-c", str(tmp_path / nginx.FILE)]
    for number, local in enumerate(APPS, 1):
        assert SERVICES[f"app{number}"]["command"][:3] == ["python", "-m", "deploy.app"]
        text = text.replace(f"server app{number}:8501 max_fails=1", f"server {local} max_fails=0")
    settings = Settings(tmp_path, "https://cim.example.org", 443, *files)
    script = nginx.render(settings, APPS, FOLDER, LOGS, six=nginx.has_six())
    assert server_block(text) == server_block(script)


@pytest.mark.full
def test_their_commands_work_where_only_what_is_copied_is(data: Path):
    place, ports = data / "app", free_ports(2)
    for name in copied():
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        copy(ROOT / name, place / name)
    files = certificate.make(data)
    environment = {
        **os.environ, "CIM_ADDRESS": f"https://localhost:{ports[1]}", "CIM_PORT": str(ports[1]),
        "CIM_CERTIFICATE": str(files[0]), "CIM_KEY": str(files[1]), "CIM_DATA": str(data / "data"),
        "CIM_DATABASE_URL": f"sqlite:///{data}/store.sqlite3",
    }  # fmt: skip
    app = [sys.executable, *SERVICES["app1"]["command"][1:-1], str(ports[0])]
    proxy = [sys.executable, "-m", "deploy.nginx", "--app", f"127.0.0.1:{ports[0]}"]
    environment_of_app = {name: value for name, value in environment.items() if "CERT" not in name}
    begun = [
        subprocess.Popen(app, cwd=place, env=environment_of_app, stdout=subprocess.DEVNULL),
        subprocess.Popen(
            [*proxy, "--folder", str(data / "nginx")],
            cwd=place,
            env={name: value for name, value in environment.items() if "DATABASE" not in name},
            stdout=subprocess.DEVNULL,
        ),
    ]
    try:
        for _ in range(300):
            if answers(f"https://127.0.0.1:{ports[1]}", "localhost"):
                break
            time.sleep(0.1)
        assert answers(f"https://127.0.0.1:{ports[1]}", "localhost")
    finally:
        for each in begun:
            each.terminate()
            each.wait(30)
