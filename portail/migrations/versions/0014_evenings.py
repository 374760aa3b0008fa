"""evenings: those whose reminders of deadlines were all sent"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "reminded",
        sa.Column("evening", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("evening", name=op.f("pk_reminded")),
    )


def downgrade() -> None:
    """The next evening is the first again; what was told is not told twice."""
    op.drop_table("reminded")
