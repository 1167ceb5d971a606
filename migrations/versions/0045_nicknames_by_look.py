"""Nicknames are compared by how they look, no longer by width and case alone."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from app.rules.account.names import fold_nickname
from app.rules.text import fold_width

revision = "0045"
down_revision = "0040"

user = sa.table(
    "user", sa.column("id", sa.Integer), sa.column("nickname", sa.String), sa.column("nickname_folded", sa.String)
)


def upgrade() -> None:
    _fold_again(fold_nickname)


def downgrade() -> None:
    _fold_again(lambda nickname: fold_width(fold_width(nickname).casefold()))


def _fold_again(fold: Callable[[str], str]) -> None:
    """Write what nicknames share; of two that look alike the later one keeps its name and is found by number only."""
    connection = op.get_bind()
    named = sa.select(user).where(~user.c.nickname_folded.startswith("?", autoescape=True)).order_by(user.c.id)
    taken: set[str] = set()
    changed = []
    for row in connection.execute(named):
        folded = fold(row.nickname)
        if folded in taken or len(folded) > 96:
            folded = f"={row.id}"
        taken.add(folded)
        if folded != row.nickname_folded:
            changed.append({"row": row.id, "folded": folded, "between": f"={row.id}"})
    update = user.update().where(user.c.id == sa.bindparam("row"))
    # One after the other, so that no reader takes what another one is about to leave.
    for name in ("between", "folded") if changed else ():
        values = [{"row": change["row"], name: change[name]} for change in changed]
        connection.execute(update.values(nickname_folded=sa.bindparam(name)), values)
