"""The schema's history, and the two questions asked of it: upgrade, and is it up to date?"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from portail.database import engine


def alembic_config() -> Config:
    """Alembic's configuration, without an .ini file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return config


def upgrade() -> None:
    """Bring the database to the newest schema."""
    command.upgrade(alembic_config(), "head")


def wanted_revision() -> str | None:
    """The newest revision of the code."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def current_revision() -> str | None:
    """The revision of the database; none when it has no table of ours."""
    with engine().connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()
