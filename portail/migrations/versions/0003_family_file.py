"""family file: procedures, documents, medical records, invoices due"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "document_type",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("help", sa.String(length=400), nullable=False),
        sa.Column(
            "subject",
            sa.Enum(
                "family",
                "guardian",
                "child",
                name="subject",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "validity",
            sa.Enum(
                "always",
                "school_year",
                "calendar_year",
                "months",
                "stated",
                name="validity",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column(
            "sharing",
            sa.Enum(
                "nothing",
                "state",
                "file",
                name="sharing",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("always", sa.Boolean(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.CheckConstraint("months >= 0", name=op.f("ck_document_type_months_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_type")),
        sa.UniqueConstraint("code", name=op.f("uq_document_type_code")),
    )
    op.create_table(
        "field_rule_choice",
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("field", name=op.f("pk_field_rule_choice")),
    )
    op.create_table(
        "stored_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("storage_name", sa.String(length=80), nullable=False),
        sa.Column("mime", sa.String(length=60), nullable=False),
        sa.Column("extension", sa.String(length=8), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_stored_file_size_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("sha256", name=op.f("uq_stored_file_sha256")),
        sa.UniqueConstraint("storage_name", name=op.f("uq_stored_file_storage_name")),
    )
    op.create_table(
        "family_quotient",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.CheckConstraint("amount_cents >= 0", name=op.f("ck_family_quotient_amount_positive")),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["family.id"],
            name=op.f("fk_family_quotient_family_id_family"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_quotient")),
        sa.UniqueConstraint(
            "family_id", "valid_from", name=op.f("uq_family_quotient_family_id_valid_from")
        ),
    )
    with op.batch_alter_table("family_quotient", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_family_quotient_family_id"), ["family_id"], unique=False
        )

    op.create_table(
        "invoice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("period_on", sa.Date(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("total_cents", sa.Integer(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.CheckConstraint("due_on >= issued_on", name=op.f("ck_invoice_due_after_issue")),
        sa.CheckConstraint("total_cents > 0", name=op.f("ck_invoice_total_positive")),
        sa.ForeignKeyConstraint(
            ["family_id"], ["family.id"], name=op.f("fk_invoice_family_id_family")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
        sa.UniqueConstraint("number", name=op.f("uq_invoice_number")),
    )
    with op.batch_alter_table("invoice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invoice_family_id"), ["family_id"], unique=False)

    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_reminder_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("account_id", "about", name=op.f("uq_reminder_account_id_about")),
    )
    op.create_table(
        "upload_receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("batch", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_upload_receipt_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload_receipt")),
    )
    with op.batch_alter_table("upload_receipt", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_upload_receipt_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "certification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=True),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("certified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_certification_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["child_id"],
            ["child.id"],
            name=op.f("fk_certification_child_id_child"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["family.id"],
            name=op.f("fk_certification_family_id_family"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certification")),
    )
    with op.batch_alter_table("certification", schema=None) as batch_op:
        batch_op.create_index(
            "uq_certification_child",
            ["family_id", "child_id", "school_year"],
            unique=True,
            sqlite_where=sa.text("child_id IS NOT NULL"),
            postgresql_where=sa.text("child_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_certification_household",
            ["family_id", "school_year"],
            unique=True,
            sqlite_where=sa.text("child_id IS NULL"),
            postgresql_where=sa.text("child_id IS NULL"),
        )

    op.create_table(
        "child_permission",
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column(
            "permission",
            sa.Enum(
                "photo",
                "outings",
                "alone",
                name="permission",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["child_id"],
            ["child.id"],
            name=op.f("fk_child_permission_child_id_child"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["family.id"],
            name=op.f("fk_child_permission_family_id_family"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("child_id", "permission", name=op.f("pk_child_permission")),
    )
    op.create_table(
        "medical_record",
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"],
            ["child.id"],
            name=op.f("fk_medical_record_child_id_child"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("child_id", name=op.f("pk_medical_record")),
    )
    op.create_table(
        "procedure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "coordinates",
                "child",
                "medical",
                "collection",
                "permissions",
                "certification",
                "document",
                "enrolment",
                "reservations",
                "absence",
                "payment",
                "message",
                "account",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "document_asked",
                "waiting_list",
                "validated",
                "refused",
                "withdrawn",
                "done",
                "ended",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_procedure_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["child_id"], ["child.id"], name=op.f("fk_procedure_child_id_child"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["family.id"],
            name=op.f("fk_procedure_family_id_family"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure")),
    )
    with op.batch_alter_table("procedure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_procedure_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_procedure_child_id"), ["child_id"], unique=False)
        batch_op.create_index(
            "ix_procedure_family_newest", ["family_id", "requested_at", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_procedure_state"), ["state"], unique=False)

    op.create_table(
        "collector",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("last_name", sa.String(length=80), nullable=False),
        sa.Column("first_name", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("link", sa.String(length=60), nullable=False),
        sa.Column("procedure_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["child_id"], ["child.id"], name=op.f("fk_collector_child_id_child"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["family.id"],
            name=op.f("fk_collector_family_id_family"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
            name=op.f("fk_collector_procedure_id_procedure"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collector")),
    )
    with op.batch_alter_table("collector", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_collector_child_id"), ["child_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_collector_family_id"), ["family_id"], unique=False)

    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=True),
        sa.Column("guardian_id", sa.Integer(), nullable=True),
        sa.Column("type_id", sa.Integer(), nullable=True),
        sa.Column("procedure_id", sa.Integer(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "check_state",
            sa.Enum(
                "to_check",
                "accepted",
                "refused",
                name="check_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("from_town", sa.Boolean(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_document_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agent.id"], name=op.f("fk_document_agent_id_agent"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["child_id"], ["child.id"], name=op.f("fk_document_child_id_child"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["family.id"],
            name=op.f("fk_document_family_id_family"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_document_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["guardian_id"],
            ["guardian.id"],
            name=op.f("fk_document_guardian_id_guardian"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
            name=op.f("fk_document_procedure_id_procedure"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["type_id"], ["document_type.id"], name=op.f("fk_document_type_id_document_type")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_check_state"), ["check_state"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_child_id"), ["child_id"], unique=False)
        batch_op.create_index("ix_document_family_newest", ["family_id", "sent_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_file_id"), ["file_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_document_procedure_id"), ["procedure_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_document_type_id"), ["type_id"], unique=False)

    op.create_table(
        "field_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("procedure_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("old_value", sa.String(), nullable=False),
        sa.Column("new_value", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "applied",
                "refused",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
            name=op.f("fk_field_change_procedure_id_procedure"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_change")),
    )
    with op.batch_alter_table("field_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_field_change_procedure_id"), ["procedure_id"], unique=False
        )
        batch_op.create_index(
            "uq_field_change_waiting",
            ["field", "target_id"],
            unique=True,
            sqlite_where=sa.text("state = 'waiting' AND field <> 'child.collector'"),
            postgresql_where=sa.text("state = 'waiting' AND field <> 'child.collector'"),
        )

    op.create_table(
        "procedure_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("procedure_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "document_asked",
                "waiting_list",
                "validated",
                "refused",
                "withdrawn",
                "done",
                "ended",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "account_id IS NULL OR agent_id IS NULL", name=op.f("ck_procedure_event_one_actor")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_procedure_event_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["agent.id"],
            name=op.f("fk_procedure_event_agent_id_agent"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
            name=op.f("fk_procedure_event_procedure_id_procedure"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure_event")),
    )
    with op.batch_alter_table("procedure_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_procedure_event_procedure_id"), ["procedure_id"], unique=False
        )

    with op.batch_alter_table("child", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("insurer", sa.String(length=80), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("insurance_contract", sa.String(length=40), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("insured_until", sa.Date(), nullable=True))

    with op.batch_alter_table("guardian", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("work_phone", sa.String(length=30), nullable=False, server_default="")
        )


def downgrade() -> None:
    with op.batch_alter_table("guardian", schema=None) as batch_op:
        batch_op.drop_column("work_phone")

    with op.batch_alter_table("child", schema=None) as batch_op:
        batch_op.drop_column("insured_until")
        batch_op.drop_column("insurance_contract")
        batch_op.drop_column("insurer")

    with op.batch_alter_table("procedure_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_procedure_event_procedure_id"))

    op.drop_table("procedure_event")
    with op.batch_alter_table("field_change", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_field_change_waiting",
            sqlite_where=sa.text("state = 'waiting' AND field <> 'child.collector'"),
            postgresql_where=sa.text("state = 'waiting' AND field <> 'child.collector'"),
        )
        batch_op.drop_index(batch_op.f("ix_field_change_procedure_id"))

    op.drop_table("field_change")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_type_id"))
        batch_op.drop_index(batch_op.f("ix_document_procedure_id"))
        batch_op.drop_index(batch_op.f("ix_document_file_id"))
        batch_op.drop_index("ix_document_family_newest")
        batch_op.drop_index(batch_op.f("ix_document_child_id"))
        batch_op.drop_index(batch_op.f("ix_document_check_state"))

    op.drop_table("document")
    with op.batch_alter_table("collector", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_collector_family_id"))
        batch_op.drop_index(batch_op.f("ix_collector_child_id"))

    op.drop_table("collector")
    with op.batch_alter_table("procedure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_procedure_state"))
        batch_op.drop_index("ix_procedure_family_newest")
        batch_op.drop_index(batch_op.f("ix_procedure_child_id"))
        batch_op.drop_index(batch_op.f("ix_procedure_account_id"))

    op.drop_table("procedure")
    op.drop_table("medical_record")
    op.drop_table("child_permission")
    with op.batch_alter_table("certification", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_certification_household",
            sqlite_where=sa.text("child_id IS NULL"),
            postgresql_where=sa.text("child_id IS NULL"),
        )
        batch_op.drop_index(
            "uq_certification_child",
            sqlite_where=sa.text("child_id IS NOT NULL"),
            postgresql_where=sa.text("child_id IS NOT NULL"),
        )

    op.drop_table("certification")
    with op.batch_alter_table("upload_receipt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_upload_receipt_account_id"))

    op.drop_table("upload_receipt")
    op.drop_table("reminder")
    with op.batch_alter_table("invoice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invoice_family_id"))

    op.drop_table("invoice")
    with op.batch_alter_table("family_quotient", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_family_quotient_family_id"))

    op.drop_table("family_quotient")
    op.drop_table("stored_file")
    op.drop_table("field_rule_choice")
    op.drop_table("document_type")
