"""Until when messages that are shown to nobody are kept, so that they can be reported."""

import sqlalchemy as sa
from alembic import op

revision = "0099"
down_revision = "0106"
HOLDS = "which messages are hidden, and until when they are kept; before it, such messages were erased"


def upgrade() -> None:
    op.add_column("message", sa.Column("erase_time", sa.BigInteger(), nullable=True))
    op.create_index("ix_message_erase_time", "message", ["erase_time"])


def downgrade() -> None:
    # The release before shows each message that is stored.
    message = sa.table("message", sa.column("erase_time", sa.BigInteger()))
    op.execute(message.delete().where(message.c.erase_time.is_not(None)))
    op.drop_index("ix_message_erase_time", "message")
    with op.batch_alter_table("message") as batch:
        batch.drop_column("erase_time")
