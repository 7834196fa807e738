"""The tables of a store, as they are now; `migrations` make them out of those of any earlier release.

Every row belongs to a workspace, times are in UTC, ids are random and say nothing of what they name.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
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
_ID, _DIGEST = 32, 64


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
accounts = Table(
    "accounts",
    TABLES,
    *_owned(),
    Column("name", String(128), nullable=False),
    Column("shown", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("leas", Text, nullable=False),
    Column("password", Text, nullable=False),
    Column("disabled", Boolean, nullable=False),
    UniqueConstraint("name"),
)
"""Who may sign in, each in one workspace; `leas` as JSON, `password` a hash."""
sign_ins = Table(
    "sign_ins",
    TABLES,
    Column("digest", String(_DIGEST), primary_key=True),
    Column("account", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("begun", DateTime(timezone=True), nullable=False),
    Column("seen", DateTime(timezone=True), nullable=False),
    Column("place", Text, nullable=False),
)
"""Who is signed in, by the hash of the token in the browser's cookie."""
passes = Table(
    "passes",
    TABLES,
    Column("digest", String(_DIGEST), primary_key=True),
    Column("account", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("bound", String(_DIGEST), nullable=False),
    Column("ends", DateTime(timezone=True), nullable=False),
)
"""What is used once: a link to set a password, the way from the form to the cookie."""
attempts = Table(
    "attempts",
    TABLES,
    Column("about", String(_DIGEST), primary_key=True),
    Column("failed", Integer, nullable=False),
    Column("last", DateTime(timezone=True), nullable=False),
)
"""How often somebody failed to sign in, by the hash of a name or an address."""
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
    Column("place", Text, nullable=False, server_default=""),
    CheckConstraint("number > 0", name="counted"),
    Index(None, "workspace", "number"),
    sqlite_autoincrement=True,
)
"""Who did what, when, to which object; lines are added and never changed: triggers refuse everything else."""
