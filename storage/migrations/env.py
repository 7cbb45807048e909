"""How Alembic reaches the database.

The starting bot hands over its own connection, in a transaction that is its to commit (see
storage.database.migrations). A developer writing the next migration names a file instead:
`alembic -x database=FILE revision --autogenerate -m "what changes"`.
"""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, create_engine

from storage.tables import metadata


def walk(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


handed: Connection | None = context.config.attributes.get("connection")
if handed is not None:
    walk(handed)
else:
    file = context.get_x_argument(as_dictionary=True).get("database")
    if file is None:
        raise SystemExit("Name the database: alembic -x database=FILE …")
    engine = create_engine(f"sqlite:///{file}", hide_parameters=True)
    with engine.begin() as connection:
        walk(connection)
    engine.dispose()
