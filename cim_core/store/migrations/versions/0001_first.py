"""The first tables, and the triggers that keep the log as it is."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.sql.schema import SchemaItem

revision = "0001"
down_revision = None

_ID = 32
_SQLITE = """
CREATE TRIGGER log_no_{what} BEFORE {WHAT} ON log
BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END
"""
_POSTGRESQL = (
    """
    CREATE FUNCTION log_only_added() RETURNS trigger AS $$
    BEGIN RAISE EXCEPTION 'the log is only added to'; END $$ LANGUAGE plpgsql
    """,
    "CREATE TRIGGER log_no_change BEFORE UPDATE OR DELETE ON log "
    "FOR EACH ROW EXECUTE FUNCTION log_only_added()",
    "CREATE TRIGGER log_no_truncate BEFORE TRUNCATE ON log "
    "FOR EACH STATEMENT EXECUTE FUNCTION log_only_added()",
)


def _moment(name: str, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _owned(table: str) -> list[SchemaItem]:
    return [
        sa.Column("id", sa.String(_ID), nullable=False),
        sa.Column("workspace", sa.String(_ID), nullable=False),
        _moment("created"),
        _moment("changed"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name=f"fk_{table}_workspace"),
    ]


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "workspaces",
        sa.Column("id", sa.String(_ID), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        _moment("created"),
        _moment("changed"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workspaces"),
    )
    op.create_table(
        "contents",
        *_owned("contents"),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("workspace", "digest", name="uq_contents_workspace_digest"),
    )
    op.create_table(
        "datasets",
        *_owned("datasets"),
        sa.Column("name", sa.Text(), nullable=False),
        _moment("deleted", True),
    )
    op.create_table(
        "dataset_versions",
        *_owned("dataset_versions"),
        sa.Column("dataset", sa.String(_ID), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("bundle", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dataset"], ["datasets.id"], name="fk_dataset_versions_dataset", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("dataset", "number", name="uq_dataset_versions_dataset_number"),
    )
    op.create_table(
        "version_files",
        sa.Column("version", sa.String(_ID), nullable=False),
        sa.Column("content", sa.String(_ID), nullable=False),
        sa.PrimaryKeyConstraint("version", "content", name="pk_version_files"),
        sa.ForeignKeyConstraint(
            ["version"], ["dataset_versions.id"], name="fk_version_files_version", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["content"], ["contents.id"], name="fk_version_files_content"),
    )
    op.create_table(
        "texts",
        *_owned("texts"),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        _moment("deleted", True),
    )
    op.create_index("ix_texts_workspace_kind_digest", "texts", ["workspace", "kind", "digest"])
    op.create_table(
        "settings",
        sa.Column("workspace", sa.String(_ID), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        _moment("changed"),
        sa.PrimaryKeyConstraint("workspace", "name", name="pk_settings"),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_settings_workspace"),
    )
    op.create_table(
        "log",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("workspace", sa.String(_ID), nullable=False),
        _moment("at"),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("object", sa.String(_ID), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_log"),
        sa.CheckConstraint("number > 0", name="counted"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_log_workspace_at", "log", ["workspace", "at"])
    if op.get_bind().dialect.name == "sqlite":
        for what in ("update", "delete"):
            op.execute(_SQLITE.format(what=what, WHAT=what.upper()))
    else:
        for step in _POSTGRESQL:
            op.execute(step)
