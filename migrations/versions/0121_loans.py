"""Loans: for how many days a copy is lent, and until when one is with its borrower."""

import sqlalchemy as sa
from alembic import op

revision = "0121"
down_revision = "0120"
HOLDS = "loans, which count as given once they have arrived, and for how long copies are lent"

DRIFT = sa.table("drift", *map(sa.column, ("id", "state", "undo_until", "undo_since", "undo_due", "undo_pause")))
EVENT = sa.table("drift_event", *map(sa.column, ("from_state", "to_state", "action")))
NOTICE = sa.table("notice", sa.column("kind", sa.String()))
NO_UNDO = dict.fromkeys(("undo_until", "undo_since", "undo_due", "undo_pause"))
BEFORE = {"lent": "mailed", "given_back": "mailed", "returned": "withdrawn", "lost": "received"}
"""The state without loans that does the same to beans and copies; what is lent is then received in due time."""


def upgrade() -> None:
    op.add_column("gift", sa.Column("lend_days", sa.SmallInteger(), nullable=True))
    op.add_column("drift", sa.Column("lend_days", sa.SmallInteger(), nullable=True))
    op.add_column("drift", sa.Column("lent_until", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    for state, before in BEFORE.items():
        op.execute(DRIFT.update().where(DRIFT.c.state == state).values(state=before, **NO_UNDO))
    op.execute(EVENT.delete().where(EVENT.c.from_state.in_(BEFORE) | EVENT.c.to_state.in_(BEFORE)))
    op.execute(NOTICE.delete().where(NOTICE.c.kind.like("loan_%")))
    op.drop_column("drift", "lent_until")
    op.drop_column("drift", "lend_days")
    op.drop_column("gift", "lend_days")
