"""the panel, and what is said unprompted"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "announcements",
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("occasion", sa.String(length=96), nullable=False),
        sa.Column("circle", sa.String(length=16), nullable=False),
        sa.Column("of", sa.LargeBinary(length=16), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("due", sa.DateTime(), nullable=False),
        sa.Column("expires", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_announcements")),
        sa.UniqueConstraint("occasion", name=op.f("uq_announcements_occasion")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_announcements_state", "announcements", ["state", "due"], unique=False)
    op.create_table(
        "attendance",
        sa.Column("meeting", sa.LargeBinary(length=16), nullable=False),
        sa.Column("member", sa.LargeBinary(length=16), nullable=False),
        sa.Column("coming", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("meeting", "member", name=op.f("pk_attendance")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "coordinators",
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("tag", sa.LargeBinary(length=16), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_coordinators")),
        sa.UniqueConstraint("tag", name=op.f("uq_coordinators_tag")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "deliveries",
        sa.Column("announcement", sa.LargeBinary(length=16), nullable=False),
        sa.Column("person", sa.LargeBinary(length=16), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("message", sa.Integer(), nullable=True),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("doubted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("announcement", "person", name=op.f("pk_deliveries")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_deliveries_state", "deliveries", ["announcement", "state", "edition"], unique=False
    )
    op.create_table(
        "glimpses",
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_glimpses")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_glimpses_until"), "glimpses", ["until"], unique=False)
    op.create_table(
        "invitations",
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_invitations")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "meetings",
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meetings")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "members",
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("tag", sa.LargeBinary(length=16), nullable=True),
        sa.Column("standing", sa.String(length=8), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_members")),
        sa.UniqueConstraint("tag", name=op.f("uq_members_tag")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tasks",
        sa.Column("tag", sa.LargeBinary(length=16), nullable=False),
        sa.Column("expires", sa.Date(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("tag", name=op.f("pk_tasks")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "trail",
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_trail")),
        sqlite_with_rowid=False,
    )
    op.add_column(
        "subscribers", sa.Column("gone", sa.Boolean(), server_default=sa.text("0"), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("subscribers", "gone")
    op.drop_table("trail")
    op.drop_table("tasks")
    op.drop_table("members")
    op.drop_table("meetings")
    op.drop_table("invitations")
    op.drop_index(op.f("ix_glimpses_until"), table_name="glimpses")
    op.drop_table("glimpses")
    op.drop_index("ix_deliveries_state", table_name="deliveries")
    op.drop_table("deliveries")
    op.drop_table("coordinators")
    op.drop_table("attendance")
    op.drop_index("ix_announcements_state", table_name="announcements")
    op.drop_table("announcements")
