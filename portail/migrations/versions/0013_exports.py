"""exports: what a parent asked to have of their own data"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "data_export",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file_key", sa.String(length=100), nullable=True),
        sa.Column("file_bytes", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(ready_at IS NULL) = (file_key IS NULL) AND (ready_at IS NULL) = (file_bytes IS NULL)",
            name=op.f("ck_data_export_ready_with_a_file"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_data_export_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_data_export")),
    )


def downgrade() -> None:
    """What was asked for can be asked for again; files without a row are swept."""
    op.drop_table("data_export")
