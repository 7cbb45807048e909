"""broadcasts, what is corrected of them, and a survey's life in coordinators' hands"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("broadcasts", "pointers"):
        op.create_table(
            name,
            sa.Column("key", sa.LargeBinary(length=16), nullable=False),
            sa.Column("revision", sa.Integer(), nullable=False),
            sa.Column("box", sa.LargeBinary(), nullable=False),
            sa.PrimaryKeyConstraint("key", name=op.f(f"pk_{name}")),
            sqlite_with_rowid=False,
        )
    op.add_column(
        "applications", sa.Column("gone", sa.Boolean(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column(
        "surveys", sa.Column("revision", sa.Integer(), server_default="1", nullable=False)
    )
    op.add_column(
        "surveys", sa.Column("met", sa.Boolean(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column(
        "coordinators",
        sa.Column("role", sa.String(length=16), server_default="coordinator", nullable=False),
    )
    op.add_column(
        "announcements", sa.Column("held", sa.Boolean(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column(
        "announcements", sa.Column("only", sa.Boolean(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column(
        "announcements", sa.Column("languages", sa.JSON(), server_default="{}", nullable=False)
    )
    op.add_column(
        "deliveries", sa.Column("first", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column(
        "deliveries", sa.Column("mended", sa.String(length=8), server_default="", nullable=False)
    )
    # Which text they got first was not written down: the first one is what a correction must reach.
    op.execute("UPDATE deliveries SET first = 1 WHERE state = 'sent' OR doubted")
    op.drop_index("ix_deliveries_state", table_name="deliveries")
    op.create_index(
        "ix_deliveries_state",
        "deliveries",
        ["announcement", "state", "doubted", "edition", "mended"],
        unique=False,
    )


def downgrade() -> None:
    # What the version before would take for something else.
    op.execute("DELETE FROM coordinators WHERE role <> 'coordinator'")
    op.execute("DELETE FROM surveys WHERE state = 'draft'")
    op.execute("UPDATE surveys SET state = 'closed' WHERE state = 'archived'")
    later = "circle IN ('reserve', 'applicants', 'received', 'doubted')"
    op.execute(
        f"DELETE FROM deliveries WHERE announcement IN (SELECT key FROM announcements WHERE {later})"  # noqa: S608 - our own names
    )
    op.execute(f"DELETE FROM announcements WHERE {later}")  # noqa: S608 - our own names
    op.drop_index("ix_deliveries_state", table_name="deliveries")
    op.create_index(
        "ix_deliveries_state", "deliveries", ["announcement", "state", "edition"], unique=False
    )
    for table, columns in (
        ("deliveries", ("mended", "first")),
        ("announcements", ("languages", "only", "held")),
        ("coordinators", ("role",)),
        ("surveys", ("met", "revision")),
        ("applications", ("gone",)),
    ):
        for column in columns:
            op.drop_column(table, column)
    op.drop_table("pointers")
    op.drop_table("broadcasts")
