"""Whether a reader has feeds at a secret address, and which one."""

import sqlalchemy as sa
from alembic import op

revision = "0102"
down_revision = "0110"
HOLDS = "the secret addresses of feeds"


def upgrade() -> None:
    op.add_column("user", sa.Column("feed_number", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("user") as batch:
        batch.drop_column("feed_number")
