"""Serve the portal on one port: pages, websocket and routes, from Python alone."""

from __future__ import annotations

import os
import socket

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from portail import database
from portail.frontend import ROOT
from portail.settings import settings

MAX_FRAME = 64 * 1024  # bytes: no event of ours comes near; a larger one closes the connection


def prepare_environment() -> None:
    """Tell Reflex to serve what is built, without compiling anything."""
    os.chdir(ROOT)
    os.environ.update(
        {
            "REFLEX_ENV_MODE": "prod",
            "__REFLEX_SKIP_COMPILE": "true",
            "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
            "REFLEX_SOCKET_MAX_HTTP_BUFFER_SIZE": str(MAX_FRAME),
        }
    )
    if settings().redis_url:
        os.environ["REFLEX_OPLOCK_ENABLED"] = "true"
        os.environ["REFLEX_OPLOCK_HOLD_TIME"] = "5s"


def port_is_free() -> bool:
    """Whether nothing listens there yet: granian would share the port without a word."""
    family = socket.AF_INET6 if ":" in settings().host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings().host, settings().port))
        except OSError:
            return False
    return True


def serve() -> None:
    """Serve until interrupted."""
    prepare_environment()
    database.close()
    Server(
        target="portail.portail:application",
        factory=True,
        interface=Interfaces.ASGI,
        address=settings().host,
        port=settings().port,
        workers=settings().workers,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=5,
    ).serve()
