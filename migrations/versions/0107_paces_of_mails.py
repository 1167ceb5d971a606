"""How often a reader wants mails of each kind, instead of which kinds not at all."""

import sqlalchemy as sa
from alembic import op

revision = "0107"
down_revision = "0101"
HOLDS = "how often readers want mails"

USER = sa.table("user", sa.column("id"), sa.column("mail_paces"), sa.column("muted_topics", sa.JSON()))
WORDS = {"drift": "drift:off turn:off", "reminder": "reminder:off", "offer": "offer:off"}


def upgrade() -> None:
    op.add_column("notice", sa.Column("mailed_time", sa.BigInteger(), nullable=True))
    op.add_column("user", sa.Column("mail_paces", sa.String(120), nullable=False, server_default=""))
    op.add_column("user", sa.Column("digest_day", sa.SmallInteger(), nullable=False, server_default="5"))
    op.add_column("user", sa.Column("digest_time", sa.BigInteger(), nullable=True))
    op.create_index("ix_user_digest_time", "user", ["digest_time"])
    for id, muted in op.get_bind().execute(sa.select(USER.c.id, USER.c.muted_topics)).all():
        if muted:
            words = " ".join(WORDS[topic] for topic in muted)
            op.execute(USER.update().where(USER.c.id == id).values(mail_paces=words))
    with op.batch_alter_table("user") as batch:
        batch.drop_column("muted_topics")


def downgrade() -> None:
    op.add_column("user", sa.Column("muted_topics", sa.JSON(), nullable=True))
    op.execute(USER.update().values(muted_topics=[]))
    for id, words in op.get_bind().execute(sa.select(USER.c.id, USER.c.mail_paces)).all():
        if muted := [topic for topic in WORDS if f"{topic}:off" in words.split()]:
            op.execute(USER.update().where(USER.c.id == id).values(muted_topics=muted))
    op.drop_index("ix_user_digest_time", "user")
    with op.batch_alter_table("user") as batch:
        batch.alter_column("muted_topics", existing_type=sa.JSON(), nullable=False)
        for column in ("mail_paces", "digest_day", "digest_time"):
            batch.drop_column(column)
    with op.batch_alter_table("notice") as batch:
        batch.drop_column("mailed_time")
