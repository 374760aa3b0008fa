"""pictures: those of articles drawn narrower too"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "article_picture",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("width > 0", name=op.f("ck_article_picture_width_positive")),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name=op.f("fk_article_picture_article_id_article"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_article_picture_file_id_stored_file")
        ),
        sa.PrimaryKeyConstraint("article_id", "width", name=op.f("pk_article_picture")),
    )
    op.create_index(op.f("ix_article_picture_file_id"), "article_picture", ["file_id"])


def downgrade() -> None:
    """Every screen has the widest one again; files without a row are swept."""
    op.drop_index(op.f("ix_article_picture_file_id"), table_name="article_picture")
    op.drop_table("article_picture")
