"""What may be set for serving, and the sentences for what may not."""

from __future__ import annotations

import os

import pytest

from deploy import app, served, users
from deploy.settings import DeployError, of_environment, plain_address
from tests.deploy import certificate


def test_without_anything_it_is_for_this_machine():
    found = of_environment({})
    assert (found.address, found.port, found.certificate) == ("http://localhost:8080", 8080, None)
    assert found.processes == 2 and found.database == "" and found.serving.name == "serving"


def test_with_a_certificate_it_is_for_everybody(tmp_path):
    files = dict(zip(("CIM_CERTIFICATE", "CIM_KEY"), map(str, certificate.make(tmp_path)), strict=True))
    found = of_environment(files | {"CIM_ADDRESS": "https://CIM.example.org/"})
    assert (found.address, found.port, found.host) == ("https://cim.example.org", 443, "cim.example.org")
    assert of_environment(files).address == "https://localhost"
    assert of_environment(files | {"CIM_PORT": "8443"}).address == "https://localhost:8443"
    with pytest.raises(DeployError, match="a certificate is given"):
        of_environment(files | {"CIM_ADDRESS": "http://cim.example.org"})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"CIM_PORT": "0"}, "CIM_PORT has to be a number"),
        ({"CIM_PORT": "x"}, "CIM_PORT has to be a number"),
        ({"CIM_PORT": "65536"}, "CIM_PORT has to be a number"),
        ({"CIM_ADDRESS": "cim.example.org"}, "such as https://cim.example.org"),
        ({"CIM_ADDRESS": "https://a/b"}, "such as https://cim.example.org"),
        ({"CIM_ADDRESS": "https://a;b"}, "such as https://cim.example.org"),
        ({"CIM_ADDRESS": "https://a:x"}, "such as https://cim.example.org"),
        ({"CIM_ADDRESS": "https://who@a"}, "such as https://cim.example.org"),
        ({"CIM_ADDRESS": "https://cim.example.org"}, "no certificate is given"),
        ({"CIM_CERTIFICATE": "/nowhere/a.pem", "CIM_KEY": "/nowhere/b.pem"}, "cannot be read"),
        ({"CIM_CERTIFICATE": __file__}, "both CIM_CERTIFICATE and CIM_KEY"),
        ({"CIM_DATABASE_URL": "nonsense"}, "CIM_DATABASE_URL has to be"),
        ({"CIM_DATABASE_URL": "sqlite:///x"}, "CIM_DATABASE_URL has to be"),
    ],
)
def test_what_makes_no_sense_is_a_sentence(given, said):
    with pytest.raises(DeployError, match=said):
        of_environment(given)


def test_there_are_some_processes():
    with pytest.raises(DeployError, match="1 to 32 processes"):
        of_environment({}, 0)


def test_a_folder_that_nginx_cannot_write_in_its_configuration(monkeypatch):
    monkeypatch.setenv("CIM_DATA", '/srv/a"b')
    with pytest.raises(DeployError, match="Set CIM_DATA"):
        of_environment({})


def test_a_process_of_the_app_is_in_shared_mode_behind_a_proxy_and_knows_its_name(monkeypatch):
    monkeypatch.setenv("CIM_OPEN", "sample")
    made = app.environment(plain_address("https://cim.example.org"), "postgresql+psycopg://x")
    assert (made["CIM_MODE"], made["CIM_PROXY"]) == ("shared", "1") and "CIM_OPEN" not in made
    assert made["STREAMLIT_SERVER_ALLOWED_HOSTS"] == "cim.example.org localhost 127.0.0.1"
    assert app.command(8501)[-3:] == ["8501", "--server.address", "127.0.0.1"]


def test_a_process_in_a_container_needs_address_and_database(monkeypatch, capsys):
    for given, said in (({}, "CIM_ADDRESS"), ({"CIM_ADDRESS": "https://a"}, "CIM_DATABASE_URL")):
        for name in ("CIM_ADDRESS", "CIM_DATABASE_URL"):
            monkeypatch.delenv(name, raising=False)
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        assert app.main([]) == 1 and said in capsys.readouterr().err


def test_other_commands_know_what_is_served_as_long_as_it_is(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CIM_DATA", str(tmp_path))
    with pytest.raises(DeployError, match="Nothing is served"):
        served.kept_settings(tmp_path)
    serving = tmp_path / "serving"
    serving.mkdir()
    with served.alone(serving):
        with pytest.raises(DeployError, match="just being started"):
            served.kept_settings(tmp_path)
        served.keep(serving, {"CIM_DATABASE_URL": "postgresql+psycopg://cim@/cim"})
        assert (serving / served.KEPT).stat().st_mode & 0o777 == 0o600
        assert users.environment({"A": "b"}) == {
            "A": "b",
            "CIM_DATABASE_URL": "postgresql+psycopg://cim@/cim",
        }
        with pytest.raises(DeployError, match="served already"), served.alone(serving):
            pass
    with pytest.raises(
        DeployError, match="Nothing is served"
    ):  # the file of one that was killed is still there
        served.kept_settings(tmp_path)
    assert users.main(["list"]) == 1 and "python3 run.py serve" in capsys.readouterr().err
    assert users.environment({"CIM_DATABASE_URL": "x"}) == {"CIM_DATABASE_URL": "x"}
    assert "CIM_DATABASE_URL" not in os.environ
