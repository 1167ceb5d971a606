"""Works: every edition names the work that it is of; at first each is a work by itself, which the rules then join."""

import sqlalchemy as sa
from alembic import op

revision = "0077"
down_revision = "0076"
HOLDS = "works that were joined or split by hand"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "work",
        sa.Column("id", Id, primary_key=True),
        sa.Column("key_kind", sa.String(12), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("joined_to", Id, sa.ForeignKey("work.id", name="fk_work_joined_to"), nullable=True),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.UniqueConstraint("key", name="uq_work_key"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )
    op.create_index("ix_work_joined_to", "work", ["joined_to"])
    # A book's own id, negative so that it is no fingerprint of a key.
    op.execute(
        "INSERT INTO work (id, key_kind, `key`, version, create_time, status) "
        "SELECT id, 'edition', -id, 0, create_time, 1 FROM book"
    )
    with op.batch_alter_table("book") as batch:
        batch.add_column(sa.Column("work_id", Id, nullable=True))
        batch.add_column(sa.Column("work_version", sa.SmallInteger(), nullable=True))
        batch.add_column(sa.Column("placed_by", sa.String(8), nullable=True))
    op.execute("UPDATE book SET work_id = id, work_version = 0, placed_by = 'rules'")
    with op.batch_alter_table("book") as batch:
        batch.alter_column("work_id", existing_type=Id, nullable=False)
        batch.alter_column("work_version", existing_type=sa.SmallInteger(), nullable=False)
        batch.alter_column("placed_by", existing_type=sa.String(8), nullable=False)
        batch.create_foreign_key("fk_book_work_id", "work", ["work_id"], ["id"])
        batch.create_index("ix_book_work_id", ["work_id"])
        batch.create_index("ix_book_work_version", ["work_version"])


def downgrade() -> None:
    with op.batch_alter_table("book") as batch:
        batch.drop_constraint("fk_book_work_id", type_="foreignkey")
    with op.batch_alter_table("book") as batch:
        batch.drop_index("ix_book_work_version")
        batch.drop_index("ix_book_work_id")
        batch.drop_column("placed_by")
        batch.drop_column("work_version")
        batch.drop_column("work_id")
    op.drop_table("work")
