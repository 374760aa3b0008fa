"""Structured logs: an event's name and its values, a request id, no personal data."""

from __future__ import annotations

import logging
import sys
from typing import TextIO

import structlog

from portail.settings import settings


class _StandardError(logging.StreamHandler[TextIO]):
    """Writes to the standard error of the moment: it may have been replaced since."""

    @property
    def stream(self) -> TextIO:
        """Where to write now."""
        return sys.stderr

    @stream.setter
    def stream(self, _value: TextIO) -> None:
        """What the base class sets is not kept."""


def configure() -> None:
    """Set up logging for this process, once, at its start."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    as_json = settings().log_format == "json"
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[settings().log_level]
        ),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = _StandardError()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processor=renderer)
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings().log_level)
    # libraries are heard when something is wrong: their chatter repeats what we log, or addresses
    for name in ("granian", "reflex", "engineio", "socketio", "alembic", "faker", "httpx"):
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
