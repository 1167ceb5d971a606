"""Questions: readers who allow it are asked in private for copies that somebody waits for."""

import sqlalchemy as sa
from alembic import op

revision = "0119"
down_revision = "0123"
HOLDS = "which readers may be asked for private copies, and what they were asked"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NOTICE = sa.table("notice", sa.column("kind", sa.String()))


def upgrade() -> None:
    op.add_column("user", sa.Column("may_be_asked", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index("ix_user_may_be_asked", "user", ["may_be_asked"])
    op.create_table(
        "copy_question",
        sa.Column("copy_id", sa.BigInteger(), nullable=False),
        sa.Column("holder_id", sa.BigInteger(), nullable=False),
        sa.Column("wish_id", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.String(6), nullable=False),
        sa.Column("mail_time", sa.BigInteger(), nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["copy_id"], ["copy.id"], name="fk_copy_question_copy_id"),
        sa.ForeignKeyConstraint(["holder_id"], ["user.id"], name="fk_copy_question_holder_id"),
        sa.ForeignKeyConstraint(["wish_id"], ["wish.id"], name="fk_copy_question_wish_id"),
        sa.PrimaryKeyConstraint("id", name="pk_copy_question"),
        sa.UniqueConstraint("copy_id", "holder_id", name="uq_copy_question_copy_id_holder_id"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )
    op.create_index("ix_copy_question_of_holder", "copy_question", ["holder_id", "create_time"])
    op.create_index("ix_copy_question_of_wish", "copy_question", ["wish_id", "create_time"])
    with op.batch_alter_table("notice") as batch:
        batch.add_column(sa.Column("copy_id", sa.BigInteger(), nullable=True))
        batch.create_foreign_key("fk_notice_copy_id", "copy", ["copy_id"], ["id"])
    op.create_index("ix_notice_copy_id", "notice", ["copy_id"])


def downgrade() -> None:
    op.execute(NOTICE.delete().where(NOTICE.c.kind == "copy_wanted"))
    with op.batch_alter_table("notice") as batch:
        batch.drop_constraint("fk_notice_copy_id", type_="foreignkey")
        batch.drop_index("ix_notice_copy_id")
        batch.drop_column("copy_id")
    op.drop_table("copy_question")
    op.drop_index("ix_user_may_be_asked", "user")
    op.drop_column("user", "may_be_asked")
