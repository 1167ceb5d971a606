"""Steps of exchanges that can be taken back for some minutes, and why a giver has cancelled one."""

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = "0091"
down_revision = "0095"
HOLDS = "which steps of exchanges can be taken back, and why givers have cancelled"

DRIFT = sa.table("drift", sa.column("state", sa.String), sa.column("undo_until", sa.BigInteger))
EVENT = sa.table("drift_event", *(sa.column(name, sa.String) for name in ("action", "from_state", "to_state")))


def upgrade() -> None:
    with op.batch_alter_table("drift") as batch:
        batch.add_column(sa.Column("undo_until", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("undo_since", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("undo_due", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("undo_pause", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("cancel_reason", sa.String(10), nullable=True))
        batch.add_column(sa.Column("cancel_words", sa.Text(), nullable=True))
        batch.create_index("ix_drift_undo_until", ["undo_until"])


def downgrade() -> None:
    if op.get_bind().scalar(sa.select(sa.func.count()).select_from(DRIFT).where(DRIFT.c.undo_until.is_not(None))):
        raise CommandError("steps can still be taken back: wait ten minutes and call flask --app fisher deadlines run")
    op.execute(DRIFT.update().where(DRIFT.c.state == "cancelled").values(state="rejected"))
    op.execute(EVENT.delete().where(EVENT.c.action.in_(["undo", "address"])))
    op.execute(EVENT.update().where(EVENT.c.action.in_(["cancel", "withdraw"])).values(action="reject"))
    for column in ("from_state", "to_state"):
        op.execute(EVENT.update().where(EVENT.c[column] == "cancelled").values({column: "rejected"}))
    with op.batch_alter_table("drift") as batch:
        batch.drop_index("ix_drift_undo_until")
        batch.drop_column("cancel_words")
        batch.drop_column("cancel_reason")
        batch.drop_column("undo_pause")
        batch.drop_column("undo_due")
        batch.drop_column("undo_since")
        batch.drop_column("undo_until")
