"""Whether the shell says byte for byte what another revision says: `python -m tests.same_outputs REVISION`.

For moving code about: `place`, `explain`, `sweep`, `compare` over the sample and the statewide file.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
SAMPLE = ("{data}/invented_selpa.csv", "--with", "{data}/invented_counts.csv")
STATE = ("{data}/california_swd_2022_25.csv",)
SCENARIO = 'schema = 1\nname = "Four misses"\n\n[clauses.level-2-missed]\nat_least = 4\n'
COMMANDS = (
    ("rulebooks", "--help"),
    ("rulebooks",),
    *((("place", *files, "--format", kind)) for files in (SAMPLE, STATE) for kind in ("csv", "json")),
    ("place", *SAMPLE, "--reference", "within", "--rulebook", "cde-2022"),
    ("check", *SAMPLE),
    *(
        (("explain", *SAMPLE, "--lea", code, "--format", "json"))
        for code in ("9910105", "9910007", "9910112")
    ),
    ("explain", *SAMPLE, "--lea", "9910035"),
    ("explain", *STATE, "--lea", "19647330000000", "--format", "json"),
    ("sweep", *SAMPLE, "--vary", "targets.5a.value"),
    ("sweep", *STATE, "--vary", "clauses.intensive.to"),
    ("compare", *SAMPLE, "--scenario", "{scenario}"),
    ("disproportionality", "{data}/invented_counts.csv"),
)


def outputs(folder: Path, values: dict[str, str]) -> list[bytes]:
    """What each command prints in a checkout."""
    found = []
    for command in COMMANDS:
        filled = [word.format(**values) for word in command]
        done = subprocess.run(
            [sys.executable, "-m", "cim_core", *filled], cwd=folder, capture_output=True, check=False
        )
        found.append(b"%d\n%b\n%b" % (done.returncode, done.stdout, done.stderr))
    return found


def main(revision: str) -> int:
    """Compare; returns how many commands differ."""
    with tempfile.TemporaryDirectory() as folder:
        other = Path(folder) / "other"
        subprocess.run(["git", "worktree", "add", "--detach", str(other), revision], cwd=ROOT, check=True)
        try:
            scenario = Path(folder) / "four.toml"
            scenario.write_text(SCENARIO, "utf-8")
            values = {"data": str(ROOT / "sample_data"), "scenario": str(scenario)}
            pairs = zip(COMMANDS, outputs(other, values), outputs(ROOT, values), strict=True)
            differ = [(command, before, now) for command, before, now in pairs if before != now]
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(other)], cwd=ROOT, check=True)
    for command, before, now in differ:
        print("differs:", *command, f"({len(before):,} and {len(now):,} bytes)")
    print(f"{len(COMMANDS) - len(differ)} of {len(COMMANDS)} commands print the same")
    return len(differ)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
