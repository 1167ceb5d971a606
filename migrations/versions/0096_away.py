"""Readers who are away: until when, with a line of words, and for how long what waits for them rests."""

import sqlalchemy as sa
from alembic import op

revision = "0096"
down_revision = "0093"
HOLDS = "which readers are away, and the deadlines that were moved for them"

WORDS = sa.String(100)


def upgrade() -> None:
    _add("user", "away_words", WORDS, "")
    op.add_column("user", sa.Column("away_until", sa.BigInteger(), nullable=True))
    _add("drift", "pause", sa.Integer(), 0)


def _add(table: str, column: str, kind: sa.types.TypeEngine, value: object) -> None:
    with op.batch_alter_table(table) as batch:
        batch.add_column(sa.Column(column, kind, nullable=True))
    op.execute(sa.table(table, sa.column(column, kind)).update().values({column: value}))
    with op.batch_alter_table(table) as batch:
        batch.alter_column(column, existing_type=kind, nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("drift") as batch:
        batch.drop_column("pause")
    with op.batch_alter_table("user") as batch:
        batch.drop_column("away_until")
        batch.drop_column("away_words")
