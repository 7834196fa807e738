"""The configuration of nginx: rendered from `nginx.conf` beside, for the processes that are there.

python -m deploy.nginx --app HOST:PORT [--app HOST:PORT …]      in a container: become nginx before those
"""

from __future__ import annotations

import argparse
import os
import re
import socket
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

import run
from deploy.processes import become, run_as
from deploy.settings import HERE, ROOT, DeployError, Settings, of_environment

TEMPLATE = Path(__file__).parent / "nginx.conf"
FILE, CALLS = "nginx.conf", "nginx.log"
WORKERS = ("www-data", "nginx")
LISTENS_EVERYWHERE = ("0.0.0.0", "[::]")
_REDIRECTED = 80
_SECURE = """\
        ssl_certificate "{certificate}";
        ssl_certificate_key "{key}";
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_session_cache shared:tls:2m;"""
_STRICT = '        add_header Strict-Transport-Security "max-age=31536000" always;'


def render(
    settings: Settings, apps: Sequence[str], folder: Path, logs: Path, *, user: str = "", six: bool = False
) -> str:
    """The whole configuration.

    `apps`: host and port of each process; `folder`: for nginx's own files; `user`: whom its workers run as,
    where the administrator starts it; `six`: listen on IPv6 too. A process of this machine that is gone
    refuses at once, so that none is ever left out for a while: a browser comes back to its own as soon as
    that answers.
    """
    local = all(one.startswith(f"{HERE[1]}:") for one in apps)
    given = {
        "user": f"user {user};" if user else "",
        "folder": str(folder),
        "errors": str(logs / "nginx-errors.log"),
        "calls": str(logs / CALLS),
        "servers": "\n".join(
            f"        server {one} max_fails={int(not local)} fail_timeout=5s;" for one in apps
        ),
        "listen": _listen(settings, six),
        "upload": str(most_upload()),
        "redirect": _redirect(settings, six),
    }  # fmt: skip
    text = re.sub(r"\{\{(\w+)\}\}", lambda found: given[found[1]], TEMPLATE.read_text("utf-8"))
    return re.sub(r"\n\n(?=daemon|\}\n$)", "\n", text)


def most_upload() -> int:
    """MB of an upload at most: what Streamlit takes."""
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    return int(settings["server"]["maxUploadSize"])


def has_six() -> bool:
    """Whether this machine knows IPv6."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


def _listen(settings: Settings, six: bool) -> str:
    if settings.certificate is None:
        return f"        listen {HERE[1]}:{settings.port};"
    everywhere = LISTENS_EVERYWHERE[: 1 + six]
    lines = [f"        listen {one}:{settings.port} ssl;" for one in everywhere]
    lines += [f"        server_name {settings.host};"]
    lines += [_SECURE.format(certificate=settings.certificate, key=settings.key)]
    return "\n".join(lines if settings.host in HERE else [*lines, _STRICT])


def _redirect(settings: Settings, six: bool) -> str:
    """Who comes without https is sent to it."""
    if settings.certificate is None or settings.port != 443:
        return ""
    everywhere = LISTENS_EVERYWHERE[: 1 + six]
    lines = [f"        listen {one}:{_REDIRECTED};" for one in everywhere]
    return "\n".join(["    server {", *lines, f"        return 301 {settings.address}$request_uri;", "    }"])


def program() -> str:
    """Where nginx is. Raises DeployError."""
    found = run.nginx()
    if found is None:
        raise DeployError("nginx is not installed. On Debian: apt install nginx. Then start again.")
    return str(found)


def workers() -> str:
    """Whom the workers run as where the administrator starts it; empty for whoever starts it."""
    import pwd

    taken = run_as(*WORKERS)
    return pwd.getpwuid(taken["user"]).pw_name if taken else ""


def main(words: list[str]) -> int:
    """Become nginx before some processes."""
    parser = argparse.ArgumentParser(prog="python -m deploy.nginx")
    parser.add_argument("--app", action="append", required=True)
    parser.add_argument("--folder", type=Path, default=Path("/run/cim"))
    chosen = parser.parse_args(words)
    try:
        settings, nginx = of_environment(), program()
        chosen.folder.mkdir(parents=True, exist_ok=True)
        text = render(settings, chosen.app, chosen.folder, Path("/dev"), user=workers(), six=has_six())
        text = text.replace('"/dev/nginx-errors.log"', "stderr").replace('"/dev/nginx.log"', "/dev/stdout")
        (chosen.folder / FILE).write_text(text, "utf-8")
    except (DeployError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return become([nginx, "-c", str(chosen.folder / FILE), "-e", "stderr"], os.environ)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
