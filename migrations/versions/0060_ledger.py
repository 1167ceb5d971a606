"""The audit reads the ledger from its indexes alone."""

from alembic import op

revision = "0060"
down_revision = "0057"


def upgrade() -> None:
    with op.batch_alter_table("bean_transfer") as batch:
        batch.create_index("ix_bean_transfer_into", ["target", "id", "amount"])
        batch.create_index("ix_bean_transfer_out_of", ["source", "id", "amount"])
        batch.create_index("ix_bean_transfer_of_drift", ["drift_id", "source", "target", "amount"])
        batch.drop_index("ix_bean_transfer_drift_id")
        batch.drop_index("ix_bean_transfer_source")
        batch.drop_index("ix_bean_transfer_target")


def downgrade() -> None:
    with op.batch_alter_table("bean_transfer") as batch:
        batch.create_index("ix_bean_transfer_target", ["target", "id"])
        batch.create_index("ix_bean_transfer_source", ["source", "id"])
        batch.create_index("ix_bean_transfer_drift_id", ["drift_id"])
        batch.drop_index("ix_bean_transfer_of_drift")
        batch.drop_index("ix_bean_transfer_out_of")
        batch.drop_index("ix_bean_transfer_into")
