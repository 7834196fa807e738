"""The log says from where something was done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column; earlier lines do not say it."""
    op.add_column("log", sa.Column("place", sa.Text(), nullable=False, server_default=""))
