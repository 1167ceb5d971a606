"""Invitations, and how accounts came in."""

import sqlalchemy as sa
from alembic import op

revision = "0116"
down_revision = "0104"
HOLDS = "invitations, and who waits to be let in"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ENGINE = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}


def upgrade() -> None:
    op.create_table(
        "invitation",
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("uses_left", sa.Integer(), nullable=False),
        sa.Column("end_time", sa.BigInteger(), nullable=False),
        sa.Column("revoke_time", sa.BigInteger(), nullable=True),
        *_usual("invitation"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_invitation_by_id"),
        sa.UniqueConstraint("token_hash", name="uq_invitation_token_hash"),
        **ENGINE,
    )
    op.create_index("ix_invitation_by_id", "invitation", ["by_id"])
    op.create_table(
        "arrival",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("state_time", sa.BigInteger(), nullable=False),
        sa.Column("invitation_id", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        *_usual("arrival"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_arrival_user_id"),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.id"], name="fk_arrival_invitation_id"),
        sa.UniqueConstraint("user_id", name="uq_arrival_user_id"),
        **ENGINE,
    )
    op.create_index("ix_arrival_invitation_id", "arrival", ["invitation_id"])
    op.add_column("user", sa.Column("waits_since", sa.BigInteger(), nullable=True))
    op.create_index("ix_user_waits_since", "user", ["waits_since"])


def _usual(table: str) -> tuple[sa.Column[object] | sa.PrimaryKeyConstraint, ...]:
    return (
        sa.Column("id", ID, nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )


def downgrade() -> None:
    op.drop_index("ix_user_waits_since", "user")
    with op.batch_alter_table("user") as batch:
        batch.drop_column("waits_since")
    op.drop_table("arrival")
    op.drop_table("invitation")
