"""notifications: now, daily or never for each kind; what was told; the daily digest"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KINDS = (
    *("answers", "payments", "messages", "invoices", "places", "deadlines", "documents"),
    "news",
)
CHOICES = ("now", "daily", "never")
# what was one kind is two: reminders before deadlines, and about documents
BECOMES = {
    "messages": ("messages",),
    "invoices": ("invoices",),
    "reminders": ("deadlines", "documents"),
    "news": ("news",),
}


def _text(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "notification_choice",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", _text(KINDS, "kind"), nullable=False),
        sa.Column("choice", _text(CHOICES, "choice"), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_notification_choice_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "kind", name=op.f("pk_notification_choice")),
    )
    op.create_table(
        "told",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", _text(KINDS, "kind"), nullable=False),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_told_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_told")),
        sa.UniqueConstraint(
            "account_id", "kind", "about", name=op.f("uq_told_account_id_kind_about")
        ),
    )
    op.create_index(op.f("ix_told_told_at"), "told", ["told_at"])
    op.create_table(
        "digest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_digest_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest")),
        sa.UniqueConstraint("account_id", "day", name=op.f("uq_digest_account_id_day")),
    )
    op.create_index(op.f("ix_digest_made_at"), "digest", ["made_at"])
    op.create_table(
        "digest_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", _text(KINDS, "kind"), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_digest_line_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["digest_id"],
            ["digest.id"],
            name=op.f("fk_digest_line_digest_id_digest"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_line")),
    )
    op.create_index(op.f("ix_digest_line_account_id"), "digest_line", ["account_id"])
    op.create_index(op.f("ix_digest_line_digest_id"), "digest_line", ["digest_id"])
    op.create_index(
        "ix_digest_line_waiting",
        "digest_line",
        ["account_id", "created_at"],
        sqlite_where=sa.text("digest_id IS NULL"),
        postgresql_where=sa.text("digest_id IS NULL"),
    )
    op.add_column(
        "outbox_mail", sa.Column("unsubscribe_url", sa.Text(), nullable=False, server_default="")
    )
    for old, kinds in BECOMES.items():
        for kind in kinds:
            op.execute(
                "INSERT INTO notification_choice (account_id, kind, choice)"
                f" SELECT account_id, '{kind}', 'never' FROM muted_notification"
                f" WHERE kind = '{old}'"
            )
    op.execute(
        "INSERT INTO told (account_id, kind, about, told_at)"
        " SELECT account_id, 'documents', about, sent_at FROM reminder"
    )
    op.drop_table("muted_notification")
    op.drop_table("reminder")


def downgrade() -> None:
    """Never: what each account chose would be lost. Restore the copy made before the upgrade."""
    raise NotImplementedError
