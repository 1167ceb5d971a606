"""Areas, and which one a reader has chosen."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.mysql import TEXT, VARCHAR

revision = "0088"
down_revision = "0082"
HOLDS = "areas of readers"
PATH = sa.String(100).with_variant(VARCHAR(100, collation="utf8mb4_bin"), "mysql", "mariadb")


def upgrade() -> None:
    op.create_table(
        "area",
        sa.Column("path", PATH, nullable=False),
        sa.Column("name_zh", sa.String(255), nullable=False),
        sa.Column("name_en", sa.String(255), nullable=False),
        sa.Column("weight", sa.SmallInteger(), nullable=False),
        sa.Column(
            "sought",
            sa.Text().with_variant(TEXT(collation="utf8mb4_bin"), "mysql", "mariadb"),
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_area"),
        sa.UniqueConstraint("path", name="uq_area_path"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )
    with op.batch_alter_table("user") as batch:
        batch.add_column(sa.Column("area", PATH, nullable=True))
        batch.create_index("ix_user_area", ["area"])


def downgrade() -> None:
    with op.batch_alter_table("user") as batch:
        batch.drop_index("ix_user_area")
        batch.drop_column("area")
    op.drop_table("area")
