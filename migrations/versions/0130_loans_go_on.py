"""Loans that go on from reader to reader: whether they may, and which listings and requests hand a lent copy on."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0130"
down_revision = "0134"
HOLDS = "permissions for loans to go on to the next reader, and which copies were on their way to one"

COPY_UNTIL_OVER = "CASE WHEN state IN ('open', 'reserved', 'hidden', 'held') THEN copy_id END"
UNLESS_LENT = "CASE WHEN loan_id IS NULL AND state IN ('open', 'reserved', 'hidden', 'held') THEN copy_id END"

COPY_COLUMNS = ("book_id", "holder_id", "state", "since", "condition", "create_time", "status")
COPY = sa.table("copy", *map(sa.column, ("id", *COPY_COLUMNS)))
OFFER = ("offered_to", "offered_wish_id", "offer_until")
GIFT_COLUMNS = ("id", "loan_id", "state", "copy_id", "book_id", "giver_id", "condition", "create_time", *OFFER)
GIFT = sa.table("gift", *map(sa.column, GIFT_COLUMNS))
UNDO = ("undo_until", "undo_since", "undo_due", "undo_pause")
DRIFT = sa.table("drift", *map(sa.column, ("state", "due_time", *UNDO)))
EVENT = sa.table("drift_event", *map(sa.column, ("from_state", "to_state", "action")))
NOTICE = sa.table("notice", sa.column("kind", sa.String()))


def upgrade() -> None:
    op.add_column("gift", sa.Column("goes_on", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("gift", sa.Column("loan_id", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("gift") as batch:
        _forget_listed(batch)
        batch.add_column(sa.Column("lender_id", sa.BigInteger(), nullable=True))
        batch.create_foreign_key("fk_gift_lender_id", "user", ["lender_id"], ["id"])
    _list_once(UNLESS_LENT)
    op.create_index("ix_gift_loan_id", "gift", ["loan_id"])
    op.add_column("drift", sa.Column("loan_id", sa.BigInteger(), nullable=True))
    op.create_index("ix_drift_loan_id", "drift", ["loan_id"])


def _forget_listed(batch: BatchOperations) -> None:
    """Drop what is computed first, because SQLite cannot copy it into a table that is made anew."""
    batch.drop_constraint("uq_gift_listed_copy_id", type_="unique")
    batch.drop_column("listed_copy_id")


def _list_once(copy: str) -> None:
    """Let the database allow one listing of what `copy` computes."""
    with op.batch_alter_table("gift") as batch:
        batch.add_column(sa.Column("listed_copy_id", sa.BigInteger(), sa.Computed(copy), nullable=True))
        batch.create_unique_constraint("uq_gift_listed_copy_id", ["listed_copy_id"])


def downgrade() -> None:
    _end_what_goes_on()
    op.drop_index("ix_drift_loan_id", "drift")
    op.drop_column("drift", "loan_id")
    op.drop_index("ix_gift_loan_id", "gift")
    with op.batch_alter_table("gift") as batch:
        _forget_listed(batch)
        batch.drop_constraint("fk_gift_lender_id", type_="foreignkey")
        for column in ("lender_id", "loan_id", "goes_on"):
            batch.drop_column(column)
    _list_once(COPY_UNTIL_OVER)


def _end_what_goes_on() -> None:
    """Take what was on offer off the list, and let what is promised be another copy, of who hands it over."""
    handed_on = GIFT.c.loan_id.is_not(None)
    waits = GIFT.c.state.in_(["open", "hidden", "held"])
    op.execute(GIFT.update().where(handed_on, waits).values(state="withdrawn", **dict.fromkeys(OFFER)))
    connection = op.get_bind()
    for row in connection.execute(sa.select(GIFT).where(handed_on, GIFT.c.state == "reserved")).all():
        values = (row.book_id, row.giver_id, "kept", row.create_time, row.condition, row.create_time, 1)
        connection.execute(COPY.insert().values(dict(zip(COPY_COLUMNS, values, strict=True))))
        copy_id = connection.scalar(sa.select(sa.func.max(COPY.c.id)))
        connection.execute(GIFT.update().where(GIFT.c.id == row.id).values(copy_id=copy_id))
    is_certain = (DRIFT.c.state == "passed_on") & DRIFT.c.undo_until.is_(None)
    op.execute(DRIFT.update().where(is_certain).values(state="returned"))
    op.execute(DRIFT.update().where(DRIFT.c.state == "passed_on").values(due_time=DRIFT.c.undo_due))
    op.execute(DRIFT.update().where(DRIFT.c.state == "passed_on").values(state="mailed", **dict.fromkeys(UNDO)))
    steps = EVENT.c.action.in_(["go_on", "call_home"]) | (EVENT.c.to_state == "passed_on")
    op.execute(EVENT.delete().where(steps | (EVENT.c.from_state == "passed_on")))
    op.execute(NOTICE.delete().where(NOTICE.c.kind.in_(["loan_passed_on", "loan_went_on", "loan_taken_on"])))
