"""When the wish queue next looks for copies for a reader; every reader who waits for a book is looked at first."""

import sqlalchemy as sa
from alembic import op

revision = "0093"
down_revision = "0086"

USER = sa.table("user", sa.column("id", sa.BigInteger), sa.column("look_time", sa.BigInteger))
WISH = sa.table("wish", sa.column("user_id", sa.BigInteger), sa.column("state", sa.String))


def upgrade() -> None:
    op.add_column("user", sa.Column("look_time", sa.BigInteger(), nullable=True))
    op.create_index("ix_user_look_time", "user", ["look_time"])
    waiting = sa.select(WISH.c.user_id).where(WISH.c.state == "open")
    op.execute(sa.update(USER).where(USER.c.id.in_(waiting)).values(look_time=0))


def downgrade() -> None:
    op.drop_index("ix_user_look_time", "user")
    op.drop_column("user", "look_time")
