"""A drift knows from when on its giver can be paid, once the book has arrived."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0050"
HOLDS = "payments that are still due"


def upgrade() -> None:
    with op.batch_alter_table("drift") as batch:
        batch.add_column(sa.Column("pay_from", sa.BigInteger(), nullable=True))
        batch.create_index("ix_drift_pay_from", ["pay_from"])


def downgrade() -> None:
    with op.batch_alter_table("drift") as batch:
        batch.drop_index("ix_drift_pay_from")
        batch.drop_column("pay_from")
