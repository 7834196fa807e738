"""A note with each dataset; settings know since when they are there, and how often they were changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns. What was there before has an empty note, and was made when it was changed last."""
    op.add_column("datasets", sa.Column("note", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("settings") as table:
        table.add_column(sa.Column("created", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.execute("UPDATE settings SET created = changed")
    with op.batch_alter_table("settings") as table:
        table.alter_column("created", existing_type=sa.DateTime(timezone=True), nullable=False)
