"""catalogue, enrolments, reservations"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("type_code", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_activity_season_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.UniqueConstraint("code", name=op.f("uq_activity_code")),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activity_last_day"), ["last_day"], unique=False)
        batch_op.create_index(batch_op.f("ix_activity_type_code"), ["type_code"], unique=False)

    op.create_table(
        "activity_type",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_type")),
        sa.UniqueConstraint("code", name=op.f("uq_activity_type_code")),
    )
    op.create_table(
        "catalogue_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("town", sa.String(length=80), nullable=False),
        sa.Column("calendar", sa.JSON(), nullable=False),
        sa.Column("residents", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.String(length=32), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_catalogue_state_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_state")),
    )
    op.create_table(
        "site",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("code", name=op.f("uq_site_code")),
    )
    op.create_table(
        "tariff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tariff")),
        sa.UniqueConstraint("code", name=op.f("uq_tariff_code")),
    )
    op.create_table(
        "slot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_slot_activity_id_activity"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot")),
        sa.UniqueConstraint("code", name=op.f("uq_slot_code")),
    )
    with op.batch_alter_table("slot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_slot_activity_id"), ["activity_id"], unique=False)

    op.create_table(
        "reservation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "booked",
                "requested",
                "waiting",
                "offered",
                "attended",
                "absent_justified",
                "absent_unjustified",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("group_code", sa.String(length=60), nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=True),
        sa.Column("surcharge_cents", sa.Integer(), nullable=False),
        sa.Column("kept_cents", sa.Integer(), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("price_cents >= 0", name=op.f("ck_reservation_price_positive")),
        sa.CheckConstraint("surcharge_cents >= 0", name=op.f("ck_reservation_surcharge_positive")),
        sa.CheckConstraint("kept_cents >= 0", name=op.f("ck_reservation_kept_positive")),
        sa.CheckConstraint(
            "(state = 'offered') = (offered_until IS NOT NULL)",
            name=op.f("ck_reservation_offer_ends"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_reservation_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["child_id"],
            ["child.id"],
            name=op.f("fk_reservation_child_id_child"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["family.id"],
            name=op.f("fk_reservation_family_id_family"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name=op.f("fk_reservation_slot_id_slot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation")),
    )
    with op.batch_alter_table("reservation", schema=None) as batch_op:
        batch_op.create_index("ix_reservation_child_day", ["child_id", "day"], unique=False)
        batch_op.create_index("ix_reservation_family_day", ["family_id", "day"], unique=False)
        batch_op.create_index(
            "ix_reservation_places",
            ["slot_id", "day", "group_code", "state", "cancelled_at"],
            unique=False,
            sqlite_where=sa.text("cancelled_at IS NULL"),
            postgresql_where=sa.text("cancelled_at IS NULL"),
        )
        batch_op.create_index(
            "ix_reservation_queue",
            ["slot_id", "day", "booked_at", "state", "cancelled_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('waiting', 'offered') AND cancelled_at IS NULL"),
            postgresql_where=sa.text("state IN ('waiting', 'offered') AND cancelled_at IS NULL"),
        )
        batch_op.create_index(
            "uq_reservation_live",
            ["child_id", "slot_id", "day"],
            unique=True,
            sqlite_where=sa.text("cancelled_at IS NULL"),
            postgresql_where=sa.text("cancelled_at IS NULL"),
        )

    op.create_table(
        "enrolment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("procedure_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "document_asked",
                "waiting_list",
                "validated",
                "refused",
                "withdrawn",
                "ended",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("group_code", sa.String(length=60), nullable=False),
        sa.Column("entry_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("usual_days", sa.String(length=40), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "ended_on IS NULL OR ended_on >= entry_on", name=op.f("ck_enrolment_end_after_entry")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_enrolment_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(
            ["child_id"], ["child.id"], name=op.f("fk_enrolment_child_id_child"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["family.id"],
            name=op.f("fk_enrolment_family_id_family"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
            name=op.f("fk_enrolment_procedure_id_procedure"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
    )
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enrolment_child_id"), ["child_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enrolment_family_id"), ["family_id"], unique=False)
        batch_op.create_index(
            "ix_enrolment_places", ["activity_id", "state", "group_code"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_enrolment_procedure_id"), ["procedure_id"], unique=False
        )
        batch_op.create_index(
            "uq_enrolment_live",
            ["child_id", "activity_id"],
            unique=True,
            sqlite_where=sa.text(
                "state IN ('requested', 'document_asked', 'waiting_list', 'validated')"
            ),
            postgresql_where=sa.text(
                "state IN ('requested', 'document_asked', 'waiting_list', 'validated')"
            ),
        )


def downgrade() -> None:
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_enrolment_live",
            sqlite_where=sa.text(
                "state IN ('requested', 'document_asked', 'waiting_list', 'validated')"
            ),
            postgresql_where=sa.text(
                "state IN ('requested', 'document_asked', 'waiting_list', 'validated')"
            ),
        )
        batch_op.drop_index(batch_op.f("ix_enrolment_procedure_id"))
        batch_op.drop_index("ix_enrolment_places")
        batch_op.drop_index(batch_op.f("ix_enrolment_family_id"))
        batch_op.drop_index(batch_op.f("ix_enrolment_child_id"))

    op.drop_table("enrolment")
    with op.batch_alter_table("reservation", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_reservation_live",
            sqlite_where=sa.text("cancelled_at IS NULL"),
            postgresql_where=sa.text("cancelled_at IS NULL"),
        )
        batch_op.drop_index("ix_reservation_queue")
        batch_op.drop_index("ix_reservation_places")
        batch_op.drop_index("ix_reservation_family_day")
        batch_op.drop_index("ix_reservation_child_day")

    op.drop_table("reservation")
    with op.batch_alter_table("slot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_slot_activity_id"))

    op.drop_table("slot")
    op.drop_table("tariff")
    op.drop_table("site")
    op.drop_table("catalogue_state")
    op.drop_table("activity_type")
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_activity_type_code"))
        batch_op.drop_index(batch_op.f("ix_activity_last_day"))

    op.drop_table("activity")
