"""What Alembic runs for a migration: the steps, on the connection that is given."""

from __future__ import annotations

from alembic import context

from cim_core.store.schema import TABLES

if hasattr(context, "config"):  # not where somebody only looks through all modules
    context.configure(
        connection=context.config.attributes["connection"], target_metadata=TABLES, transactional_ddl=False
    )
    context.run_migrations()
