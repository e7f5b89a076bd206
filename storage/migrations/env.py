"""Runs the migrations on the connection that `storage.database.upgrade` hands in."""

from __future__ import annotations

from alembic import context

from storage.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True)
context.run_migrations()
