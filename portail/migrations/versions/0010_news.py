"""news: articles, whom they are for, who read them and was told"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "article",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("summary", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("picture_id", sa.Integer(), nullable=True),
        sa.Column("picture_alt", sa.String(length=300), nullable=False),
        sa.Column("picture_width", sa.Integer(), nullable=False),
        sa.Column("picture_height", sa.Integer(), nullable=False),
        sa.Column("published_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("everyone", sa.Boolean(), nullable=False),
        sa.Column("important", sa.Boolean(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(picture_id IS NULL) = (picture_alt = '')"
            " AND (picture_id IS NULL) = (picture_width = 0)"
            " AND (picture_width = 0) = (picture_height = 0)",
            name=op.f("ck_article_picture_described"),
        ),
        sa.CheckConstraint(
            "picture_width >= 0 AND picture_height >= 0", name=op.f("ck_article_picture_size")
        ),
        sa.CheckConstraint(
            "published_until > published_from", name=op.f("ck_article_ends_after_start")
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agent.id"], name=op.f("fk_article_agent_id_agent"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["picture_id"], ["stored_file.id"], name=op.f("fk_article_picture_id_stored_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("slug", name=op.f("uq_article_slug")),
        sa.UniqueConstraint("uid", name=op.f("uq_article_uid")),
    )
    op.create_index(op.f("ix_article_picture_id"), "article", ["picture_id"])
    op.create_index("ix_article_shown", "article", ["published_from", "id"])
    op.create_table(
        "article_attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name=op.f("fk_article_attachment_article_id_article"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_article_attachment_file_id_stored_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_attachment")),
    )
    op.create_index(op.f("ix_article_attachment_article_id"), "article_attachment", ["article_id"])
    op.create_index(op.f("ix_article_attachment_file_id"), "article_attachment", ["file_id"])
    op.create_table(
        "article_read",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_article_read_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name=op.f("fk_article_read_article_id_article"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "article_id", name=op.f("pk_article_read")),
    )
    op.create_index(op.f("ix_article_read_article_id"), "article_read", ["article_id"])
    op.create_table(
        "article_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.Column("class_level", sa.String(length=10), nullable=True),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(CASE WHEN school_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN class_level IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN activity_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_article_target_one_target"),
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_article_target_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name=op.f("fk_article_target_article_id_article"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_article_target_school_id_school")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_target")),
        sa.UniqueConstraint(
            "article_id", "activity_id", name=op.f("uq_article_target_article_id_activity_id")
        ),
        sa.UniqueConstraint(
            "article_id", "class_level", name=op.f("uq_article_target_article_id_class_level")
        ),
        sa.UniqueConstraint(
            "article_id", "school_id", name=op.f("uq_article_target_article_id_school_id")
        ),
    )
    op.create_index(op.f("ix_article_target_activity_id"), "article_target", ["activity_id"])
    op.create_index(op.f("ix_article_target_school_id"), "article_target", ["school_id"])
    op.create_table(
        "article_told",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_article_told_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name=op.f("fk_article_told_article_id_article"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", "account_id", name=op.f("pk_article_told")),
    )
    op.create_index(op.f("ix_article_told_account_id"), "article_told", ["account_id"])


def downgrade() -> None:
    for table in ("article_told", "article_read", "article_attachment", "article_target"):
        op.drop_table(table)
    op.drop_table("article")
