"""Gifts, wishes, drifts, beans, kept addresses."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0020"
HOLDS = "gifts, wishes, exchanges, beans and kept addresses"


def upgrade() -> None:
    op.create_table(
        "address",
        sa.Column("uid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["uid"], ["user.id"], name=op.f("fk_address_uid")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address")),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_address_uid"), ["uid"], unique=False)

    op.create_table(
        "wish",
        sa.Column("uid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("isbn", sa.String(length=13), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("open_key", sa.String(length=40), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["isbn"], ["book.isbn"], name=op.f("fk_wish_isbn")),
        sa.ForeignKeyConstraint(["uid"], ["user.id"], name=op.f("fk_wish_uid")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish")),
        sa.UniqueConstraint("open_key", name=op.f("uq_wish_open_key")),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("wish", schema=None) as batch_op:
        batch_op.create_index("ix_wish_of_book", ["isbn", "state", "create_time"], unique=False)
        batch_op.create_index("ix_wish_of_reader", ["uid", "state", "id"], unique=False)

    op.create_table(
        "gift",
        sa.Column("uid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("isbn", sa.String(length=13), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("condition", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("form_key", sa.String(length=32), nullable=True),
        sa.Column("offered_to", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("offered_wish_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("offer_until", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["isbn"], ["book.isbn"], name=op.f("fk_gift_isbn")),
        sa.ForeignKeyConstraint(["offered_to"], ["user.id"], name=op.f("fk_gift_offered_to")),
        sa.ForeignKeyConstraint(["offered_wish_id"], ["wish.id"], name=op.f("fk_gift_offered_wish_id")),
        sa.ForeignKeyConstraint(["uid"], ["user.id"], name=op.f("fk_gift_uid")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gift")),
        sa.UniqueConstraint("offered_wish_id", name=op.f("uq_gift_offered_wish_id")),
        sa.UniqueConstraint("uid", "form_key", name=op.f("uq_gift_uid_form_key")),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("gift", schema=None) as batch_op:
        batch_op.create_index("ix_gift_newest", ["state", "id"], unique=False)
        batch_op.create_index("ix_gift_of_book", ["isbn", "state", "id"], unique=False)
        batch_op.create_index("ix_gift_of_reader", ["uid", "state", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_gift_offer_until"), ["offer_until"], unique=False)

    op.create_table(
        "drift",
        sa.Column("gift_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("isbn", sa.String(length=13), nullable=False),
        sa.Column("asker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("giver_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("state_time", sa.BigInteger(), nullable=False),
        sa.Column("due_time", sa.BigInteger(), nullable=True),
        sa.Column("beans", sa.Integer(), nullable=False),
        sa.Column("open_gift_id", sa.BigInteger(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("tracking", sa.String(length=60), nullable=True),
        sa.Column("erase_time", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("beans > 0", name=op.f("ck_drift_beans_positive")),
        sa.ForeignKeyConstraint(["asker_id"], ["user.id"], name=op.f("fk_drift_asker_id")),
        sa.ForeignKeyConstraint(["gift_id"], ["gift.id"], name=op.f("fk_drift_gift_id")),
        sa.ForeignKeyConstraint(["giver_id"], ["user.id"], name=op.f("fk_drift_giver_id")),
        sa.ForeignKeyConstraint(["isbn"], ["book.isbn"], name=op.f("fk_drift_isbn")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drift")),
        sa.UniqueConstraint("open_gift_id", name=op.f("uq_drift_open_gift_id")),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("drift", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_drift_due_time"), ["due_time"], unique=False)
        batch_op.create_index(batch_op.f("ix_drift_erase_time"), ["erase_time"], unique=False)
        batch_op.create_index(batch_op.f("ix_drift_gift_id"), ["gift_id"], unique=False)
        batch_op.create_index("ix_drift_of_asker", ["asker_id", "state"], unique=False)
        batch_op.create_index("ix_drift_of_giver", ["giver_id", "state"], unique=False)

    op.create_table(
        "wish_offer",
        sa.Column("gift_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("wish_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["gift_id"], ["gift.id"], name=op.f("fk_wish_offer_gift_id")),
        sa.ForeignKeyConstraint(["wish_id"], ["wish.id"], name=op.f("fk_wish_offer_wish_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish_offer")),
        sa.UniqueConstraint("gift_id", "wish_id", name=op.f("uq_wish_offer_gift_id_wish_id")),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("wish_offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wish_offer_wish_id"), ["wish_id"], unique=False)

    op.create_table(
        "bean_transfer",
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("target", sa.String(length=32), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("drift_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_bean_transfer_amount_positive")),
        sa.ForeignKeyConstraint(["drift_id"], ["drift.id"], name=op.f("fk_bean_transfer_drift_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bean_transfer")),
        sa.UniqueConstraint("key", name=op.f("uq_bean_transfer_key")),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("bean_transfer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bean_transfer_drift_id"), ["drift_id"], unique=False)
        batch_op.create_index("ix_bean_transfer_source", ["source", "id"], unique=False)
        batch_op.create_index("ix_bean_transfer_target", ["target", "id"], unique=False)

    op.create_table(
        "drift_event",
        sa.Column("drift_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("actor", sa.String(length=5), nullable=False),
        sa.Column("from_state", sa.String(length=10), nullable=True),
        sa.Column("to_state", sa.String(length=10), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["drift_id"], ["drift.id"], name=op.f("fk_drift_event_drift_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drift_event")),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("drift_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_drift_event_drift_id"), ["drift_id"], unique=False)


def downgrade() -> None:
    for table in ("drift_event", "bean_transfer", "wish_offer", "drift", "gift", "wish", "address"):
        op.drop_table(table)
