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
    claims = ["no_asker", "no_giver"]
    event = sa.table("drift_event", *(sa.column(name, sa.String) for name in ("action", "from_state", "to_state")))
    op.execute(
        event.delete().where(
            (event.c.action == "absent") | event.c.from_state.in_(claims) & (event.c.action == "object")
        )
    )
    op.execute(event.update().where(event.c.action == "no_show").values(action="lapse"))
    op.execute(event.update().where(event.c.from_state.in_(claims)).values(from_state="accepted"))
    with op.batch_alter_table("drift") as batch:
        batch.drop_column("absent")
