"""Runs the migrations on the connection it is given, inside the transaction that is already open."""

from __future__ import annotations

from alembic import context

from workbench.store.workspace import TABLES

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=TABLES,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
