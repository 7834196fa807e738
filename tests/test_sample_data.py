"""What is shipped beside the code is what the code makes."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from tests.conftest import ROOT


@pytest.mark.full
def test_the_invented_selpa_and_the_templates_come_out_of_make_unchanged(tmp_path):
    for folder in ("cim_core", "sample_data"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    subprocess.run([sys.executable, str(tmp_path / "sample_data" / "make.py")], check=True, cwd=tmp_path)
    for path in sorted((ROOT / "sample_data").glob("*.csv")):
        assert (tmp_path / "sample_data" / path.name).read_bytes() == path.read_bytes(), path.name
