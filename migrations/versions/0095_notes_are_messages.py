"""The note with which a book was asked for is the first message of the exchange."""

import sqlalchemy as sa
from alembic import op

revision = "0095"
down_revision = "0094"

DRIFT = sa.table("drift", *map(sa.column, ("id", "asker_id", "giver_id", "create_time", "note")))
NAMES = ("id", "drift_id", "author_id", "reader_id", "sealed", "is_phrase", "read_time", "create_time", "status")
MESSAGE = sa.table("message", *map(sa.column, NAMES))


def upgrade() -> None:
    drift = DRIFT.c
    sides_and_note = drift.id, drift.asker_id, drift.giver_id, drift.note
    # Read, because it was shown all the time: a mark of something new would be wrong.
    times = drift.create_time, drift.create_time
    notes = sa.select(*sides_and_note, sa.literal_column("0"), *times, sa.literal_column("1"))
    op.execute(MESSAGE.insert().from_select(NAMES[1:], notes.where(drift.note.is_not(None))))
    with op.batch_alter_table("drift") as batch:
        batch.drop_column("note")


def downgrade() -> None:
    with op.batch_alter_table("drift") as batch:
        batch.add_column(sa.Column("note", sa.Text(), nullable=True))
    drift, message = DRIFT.c, MESSAGE.c
    is_by_asker = (message.author_id == drift.asker_id) & (message.create_time == drift.create_time)
    is_note = is_by_asker & (message.drift_id == drift.id) & (message.is_phrase == sa.literal_column("0"))
    note = sa.select(message.sealed).where(is_note).order_by(message.id).limit(1).scalar_subquery()
    op.execute(DRIFT.update().values(note=note))
    op.execute(MESSAGE.delete().where(sa.exists(sa.select(drift.id).where(is_note))))
