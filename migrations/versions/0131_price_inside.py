"""In a circle that needs no beans a book costs none; such books are counted in an index."""

import sqlalchemy as sa
from alembic import op

revision = "0131"
down_revision = "0130"
HOLDS = "which books were given for no bean in their circle: they count as paid for by the mint"

SIDES = ("asker", "giver")
DRIFT = sa.table("drift", *map(sa.column, ("id", "beans", "state", "undo_until", "state_time")))
NAMES = ("source", "target", "amount", "reason", "drift_id", "key", "create_time", "status")
MOVE = sa.table("bean_transfer", *map(sa.column, NAMES))
UNDER_WAY = ("waiting", "accepted", "mailed", "no_giver", "no_asker", "lent", "given_back")


def upgrade() -> None:
    _require("beans_positive", "beans_not_negative", "beans >= 0")
    for side in SIDES:
        op.create_index(f"ix_drift_price_of_{side}", "drift", [f"{side}_id", "beans", "state", "undo_until"])


def downgrade() -> None:
    is_held = DRIFT.c.state.in_(UNDER_WAY) | DRIFT.c.undo_until.is_not(None)
    _pay("mint", "escrow", "hold", DRIFT.c.beans == 0)
    _pay("escrow", "mint", "release", DRIFT.c.beans == 0, ~is_held)
    op.execute(DRIFT.update().where(DRIFT.c.beans == 0).values(beans=1))
    for side in SIDES:
        op.drop_index(f"ix_drift_price_of_{side}", "drift")
    _require("beans_not_negative", "beans_positive", "beans > 0")


def _pay(source: str, target: str, event: str, *which: sa.ColumnElement[bool]) -> None:
    """Let a bean move for each of these drifts, so that the ledger holds and releases what they say they cost."""
    key = sa.literal("drift:").concat(sa.cast(DRIFT.c.id, sa.String(20))).concat(f":{event}")
    said = [sa.literal(source), sa.literal(target), sa.literal(1), sa.literal("granted"), DRIFT.c.id, key]
    rows = sa.select(*said, DRIFT.c.state_time, sa.literal(1)).where(*which)
    op.execute(MOVE.insert().from_select(list(NAMES), rows))


def _require(old: str, new: str, condition: str) -> None:
    with op.batch_alter_table("drift") as batch:
        batch.drop_constraint(op.f(f"ck_drift_{old}"), type_="check")
        batch.create_check_constraint(op.f(f"ck_drift_{new}"), condition)

