"""A browser without pages: keeps cookies, posts forms from our own site."""

from __future__ import annotations

from http.cookies import SimpleCookie
from urllib.parse import urlencode

from portail import portail as application
from tests.access.asgi import SAME_ORIGIN, Answer, ask

APP = application.gate(application.routes)


class Browser:
    """One visitor."""

    def __init__(self) -> None:
        self.cookies: dict[str, str] = {}
        self.attributes: dict[str, str] = {}  # of each cookie, as it was set

    async def get(self, path: str) -> Answer:
        return self._kept(await ask(APP, path, headers=self._headers()))

    async def post(self, path: str, **fields: str) -> Answer:
        form = {"content-type": "application/x-www-form-urlencoded"}
        return await self.send(path, urlencode(fields).encode(), form)

    async def send(self, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        said = {**SAME_ORIGIN, **self._headers(), **headers}
        return self._kept(await ask(APP, path, "POST", said, body=[body]))

    def _headers(self) -> dict[str, str]:
        pairs = [f"{name}={value}" for name, value in self.cookies.items()]
        return {"cookie": "; ".join(pairs)} if pairs else {}

    def _kept(self, answer: Answer) -> Answer:
        for header in answer.headers.getlist("set-cookie"):
            for name, morsel in SimpleCookie(header).items():
                self.attributes[name] = header
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.coded_value
        return answer
