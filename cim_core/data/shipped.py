"""The statewide file that comes with the package: public CDE data of every California district and county
office."""

from __future__ import annotations

from pathlib import Path

STATEWIDE = Path(__file__).with_name("california_swd_2022_25.csv")
