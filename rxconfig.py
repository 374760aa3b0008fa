"""Reflex configuration: front-end build only; everything else is in portail/settings.py."""

import os
import sysconfig

os.environ.setdefault("REFLEX_USE_NPM", "1")
os.environ.setdefault("REFLEX_TELEMETRY_ENABLED", "false")
os.environ.setdefault("REFLEX_CHECK_LATEST_VERSION", "false")
# node and npm of the virtual environment first, also when it is not activated
os.environ["PATH"] = sysconfig.get_path("scripts") + os.pathsep + os.environ.get("PATH", "")

import reflex as rx  # noqa: E402  (the variables above are read at import)

config = rx.Config(
    app_name="portail",
    telemetry_enabled=False,
    plugins=[rx.plugins.TailwindV4Plugin()],
    disable_plugins=[rx.plugins.SitemapPlugin],
    frontend_packages=["@fontsource-variable/figtree"],
    frontend_compression_formats=["gzip", "brotli"],
    show_built_with_reflex=False,
)
