"""Circles, their members and invitations, and the listings that are for them alone."""

import sqlalchemy as sa
from alembic import op

revision = "0126"
down_revision = "0121"
HOLDS = "circles, who belongs to them, and which listings are for them alone"

OFFER = ("offered_to", "offered_wish_id", "offer_until")
GIFT = sa.table("gift", *map(sa.column, ("is_closed", "state", *OFFER)))
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ENGINE = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}


def _exact(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length).with_variant(
        sa.dialects.mysql.VARCHAR(length, collation="utf8mb4_bin"), "mysql", "mariadb"
    )


def _reference(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}")


def _flag(name: str, default: bool = True) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=sa.true() if default else sa.false(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "circle",
        sa.Column("slug", _exact(40), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("about", sa.String(500), nullable=False),
        sa.Column("announcement", sa.String(500), nullable=False),
        sa.Column("area", _exact(100), nullable=True),
        sa.Column("door", sa.String(6), nullable=False),
        sa.Column("domain", _exact(100), nullable=True),
        _flag("listed"),
        sa.Column("ways", sa.String(20), nullable=False),
        _flag("needs_beans"),
        _flag("lends"),
        _flag("members_invite"),
        sa.Column("state", sa.String(5), nullable=False),
        sa.Column("feed_number", sa.Integer(), server_default="0", nullable=False),
        *_usual("circle"),
        sa.UniqueConstraint("slug", name="uq_circle_slug"),
        **ENGINE,
    )
    op.create_index("ix_circle_listed", "circle", ["state", "listed", "area"])
    op.create_index("ix_circle_domain", "circle", ["domain"])
    op.create_table(
        "membership",
        sa.Column("circle_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(7), nullable=False),
        sa.Column("state", sa.String(5), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.String(200), nullable=False),
        sa.Column("invited_by_id", sa.BigInteger(), nullable=True),
        sa.Column("steward_asked_at", sa.BigInteger(), nullable=True),
        *_usual("membership"),
        _reference("membership", "circle_id", "circle"),
        _reference("membership", "user_id", "user"),
        _reference("membership", "invited_by_id", "user"),
        sa.UniqueConstraint("circle_id", "user_id", name="uq_membership_circle_id_user_id"),
        **ENGINE,
    )
    op.create_index("ix_membership_of_user", "membership", ["user_id", "state", "circle_id"])
    op.create_index("ix_membership_of_circle", "membership", ["circle_id", "state", "role", "since"])
    op.create_index("ix_membership_invited_by_id", "membership", ["invited_by_id"])
    op.create_table(
        "circle_invitation",
        sa.Column("circle_id", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("uses_left", sa.Integer(), nullable=False),
        sa.Column("end_time", sa.BigInteger(), nullable=False),
        sa.Column("revoke_time", sa.BigInteger(), nullable=True),
        *_usual("circle_invitation"),
        _reference("circle_invitation", "circle_id", "circle"),
        _reference("circle_invitation", "by_id", "user"),
        sa.UniqueConstraint("token_hash", name="uq_circle_invitation_token_hash"),
        **ENGINE,
    )
    op.create_index("ix_circle_invitation_circle_id", "circle_invitation", ["circle_id"])
    op.create_index("ix_circle_invitation_by_id", "circle_invitation", ["by_id"])
    op.create_table(
        "gift_circle",
        sa.Column("gift_id", sa.BigInteger(), nullable=False),
        sa.Column("circle_id", sa.BigInteger(), nullable=False),
        *_usual("gift_circle"),
        _reference("gift_circle", "gift_id", "gift"),
        _reference("gift_circle", "circle_id", "circle"),
        sa.UniqueConstraint("gift_id", "circle_id", name="uq_gift_circle_gift_id_circle_id"),
        **ENGINE,
    )
    op.create_index("ix_gift_circle_of_circle", "gift_circle", ["circle_id", "gift_id"])
    op.add_column("gift", _flag("is_closed", default=False))


def downgrade() -> None:
    # Without circles a closed listing would be shown to everybody.
    ends = GIFT.c.is_closed & GIFT.c.state.in_(["open", "hidden", "held"])
    op.execute(GIFT.update().where(ends).values(state="withdrawn", **dict.fromkeys(OFFER)))
    op.drop_column("gift", "is_closed")
    for table in ("gift_circle", "circle_invitation", "membership", "circle"):
        op.drop_table(table)


def _usual(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", ID, nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )
