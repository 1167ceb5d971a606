"""What catalogues say of the work behind a book: original title, series, subjects, key and first year."""

import sqlalchemy as sa
from alembic import op

revision = "0076"
down_revision = "0075"
HOLDS = "original titles, series and subjects"

SAID = {
    "original_title": sa.Text(),
    "series": sa.Text(),
    "series_number": sa.String(32),
    "subjects": sa.JSON(),
    "work_key": sa.String(32),
}
book = sa.table("book", *(sa.column(name, kind) for name, kind in SAID.items()))


def upgrade() -> None:
    with op.batch_alter_table("book") as batch:
        for name, kind in SAID.items():
            batch.add_column(sa.Column(name, kind, nullable=True))
        batch.add_column(sa.Column("first_year", sa.Integer(), nullable=True))
    op.execute(book.update().values({name: [] if name == "subjects" else "" for name in SAID}))
    with op.batch_alter_table("book") as batch:
        for name, kind in SAID.items():
            batch.alter_column(name, existing_type=kind, nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("book") as batch:
        batch.drop_column("first_year")
        for name in reversed(SAID):
            batch.drop_column(name)
