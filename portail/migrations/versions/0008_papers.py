"""papers: receipts and tax certificates as they were given; they are never changed"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEPT = ("receipt", "tax_certificate")
REFUSED = "what was given to a family is never changed"


def upgrade() -> None:
    op.create_table(
        "receipt",
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("pdf_key", sa.String(length=100), nullable=False),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=False),
        sa.Column("pdf_bytes", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_receipt_payment_id_payment")
        ),
        sa.PrimaryKeyConstraint("payment_id", name=op.f("pk_receipt")),
    )
    op.create_table(
        "tax_certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("facts_sha256", sa.String(length=64), nullable=False),
        sa.Column("pdf_key", sa.String(length=100), nullable=False),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=False),
        sa.Column("pdf_bytes", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["family_id"], ["family.id"], name=op.f("fk_tax_certificate_family_id_family")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_certificate")),
        sa.UniqueConstraint(
            "family_id",
            "year",
            "facts_sha256",
            name=op.f("uq_tax_certificate_family_id_year_facts_sha256"),
        ),
    )
    for statement in _postgresql() if _is_postgresql() else _sqlite():
        op.execute(statement)


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER {table}_{verb} BEFORE {when} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        for table in KEPT
        for verb, when in (("deleted", "DELETE"), ("changed", "UPDATE"))
    ]


def _postgresql() -> list[str]:
    return [
        f"CREATE TRIGGER {table}_{verb} BEFORE {when} ON {table}"
        f" FOR EACH {each} EXECUTE FUNCTION books_are_kept()"
        for table in KEPT
        for verb, when, each in (
            ("deleted", "DELETE", "ROW"),
            ("changed", "UPDATE", "ROW"),
            ("emptied", "TRUNCATE", "STATEMENT"),
        )
    ]


def downgrade() -> None:
    """Never: what was given would be lost. Restore the copy made before the upgrade."""
    raise NotImplementedError
