"""A reader's row knows the reader's role: reader, moderator or operator."""

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0062"
HOLDS = "roles of moderators and operators"


def upgrade() -> None:
    with op.batch_alter_table("user") as batch:
        batch.add_column(sa.Column("role", sa.String(length=10), nullable=False, server_default="reader"))


def downgrade() -> None:
    with op.batch_alter_table("user") as batch:
        batch.drop_column("role")
