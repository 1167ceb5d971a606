"""Columns are called by what their reader is; log-ins and kinds of mail have words of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"


def upgrade() -> None:
    _rename("gift", "uid", "giver_id", unique="form_key")
    _rename("wish", "uid", "user_id")
    _rename("address", "uid", "user_id", is_indexed=True)
    _rename_of_user("session_version", "login_version", sa.Integer())
    _rename_of_user("muted_notices", "muted_topics", sa.JSON())


def downgrade() -> None:
    _rename_of_user("muted_topics", "muted_notices", sa.JSON())
    _rename_of_user("login_version", "session_version", sa.Integer())
    _rename("address", "user_id", "uid", is_indexed=True)
    _rename("wish", "user_id", "uid")
    _rename("gift", "giver_id", "uid", unique="form_key")


def _rename(table: str, old: str, new: str, unique: str = "", is_indexed: bool = False) -> None:
    """Rename a column that points to a reader, and what is called after it; MariaDB wants that gone before."""
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(f"fk_{table}_{old}", type_="foreignkey")
        if unique:
            batch.drop_constraint(f"uq_{table}_{old}_{unique}", type_="unique")
        if is_indexed:
            batch.drop_index(f"ix_{table}_{old}")
    with op.batch_alter_table(table) as batch:
        batch.alter_column(old, new_column_name=new, existing_type=sa.BigInteger(), existing_nullable=False)
    with op.batch_alter_table(table) as batch:
        if unique:
            batch.create_unique_constraint(f"uq_{table}_{new}_{unique}", [new, unique])
        if is_indexed:
            batch.create_index(f"ix_{table}_{new}", [new])
        batch.create_foreign_key(f"fk_{table}_{new}", "user", [new], ["id"])


def _rename_of_user(old: str, new: str, kind: sa.types.TypeEngine[object]) -> None:
    with op.batch_alter_table("user") as batch:
        batch.alter_column(old, new_column_name=new, existing_type=kind, existing_nullable=False)
