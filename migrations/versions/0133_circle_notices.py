"""Notices about circles."""

import sqlalchemy as sa
from alembic import op

revision = "0133"
down_revision = "0129"
HOLDS = "notices about circles"

NOTICE = sa.table("notice", sa.column("circle_id", sa.BigInteger()))


def upgrade() -> None:
    with op.batch_alter_table("notice") as batch:
        batch.add_column(sa.Column("circle_id", sa.BigInteger(), nullable=True))
        batch.create_foreign_key("fk_notice_circle_id", "circle", ["circle_id"], ["id"])
    op.create_index("ix_notice_circle_id", "notice", ["circle_id"])


def downgrade() -> None:
    op.execute(NOTICE.delete().where(NOTICE.c.circle_id.is_not(None)))
    with op.batch_alter_table("notice") as batch:
        batch.drop_constraint("fk_notice_circle_id", type_="foreignkey")
        batch.drop_index("ix_notice_circle_id")
        batch.drop_column("circle_id")
