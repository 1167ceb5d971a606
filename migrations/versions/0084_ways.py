"""Copies, drifts and readers say how books are handed over: by post, or in person."""

import sqlalchemy as sa
from alembic import op

revision = "0084"
down_revision = "0088"
HOLDS = "how books are handed over, and what readers have agreed on"

WAYS, WORDS = sa.String(20), sa.String(200)


def upgrade() -> None:
    for table in ("gift", "user"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("ways", WAYS, nullable=True))
            batch.add_column(sa.Column("meeting_words", WORDS, nullable=True))
        # Until now all books went by post; in the forms of their next copies readers choose for themselves.
        rows = sa.table(table, sa.column("ways", WAYS), sa.column("meeting_words", WORDS))
        op.execute(rows.update().values(ways="post" if table == "gift" else "post meet", meeting_words=""))
        with op.batch_alter_table(table) as batch:
            batch.alter_column("ways", existing_type=WAYS, nullable=False)
            batch.alter_column("meeting_words", existing_type=WORDS, nullable=False)
    with op.batch_alter_table("drift") as batch:
        batch.add_column(sa.Column("way", sa.String(5), nullable=True))
        batch.add_column(sa.Column("proposals", sa.Text(), nullable=True))
        batch.add_column(sa.Column("meeting", sa.Text(), nullable=True))
    op.execute(sa.table("drift", sa.column("way", sa.String(5))).update().values(way="post"))
    with op.batch_alter_table("drift") as batch:
        batch.alter_column("way", existing_type=sa.String(5), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("drift") as batch:
        for column in ("meeting", "proposals", "way"):
            batch.drop_column(column)
    for table in ("user", "gift"):
        with op.batch_alter_table(table) as batch:
            batch.drop_column("meeting_words")
            batch.drop_column("ways")
