"""Reflex configuration. What a town sets is in portail/settings.py; this is the build's."""

import os
import sysconfig

os.environ.setdefault("REFLEX_USE_NPM", "1")
os.environ.setdefault("REFLEX_TELEMETRY_ENABLED", "false")
os.environ.setdefault("REFLEX_CHECK_LATEST_VERSION", "false")
# node and npm of the virtual environment first, also when it is not activated
os.environ["PATH"] = sysconfig.get_path("scripts") + os.pathsep + os.environ.get("PATH", "")

import reflex as rx

from portail.components.browser import FrontEnd
from portail.components.theme import TAILWIND
from portail.domain.theme import theme_css
from portail.settings import settings

config = rx.Config(
    app_name="portail",
    telemetry_enabled=False,
    plugins=[
        rx.plugins.TailwindV4Plugin(TAILWIND),
        FrontEnd(theme_css(settings().town_brand, settings().town_accent)),
    ],
    disable_plugins=[rx.plugins.SitemapPlugin],
    frontend_packages=["@fontsource-variable/figtree"],
    frontend_compression_formats=["brotli", "gzip"],
    frontend_lazy_bundled_libraries=True,
    show_built_with_reflex=False,
    cors_allowed_origins=settings().origins,
    redis_url=settings().redis_url or None,
    state_manager_mode="redis" if settings().redis_url else "memory",
)
