"""Exchanges that ended because one side did not answer when the other said that they had not come."""

import sqlalchemy as sa
from alembic import op

revision = "0089"
down_revision = "0092"
HOLDS = "which side of an exchange did not answer"


def upgrade() -> None:
    with op.batch_alter_table("drift") as batch:
        batch.add_column(sa.Column("absent", sa.String(5), nullable=True))


def downgrade() -> None:
    state = sa.table("drift", sa.column("state", sa.String(10)))
    op.execute(state.update().where(state.c.state.in_(["no_asker", "no_giver"])).values(state="accepted"))
    with op.batch_alter_table("drift") as batch:
        batch.drop_column("absent")
