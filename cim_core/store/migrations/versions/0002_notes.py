"""A note with each dataset, since when settings are there, an index for the newest lines of a long log."""

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
    op.drop_index("ix_log_workspace_at", "log")
    op.create_index("ix_log_workspace_number", "log", ["workspace", "number"])
    op.execute("UPDATE settings SET created = changed")
    with op.batch_alter_table("settings") as table:
        table.alter_column("created", existing_type=sa.DateTime(timezone=True), nullable=False)
