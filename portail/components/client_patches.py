"""Two changes to Reflex's own client script, made at the build: the only JavaScript of ours."""

from __future__ import annotations

from typing import Any

from reflex.plugins import Plugin

# The two places where Reflex 0.10.1 has no setting. Both are texts of its own client script,
# changed before the build; a release that moves them stops the build here, not in a browser.
_ENDPOINT = (
    "    endpoint.hostname = frontend_hostname;\n",
    # the websocket goes to wherever the page came from: any port, any proxy, one build
    "    endpoint.host = window.location.host;\n",
)
_DROPPED_PORT = (
    '      endpoint.port = ""; // Assume websocket is on https port via load balancer.\n',
    "",
)
_NEW_VERSION = (
    "A new version of this app is available.",
    "Une nouvelle version du portail est en ligne.",
)
_RELOAD = ('button.textContent = "Reload"', 'button.textContent = "Recharger la page"')


class ClientPatches(Plugin):
    """Makes Reflex's client independent of the port it was built for, and French."""

    def pre_compile(self, **context: Any) -> None:
        """Change the client script before it is bundled."""
        context["add_modify_task"]("utils/state.js", _patch)


def _patch(script: str) -> str:
    for before, after in (_ENDPOINT, _DROPPED_PORT, _NEW_VERSION, _RELOAD):
        if before in script:
            script = script.replace(before, after)
        elif after not in script:
            msg = f"Reflex's client has changed: «{before.strip()}» is no longer there"
            raise RuntimeError(msg)
    return script
