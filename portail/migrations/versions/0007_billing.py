"""billing: lines, numbers, the statement of account; what is issued cannot be changed"""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from alembic import op

from portail import clock

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# both databases take these as they are: SQLite cannot copy a table that others point to
ADDED = (
    (
        "kind VARCHAR(40) DEFAULT 'invoice' NOT NULL"
        " CONSTRAINT ck_invoice_kind CHECK (kind IN ('invoice', 'credit_note'))"
    ),
    "regie VARCHAR(20) DEFAULT 'enfance' NOT NULL",
    "year INTEGER DEFAULT 0 NOT NULL",
    "rank INTEGER DEFAULT 0 NOT NULL",
    "line_count INTEGER DEFAULT 1 NOT NULL",
    "run_id INTEGER CONSTRAINT fk_invoice_run_id_billing_run REFERENCES billing_run (id)",
    (
        "credits_invoice_id INTEGER"
        " CONSTRAINT fk_invoice_credits_invoice_id_invoice REFERENCES invoice (id)"
    ),
    "reason VARCHAR(300) DEFAULT '' NOT NULL",
    "quotient VARCHAR(120) DEFAULT '' NOT NULL",
    "debtor_name VARCHAR(300) DEFAULT '' NOT NULL",
    "debtor_address VARCHAR(300) DEFAULT '' NOT NULL",
    "agent_id INTEGER CONSTRAINT fk_invoice_agent_id_agent REFERENCES agent (id)",
    "pdf_key VARCHAR(100)",
    "pdf_sha256 VARCHAR(64)",
    "pdf_bytes INTEGER",
)
# table: the columns that never change
KEPT = {
    "invoice": (
        "id, family_id, number, period_on, issued_on, due_on, total_cents, kind, regie, year, rank,"
        " line_count, run_id, credits_invoice_id, reason, quotient, debtor_name, debtor_address"
    ),
    "invoice_line": (
        "id, invoice_id, position, child_name, activity, label, quantity, unit_cents, total_cents,"
        " childcare, first_on, last_on"
    ),
    "billed_reservation": "reservation_id, seq, line_id, part, how, cents",
    "billed_fee": "child_id, family_id, slot_id, first_on, seq, line_id, units, cents",
    "ledger_entry": (
        "id, family_id, regie, entry_on, kind, debit_cents, credit_cents, label, invoice_id,"
        " credit_note_id, payment_id, recorded_at"
    ),
    "credit_use": "id, credit_id, invoice_id, debit_id, cents, used_at",
}
ONCE = "pdf_key, pdf_sha256, pdf_bytes"  # of an invoice: filled once
REFUSED = "what is issued or in the books is never changed"


