"""The tables of a store, as they are now; `migrations` make them out of those of any earlier release.

Every row belongs to a workspace, times are in UTC, ids are random and say nothing of what they name.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

TABLES = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
_ID = 32


def _owned() -> tuple[Column[object], ...]:
    """What everything kept has: an id, whose it is, since when, its version."""
    return (
        Column("id", String(_ID), primary_key=True),
        Column("workspace", ForeignKey("workspaces.id"), nullable=False),
        Column("created", DateTime(timezone=True), nullable=False),
        Column("changed", DateTime(timezone=True), nullable=False),
        Column("version", Integer, nullable=False, default=1),
    )


workspaces = Table(
    "workspaces",
    TABLES,
    Column("id", String(_ID), primary_key=True),
    Column("name", Text, nullable=False),
    Column("created", DateTime(timezone=True), nullable=False),
    Column("changed", DateTime(timezone=True), nullable=False),
    Column("version", Integer, nullable=False, default=1),
)
contents = Table(
    "contents",
    TABLES,
    *_owned(),
    Column("digest", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("bytes", LargeBinary, nullable=False),
    UniqueConstraint("workspace", "digest"),
)
"""Files as they were given, each once."""
datasets = Table(
    "datasets",
    TABLES,
    *_owned(),
    Column("name", Text, nullable=False),
    Column("deleted", DateTime(timezone=True)),
    Column("note", Text, nullable=False, default=""),
)
versions = Table(
    "dataset_versions",
    TABLES,
    *_owned(),
    Column("dataset", ForeignKey("datasets.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("bundle", Text, nullable=False),
    UniqueConstraint("dataset", "number"),
)
"""What was open at a time: which files, what was answered, accepted, taken as none, whose LEAs; as JSON."""
version_files = Table(
    "version_files",
    TABLES,
    Column("version", ForeignKey("dataset_versions.id", ondelete="CASCADE"), primary_key=True),
    Column("content", ForeignKey("contents.id"), primary_key=True),
)
texts = Table(
    "texts",
    TABLES,
    *_owned(),
    Column("kind", String(16), nullable=False),
    Column("name", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("deleted", DateTime(timezone=True)),
    Index(None, "workspace", "kind", "digest"),
)
"""Scenarios, own rulebooks, lists of LEAs, mappings, notes: small texts in open formats."""
settings = Table(
    "settings",
    TABLES,
    Column("workspace", ForeignKey("workspaces.id"), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
    Column("changed", DateTime(timezone=True), nullable=False),
    Column("created", DateTime(timezone=True), nullable=False),
    Column("version", Integer, nullable=False, default=1),
)
log = Table(
    "log",
    TABLES,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("workspace", String(_ID), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("who", Text, nullable=False),
    Column("what", String(32), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("object", String(_ID), nullable=False),
    Column("said", Text, nullable=False),
    CheckConstraint("number > 0", name="counted"),
    Index(None, "workspace", "number"),
    sqlite_autoincrement=True,
)
"""Who did what, when, to which object; lines are added and never changed: triggers refuse everything else."""
