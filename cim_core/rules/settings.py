"""What a setting of a rulebook can hold."""

from __future__ import annotations

from decimal import Decimal

Value = int | Decimal | str | tuple[str, ...]
"""What a setting can be changed to; indicators of a domain are a tuple of codes."""
