"""What readers say of themselves, and which parts of their public page they show."""

import sqlalchemy as sa
from alembic import op

revision = "0122"
down_revision = "0118"
HOLDS = "what readers say of themselves, and what they show of their public pages"


def upgrade() -> None:
    op.add_column("user", sa.Column("about", sa.String(200), nullable=False, server_default=""))
    op.add_column("user", sa.Column("shown_parts", sa.String(40), nullable=False, server_default="shelf wishes"))


def downgrade() -> None:
    with op.batch_alter_table("user") as batch:
        batch.drop_column("shown_parts")
        batch.drop_column("about")
