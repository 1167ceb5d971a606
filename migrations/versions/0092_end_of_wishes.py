"""Wishes know when they were taken off the list, so that they come back to their place."""

import sqlalchemy as sa
from alembic import op

revision = "0092"
down_revision = "0091"
HOLDS = "when wishes were taken off the list"


def upgrade() -> None:
    with op.batch_alter_table("wish") as batch:
        batch.add_column(sa.Column("end_time", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("wish") as batch:
        batch.drop_column("end_time")
