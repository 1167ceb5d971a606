"""Wishes say which editions of a work they are for, and offers whether the reader refused the edition."""

import sqlalchemy as sa
from alembic import op

revision = "0079"
down_revision = "0077"
HOLDS = "which editions readers wish for"


def upgrade() -> None:
    with op.batch_alter_table("wish") as batch:
        batch.add_column(sa.Column("scope", sa.String(16), nullable=True))
    op.execute("UPDATE wish SET scope = 'this_edition'")  # what wishes have been for until now
    with op.batch_alter_table("wish") as batch:
        batch.alter_column("scope", existing_type=sa.String(16), nullable=False)
    with op.batch_alter_table("wish_offer") as batch:
        batch.add_column(sa.Column("refused", sa.Boolean(), nullable=True))
    offer = sa.table("wish_offer", sa.column("refused", sa.Boolean()))
    op.execute(offer.update().values(refused=False))
    with op.batch_alter_table("wish_offer") as batch:
        batch.alter_column("refused", existing_type=sa.Boolean(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("wish_offer") as batch:
        batch.drop_column("refused")
    with op.batch_alter_table("wish") as batch:
        batch.drop_column("scope")
