"""first tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "applications",
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("tag", sa.LargeBinary(length=16), nullable=False),
        sa.Column("call", sa.String(length=24), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_applications")),
        sa.UniqueConstraint("tag", name=op.f("uq_applications_tag")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "drafts",
        sa.Column("tag", sa.LargeBinary(length=16), nullable=False),
        sa.Column("form", sa.String(length=24), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("expires", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("tag", name=op.f("pk_drafts")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "open_answers",
        sa.Column("survey", sa.String(length=24), nullable=False),
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("question", sa.String(length=24), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("survey", "key", name=op.f("pk_open_answers")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "responses",
        sa.Column("survey", sa.String(length=24), nullable=False),
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("survey", "key", name=op.f("pk_responses")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "subscribers",
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("tag", sa.LargeBinary(length=16), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_subscribers")),
        sa.UniqueConstraint("tag", name=op.f("uq_subscribers_tag")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "surveys",
        sa.Column("name", sa.String(length=24), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("opens", sa.Date(), nullable=False),
        sa.Column("closes", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_surveys")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("surveys")
    op.drop_table("subscribers")
    op.drop_table("responses")
    op.drop_table("open_answers")
    op.drop_table("drafts")
    op.drop_table("applications")
