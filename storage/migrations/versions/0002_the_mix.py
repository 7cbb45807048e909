"""the mix"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "markers",
        sa.Column("survey", sa.String(length=24), nullable=False),
        sa.Column("marker", sa.LargeBinary(length=16), nullable=False),
        sa.PrimaryKeyConstraint("survey", "marker", name=op.f("pk_markers")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "batches",
        sa.Column("survey", sa.String(length=24), nullable=False),
        sa.Column("batch", sa.LargeBinary(length=8), nullable=False),
        sa.PrimaryKeyConstraint("survey", name=op.f("pk_batches")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pool",
        sa.Column("survey", sa.String(length=24), nullable=False),
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("survey", "key", name=op.f("pk_pool")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tallies",
        sa.Column("survey", sa.String(length=24), nullable=False),
        sa.Column("question", sa.String(length=24), nullable=False),
        sa.Column("answer", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("survey", "question", "answer", name=op.f("pk_tallies")),
        sqlite_with_rowid=False,
    )
    # Sealed otherwise from now on: what was begun before would not open.
    op.execute("DELETE FROM drafts")


def downgrade() -> None:
    op.execute("DELETE FROM drafts")
    op.drop_table("tallies")
    op.drop_table("pool")
    op.drop_table("batches")
    op.drop_table("markers")
