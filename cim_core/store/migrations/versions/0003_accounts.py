"""Who may sign in, who is signed in, passes that are used once, failed attempts."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ID, _DIGEST = 32, 64


def _moment(name: str, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(_ID), nullable=False),
        sa.Column("workspace", sa.String(_ID), nullable=False),
        _moment("created"),
        _moment("changed"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("leas", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_accounts_workspace"),
        sa.UniqueConstraint("name", name="uq_accounts_name"),
    )
    op.create_table(
        "sign_ins",
        sa.Column("digest", sa.String(_DIGEST), nullable=False),
        sa.Column("account", sa.String(_ID), nullable=False),
        _moment("begun"),
        _moment("seen"),
        sa.Column("place", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_sign_ins"),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_sign_ins_account", ondelete="CASCADE"),
    )
    op.create_table(
        "passes",
        sa.Column("digest", sa.String(_DIGEST), nullable=False),
        sa.Column("account", sa.String(_ID), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("bound", sa.String(_DIGEST), nullable=False),
        _moment("ends"),
        sa.PrimaryKeyConstraint("digest", name="pk_passes"),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_passes_account", ondelete="CASCADE"),
    )
    op.create_table(
        "attempts",
        sa.Column("about", sa.String(_DIGEST), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        _moment("last"),
        sa.PrimaryKeyConstraint("about", name="pk_attempts"),
    )
