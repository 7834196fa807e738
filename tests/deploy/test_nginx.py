"""The configuration of nginx: what it says, that nginx takes it, that documents and containers have it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

import run
from deploy import nginx
from deploy.settings import DeployError, Settings
from tests.conftest import ROOT
from tests.deploy import certificate

APPS = ["127.0.0.1:8501", "127.0.0.1:8502"]
HERE = Settings(Path("/srv/cim"), "http://localhost:8080", 8080)
SECURE = Settings(
    Path("/srv/cim"), "https://cim.example.org", 443,
    Path("/etc/cim/fullchain.pem"), Path("/etc/cim/privkey.pem"),
)  # fmt: skip
FOLDER, LOGS = Path("/srv/cim/serving/nginx"), Path("/srv/cim/serving/logs")


def server_block(text: str) -> str:
    """The parts about where a request goes."""
    found = re.search(r"(    map .*)\n\}\n$", text, re.DOTALL)
    assert found is not None
    return re.sub(r"(?m)^    ", "", found[1])


def test_without_a_certificate_it_listens_to_this_machine_alone():
    text = nginx.render(HERE, APPS, FOLDER, LOGS)
    assert re.findall(r"listen (.*);", text) == ["127.0.0.1:8080"]
    assert "ssl" not in text and "Strict-Transport" not in text and "{{" not in text


def test_with_one_it_listens_to_everybody_and_sends_them_to_https():
    text = nginx.render(SECURE, APPS, FOLDER, LOGS, user="www-data", six=True)
    assert re.findall(r"listen (.*);", text) == ["0.0.0.0:443 ssl", "[::]:443 ssl", "0.0.0.0:80", "[::]:80"]
    assert "Strict-Transport-Security" in text and "return 301 https://cim.example.org$request_uri;" in text
    assert text.count("user www-data;") == 1


def test_what_is_secret_of_an_address_is_in_no_log():
    text = nginx.render(SECURE, APPS, FOLDER, LOGS)
    logged = re.search(r"log_format.*?;", text, re.DOTALL)
    assert logged is not None and "$uri" in logged[0]
    assert not re.search(r"\$(request|args|query_string|request_uri|http_referer|http_cookie)\b", logged[0])
    assert re.findall(r"error_log .* (\w+);", text) == ["crit"]


def test_a_process_of_this_machine_is_never_left_out_and_one_elsewhere_for_a_while():
    assert nginx.render(HERE, APPS, FOLDER, LOGS).count("max_fails=0") == 2
    assert nginx.render(HERE, ["app1:8501"], FOLDER, LOGS).count("max_fails=1 fail_timeout=5s") == 1


@pytest.mark.skipif(run.nginx() is None, reason="no nginx here")
@pytest.mark.parametrize("secure", [False, True])
@pytest.mark.parametrize("six", [False, True])
def test_nginx_takes_it(tmp_path, secure, six):
    folder = tmp_path / "a folder"
    folder.mkdir()
    files = certificate.make(tmp_path) if secure else (None, None)
    settings = Settings(tmp_path, "https://cim.example.org", 443, *files) if secure else HERE
    text = nginx.render(settings, APPS, folder, folder, user=nginx.workers(), six=six)
    if not nginx.has_six():
        text = re.sub(r".*\[::\].*\n", "", text)
    file = tmp_path / "nginx.conf"
    file.write_text(re.sub(r"(listen \S*:)(443|80)\b", r"\g<1>1\2", text), "utf-8")
    words = [nginx.program(), "-t", "-c", str(file), "-p", str(folder), "-e", "stderr"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr.replace('[warn] the "user" directive', "")


def test_without_nginx_it_says_so(monkeypatch):
    monkeypatch.setattr(run, "nginx", lambda: None)
    with pytest.raises(DeployError, match="nginx is not installed"):
        nginx.program()


def test_the_document_shows_what_is_made():
    shown = re.search(r"```nginx\n(.*?)```", (ROOT / "docs" / "deploy.md").read_text("utf-8"), re.DOTALL)
    assert shown is not None
    assert shown[1] == server_block(nginx.render(SECURE, APPS, FOLDER, LOGS)) + "\n"
