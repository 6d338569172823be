"""Alembic's entry point: runs the migrations on the connection and in the transaction of `database.migrate`."""

from alembic import context

from monito_ray.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
