"""messages: services to write to, conversations, drafts, files, notes, saved replies"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "contact_service",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("hint", sa.String(length=200), nullable=False),
        sa.Column("answer_days", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "enfance",
                "regie",
                "administration",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.CheckConstraint("answer_days > 0", name=op.f("ck_contact_service_answer_days_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_service")),
        sa.UniqueConstraint("code", name=op.f("uq_contact_service_code")),
    )
    op.create_table(
        "saved_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["contact_service.id"],
            name=op.f("fk_saved_reply_service_id_contact_service"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_reply")),
        sa.UniqueConstraint("service_id", "title", name=op.f("uq_saved_reply_service_id_title")),
    )
    op.create_table(
        "message_thread",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=True),
        sa.Column("invoice_id", sa.Integer(), nullable=True),
        sa.Column("about_procedure_id", sa.Integer(), nullable=True),
        sa.Column("procedure_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "answered",
                "closed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message_count", sa.Integer(), nullable=False),
        sa.Column("answer_rank", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("town_read", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)",
            name=op.f("ck_message_thread_closed_at_once"),
        ),
        sa.CheckConstraint(
            "state = 'closed' OR (state = 'answered') = (answer_rank = message_count)",
            name=op.f("ck_message_thread_state_is_of_the_last_message"),
        ),
        sa.CheckConstraint(
            "(CASE WHEN child_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN invoice_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN about_procedure_id IS NULL THEN 0 ELSE 1 END) <= 1",
            name=op.f("ck_message_thread_about_one_thing"),
        ),
        sa.CheckConstraint(
            "(answer_rank = 0) = (answered_at IS NULL)",
            name=op.f("ck_message_thread_answered_at_once"),
        ),
        sa.CheckConstraint(
            "answer_rank BETWEEN 0 AND message_count",
            name=op.f("ck_message_thread_answer_is_a_message"),
        ),
        sa.CheckConstraint(
            "message_count > 0", name=op.f("ck_message_thread_begins_with_a_message")
        ),
        sa.CheckConstraint(
            "town_read BETWEEN 0 AND message_count",
            name=op.f("ck_message_thread_town_read_a_message"),
        ),
        sa.ForeignKeyConstraint(
            ["about_procedure_id"],
            ["procedure.id"],
            name=op.f("fk_message_thread_about_procedure_id_procedure"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_message_thread_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["agent.id"],
            name=op.f("fk_message_thread_agent_id_agent"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["child_id"],
            ["child.id"],
            name=op.f("fk_message_thread_child_id_child"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["family.id"],
            name=op.f("fk_message_thread_family_id_family"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_message_thread_invoice_id_invoice")
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
            name=op.f("fk_message_thread_procedure_id_procedure"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["contact_service.id"],
            name=op.f("fk_message_thread_service_id_contact_service"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_thread")),
        sa.UniqueConstraint("procedure_id", name=op.f("uq_message_thread_procedure_id")),
    )
    with op.batch_alter_table("message_thread", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_message_thread_about_procedure_id"), ["about_procedure_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_message_thread_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_message_thread_agent_id"), ["agent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_thread_child_id"), ["child_id"], unique=False)
        batch_op.create_index(
            "ix_message_thread_family_newest", ["family_id", "last_at", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_message_thread_invoice_id"), ["invoice_id"], unique=False
        )
        batch_op.create_index(
            "ix_message_thread_service_state", ["service_id", "state", "last_at"], unique=False
        )

    op.create_table(
        "message_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=True),
        sa.Column("client_key", sa.String(length=40), nullable=False),
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("about", sa.String(length=60), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_message_draft_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"],
            ["message_thread.id"],
            name=op.f("fk_message_draft_thread_id_message_thread"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_draft")),
    )
    with op.batch_alter_table("message_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_draft_thread_id"), ["thread_id"], unique=False)
        batch_op.create_index(
            "uq_message_draft_new",
            ["account_id"],
            unique=True,
            sqlite_where=sa.text("thread_id IS NULL"),
            postgresql_where=sa.text("thread_id IS NULL"),
        )
        batch_op.create_index(
            "uq_message_draft_reply",
            ["account_id", "thread_id"],
            unique=True,
            sqlite_where=sa.text("thread_id IS NOT NULL"),
            postgresql_where=sa.text("thread_id IS NOT NULL"),
        )

    op.create_table(
        "thread_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("from_town", sa.Boolean(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("looked_in", sa.Text(), nullable=False),
        sa.Column("client_key", sa.String(length=40), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("body <> ''", name=op.f("ck_thread_message_says_something")),
        sa.CheckConstraint(
            "account_id IS NULL OR NOT from_town",
            name=op.f("ck_thread_message_town_has_no_account"),
        ),
        sa.CheckConstraint(
            "agent_id IS NULL OR from_town", name=op.f("ck_thread_message_family_has_no_agent")
        ),
        sa.CheckConstraint("rank > 0", name=op.f("ck_thread_message_rank_positive")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_thread_message_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["agent.id"],
            name=op.f("fk_thread_message_agent_id_agent"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"],
            ["message_thread.id"],
            name=op.f("fk_thread_message_thread_id_message_thread"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_message")),
        sa.UniqueConstraint(
            "account_id", "client_key", name=op.f("uq_thread_message_account_id_client_key")
        ),
        sa.UniqueConstraint(
            "agent_id", "client_key", name=op.f("uq_thread_message_agent_id_client_key")
        ),
        sa.UniqueConstraint("thread_id", "rank", name=op.f("uq_thread_message_thread_id_rank")),
    )
    op.create_table(
        "thread_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["agent.id"],
            name=op.f("fk_thread_note_agent_id_agent"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"],
            ["message_thread.id"],
            name=op.f("fk_thread_note_thread_id_message_thread"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_note")),
    )
    with op.batch_alter_table("thread_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_thread_note_thread_id"), ["thread_id"], unique=False)

    op.create_table(
        "thread_read",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_thread_read_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"],
            ["message_thread.id"],
            name=op.f("fk_thread_read_thread_id_message_thread"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "thread_id", name=op.f("pk_thread_read")),
    )
    with op.batch_alter_table("thread_read", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_thread_read_thread_id"), ["thread_id"], unique=False)

    op.create_table(
        "message_attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.CheckConstraint(
            "(message_id IS NULL) <> (draft_id IS NULL)",
            name=op.f("ck_message_attachment_of_one_text"),
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["message_draft.id"],
            name=op.f("fk_message_attachment_draft_id_message_draft"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_message_attachment_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["thread_message.id"],
            name=op.f("fk_message_attachment_message_id_thread_message"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_attachment")),
        sa.UniqueConstraint(
            "draft_id", "file_id", name=op.f("uq_message_attachment_draft_id_file_id")
        ),
        sa.UniqueConstraint(
            "message_id", "file_id", name=op.f("uq_message_attachment_message_id_file_id")
        ),
    )
    with op.batch_alter_table("message_attachment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_message_attachment_file_id"), ["file_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("message_attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_attachment_file_id"))

    op.drop_table("message_attachment")
    with op.batch_alter_table("thread_read", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_thread_read_thread_id"))

    op.drop_table("thread_read")
    with op.batch_alter_table("thread_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_thread_note_thread_id"))

    op.drop_table("thread_note")
    op.drop_table("thread_message")
    with op.batch_alter_table("message_draft", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_message_draft_reply",
            sqlite_where=sa.text("thread_id IS NOT NULL"),
            postgresql_where=sa.text("thread_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_message_draft_new",
            sqlite_where=sa.text("thread_id IS NULL"),
            postgresql_where=sa.text("thread_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_message_draft_thread_id"))

    op.drop_table("message_draft")
    with op.batch_alter_table("message_thread", schema=None) as batch_op:
        batch_op.drop_index("ix_message_thread_service_state")
        batch_op.drop_index(batch_op.f("ix_message_thread_invoice_id"))
        batch_op.drop_index("ix_message_thread_family_newest")
        batch_op.drop_index(batch_op.f("ix_message_thread_child_id"))
        batch_op.drop_index(batch_op.f("ix_message_thread_agent_id"))
        batch_op.drop_index(batch_op.f("ix_message_thread_account_id"))
        batch_op.drop_index(batch_op.f("ix_message_thread_about_procedure_id"))

    op.drop_table("message_thread")
    op.drop_table("saved_reply")
    op.drop_table("contact_service")