def upgrade() -> None:
    op.create_table(
        "invoice_counter",
        sa.Column("regie", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("regie", "year", name=op.f("pk_invoice_counter")),
    )
    op.create_table(
        "billing_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_on", sa.Date(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_family_id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["agent.id"],
            name=op.f("fk_billing_run_agent_id_agent"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_billing_run")),
        sa.UniqueConstraint("period_on", name=op.f("uq_billing_run_period_on")),
    )
    op.create_table(
        "invoice_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=True),
        sa.Column("child_name", sa.String(length=80), nullable=False),
        sa.Column("activity", sa.String(length=120), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_cents", sa.Integer(), nullable=False),
        sa.Column("total_cents", sa.Integer(), nullable=False),
        sa.Column("childcare", sa.Boolean(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_invoice_line_quantity_positive")),
        sa.CheckConstraint(
            "total_cents = quantity * unit_cents", name=op.f("ck_invoice_line_total_is_product")
        ),
        sa.ForeignKeyConstraint(
            ["child_id"],
            ["child.id"],
            name=op.f("fk_invoice_line_child_id_child"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_invoice_line_invoice_id_invoice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_line")),
        sa.UniqueConstraint(
            "invoice_id", "position", name=op.f("uq_invoice_line_invoice_id_position")
        ),
    )
    op.create_table(
        "adjustment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=True),
        sa.Column("regie", sa.String(length=20), nullable=False),
        sa.Column("period_on", sa.Date(), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("childcare", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("cents <> 0", name=op.f("ck_adjustment_cents_not_zero")),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["agent.id"],
            name=op.f("fk_adjustment_agent_id_agent"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["child_id"],
            ["child.id"],
            name=op.f("fk_adjustment_child_id_child"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["family.id"],
            name=op.f("fk_adjustment_family_id_family"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["invoice_line.id"], name=op.f("fk_adjustment_line_id_invoice_line")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustment")),
        sa.UniqueConstraint("line_id", name=op.f("uq_adjustment_line_id")),
    )
    with op.batch_alter_table("adjustment", schema=None) as batch_op:
        batch_op.create_index("ix_adjustment_family_id", ["family_id"], unique=False)

    op.create_table(
        "billed_fee",
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"], ["child.id"], name=op.f("fk_billed_fee_child_id_child")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"], ["family.id"], name=op.f("fk_billed_fee_family_id_family")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["invoice_line.id"], name=op.f("fk_billed_fee_line_id_invoice_line")
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name=op.f("fk_billed_fee_slot_id_slot")),
        sa.PrimaryKeyConstraint(
            "child_id", "family_id", "slot_id", "first_on", "seq", name=op.f("pk_billed_fee")
        ),
    )
    with op.batch_alter_table("billed_fee", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_billed_fee_line_id"), ["line_id"], unique=False)

    op.create_table(
        "billed_reservation",
        sa.Column("reservation_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column(
            "part",
            sa.Enum(
                "care",
                "late",
                "kept",
                name="part",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "how",
            sa.Enum(
                "present",
                "justified",
                "unjustified",
                "cancelled",
                "nothing",
                name="how",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["line_id"],
            ["invoice_line.id"],
            name=op.f("fk_billed_reservation_line_id_invoice_line"),
        ),
        sa.ForeignKeyConstraint(
            ["reservation_id"],
            ["reservation.id"],
            name=op.f("fk_billed_reservation_reservation_id_reservation"),
        ),
        sa.PrimaryKeyConstraint("reservation_id", "seq", name=op.f("pk_billed_reservation")),
    )
    with op.batch_alter_table("billed_reservation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_billed_reservation_line_id"), ["line_id"], unique=False
        )

    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("regie", sa.String(length=20), nullable=False),
        sa.Column("entry_on", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "opening",
                "invoice",
                "credit_note",
                "payment",
                "refund",
                "manual",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("debit_cents", sa.Integer(), nullable=False),
        sa.Column("credit_cents", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=True),
        sa.Column("credit_note_id", sa.Integer(), nullable=True),
        sa.Column("payment_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(debit_cents > 0 AND credit_cents = 0) OR (debit_cents = 0 AND credit_cents > 0)",
            name=op.f("ck_ledger_entry_one_side"),
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["agent.id"],
            name=op.f("fk_ledger_entry_agent_id_agent"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["credit_note_id"], ["invoice.id"], name=op.f("fk_ledger_entry_credit_note_id_invoice")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"], ["family.id"], name=op.f("fk_ledger_entry_family_id_family")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_ledger_entry_invoice_id_invoice")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_ledger_entry_payment_id_payment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
    )
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.create_index(
            "ix_ledger_entry_family", ["family_id", "entry_on", "id"], unique=False
        )
        batch_op.create_index("ix_ledger_entry_invoice_id", ["invoice_id"], unique=False)
        batch_op.create_index(
            "uq_ledger_entry_invoice",
            ["invoice_id"],
            unique=True,
            sqlite_where=sa.text("kind = 'invoice'"),
            postgresql_where=sa.text("kind = 'invoice'"),
        )
        batch_op.create_index(
            "uq_ledger_entry_payment",
            ["payment_id", "invoice_id"],
            unique=True,
            sqlite_where=sa.text("payment_id IS NOT NULL"),
            postgresql_where=sa.text("payment_id IS NOT NULL"),
        )

    op.create_table(
        "credit_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("credit_id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=True),
        sa.Column("debit_id", sa.Integer(), nullable=True),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(invoice_id IS NULL) <> (debit_id IS NULL)", name=op.f("ck_credit_use_one_target")
        ),
        sa.CheckConstraint("cents > 0", name=op.f("ck_credit_use_cents_positive")),
        sa.ForeignKeyConstraint(
            ["credit_id"], ["ledger_entry.id"], name=op.f("fk_credit_use_credit_id_ledger_entry")
        ),
        sa.ForeignKeyConstraint(
            ["debit_id"], ["ledger_entry.id"], name=op.f("fk_credit_use_debit_id_ledger_entry")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_credit_use_invoice_id_invoice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_use")),
    )
    with op.batch_alter_table("credit_use", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_credit_use_credit_id"), ["credit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_credit_use_debit_id"), ["debit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_credit_use_invoice_id"), ["invoice_id"], unique=False)

    for column in ADDED:
        op.execute(f"ALTER TABLE invoice ADD COLUMN {column}")
    _fill(op.get_bind())
    op.execute("ALTER TABLE invoice DROP COLUMN paid_on")
    op.create_index("uq_invoice_rank", "invoice", ["regie", "year", "rank"], unique=True)
    op.create_index("ix_invoice_run_id", "invoice", ["run_id"])
    op.create_index("ix_invoice_credits_invoice_id", "invoice", ["credits_invoice_id"])
    op.create_index(
        "ix_invoice_without_pdf",
        "invoice",
        ["id"],
        sqlite_where=sa.text("pdf_sha256 IS NULL"),
        postgresql_where=sa.text("pdf_sha256 IS NULL"),
    )
    for statement in _postgresql() if _is_postgresql() else _sqlite():
        op.execute(statement)


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _fill(bind: sa.Connection) -> None:
    """The invoices that are there: a rank, one line, their debit, and a credit when paid."""
    families = {
        row.id: row
        for row in bind.execute(sa.text("SELECT id, name, street, postcode, city FROM family"))
    }
    payments = {
        row.invoice_id: row.payment_id
        for row in bind.execute(
            sa.text(
                "SELECT i.invoice_id, i.payment_id FROM payment_invoice i"
                " JOIN payment p ON p.id = i.payment_id WHERE i.live AND p.state = 'paid'"
            )
        )
    }
    invoices = bind.execute(
        sa.text(
            "SELECT id, family_id, number, issued_on, total_cents, paid_on FROM invoice"
            " ORDER BY issued_on, id"
        ).columns(issued_on=sa.Date, paid_on=sa.Date)
    ).all()
    last: dict[int, int] = {}
    for row in invoices:
        year = row.issued_on.year
        last[year] = last.get(year, 0) + 1
        family = families[row.family_id]
        town = f"{family.postcode} {family.city}".strip()
        bind.execute(
            sa.text(
                "UPDATE invoice SET year = :year, rank = :rank, debtor_name = :name,"
                " debtor_address = :address WHERE id = :id"
            ),
            {
                "year": year,
                "rank": last[year],
                "name": family.name,
                "address": "\n".join(part for part in (family.street, town) if part),
                "id": row.id,
            },
        )
        bind.execute(
            sa.text(
                "INSERT INTO invoice_line (invoice_id, position, child_name, activity, label,"
                " quantity, unit_cents, total_cents, childcare)"
                " VALUES (:id, 1, '', '', 'Prestations du mois', 1, :cents, :cents, :no)"
            ),
            {"id": row.id, "cents": row.total_cents, "no": False},
        )
        _entry(bind, row, "invoice", row.issued_on, f"Facture {row.number}", debit=row.total_cents)
        if row.paid_on is not None:
            _entry(
                bind,
                row,
                "payment",
                row.paid_on,
                f"Paiement de la facture {row.number}",
                credit=row.total_cents,
                payment=payments.get(row.id),
            )
    for year, rank in last.items():
        bind.execute(
            sa.text("INSERT INTO invoice_counter VALUES ('enfance', :year, :rank)"),
            {"year": year, "rank": rank},
        )


def _entry(
    bind: sa.Connection,
    invoice: sa.Row[tuple[object, ...]],
    kind: str,
    on: date,
    label: str,
    *,
    debit: int = 0,
    credit: int = 0,
    payment: int | None = None,
) -> None:
    bind.execute(
        sa.text(
            "INSERT INTO ledger_entry (family_id, regie, entry_on, kind, debit_cents,"
            " credit_cents, label, invoice_id, payment_id, recorded_at) VALUES (:family,"
            " 'enfance', :day, :kind, :debit, :credit, :label, :invoice, :payment, :now)"
        ).bindparams(
            sa.bindparam("day", type_=sa.Date), sa.bindparam("now", type_=sa.DateTime(True))
        ),
        {
            "family": invoice.family_id,
            "day": on,
            "kind": kind,
            "debit": debit,
            "credit": credit,
            "label": label,
            "invoice": invoice.id,
            "payment": payment,
            "now": clock.now(),
        },
    )


def _sqlite() -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    made = [
        f"CREATE TRIGGER {table}_{verb} BEFORE {when} ON {table} {refuse}"
        for table, columns in KEPT.items()
        for verb, when in (("deleted", "DELETE"), ("changed", f"UPDATE OF {columns}"))
    ]
    return [
        *made,
        (
            f"CREATE TRIGGER invoice_document BEFORE UPDATE OF {ONCE} ON invoice"
            f" WHEN OLD.pdf_sha256 IS NOT NULL {refuse}"
        ),
        (
            "CREATE TRIGGER invoice_line_added BEFORE INSERT ON invoice_line"
            " WHEN NEW.position < 1 OR NEW.position >"
            f" (SELECT line_count FROM invoice WHERE id = NEW.invoice_id) {refuse}"
        ),
        f"CREATE TRIGGER invoice_counter_deleted BEFORE DELETE ON invoice_counter {refuse}",
        (
            "CREATE TRIGGER invoice_counter_changed BEFORE UPDATE ON invoice_counter"
            f" WHEN NEW.last <= OLD.last {refuse}"
        ),
    ]


def _postgresql() -> list[str]:
    refuse = "EXECUTE FUNCTION books_are_kept()"
    row = f"FOR EACH ROW {refuse}"
    made = [
        f"CREATE TRIGGER {table}_{verb} BEFORE {when} ON {table} {how}"
        for table, columns in KEPT.items()
        for verb, when, how in (
            ("deleted", "DELETE", row),
            ("changed", f"UPDATE OF {columns}", row),
            ("emptied", "TRUNCATE", f"FOR EACH STATEMENT {refuse}"),
        )
    ]
    return [
        (
            "CREATE FUNCTION books_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'check_violation'; END $$"
        ),
        (
            "CREATE FUNCTION lines_are_whole() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " IF NEW.position < 1 OR NEW.position >"
            " (SELECT line_count FROM invoice WHERE id = NEW.invoice_id) THEN"
            f" RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'check_violation'; END IF;"
            " RETURN NEW; END $$"
        ),
        *made,
        (
            f"CREATE TRIGGER invoice_document BEFORE UPDATE OF {ONCE} ON invoice"
            f" FOR EACH ROW WHEN (OLD.pdf_sha256 IS NOT NULL) {refuse}"
        ),
        (
            "CREATE TRIGGER invoice_line_added BEFORE INSERT ON invoice_line"
            " FOR EACH ROW EXECUTE FUNCTION lines_are_whole()"
        ),
        f"CREATE TRIGGER invoice_counter_deleted BEFORE DELETE ON invoice_counter {row}",
        (
            "CREATE TRIGGER invoice_counter_changed BEFORE UPDATE ON invoice_counter"
            f" FOR EACH ROW WHEN (NEW.last <= OLD.last) {refuse}"
        ),
    ]


def downgrade() -> None:
    """Never: the books would be lost. Restore the copy made before the upgrade."""
    raise NotImplementedError
