"""Files sent back: under their name, and never run by the browser."""

from __future__ import annotations

from email.message import Message
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portail.http.downloads import _disposition, file_response
from tests.access.asgi import Answer, ask

CONTENT = b"%PDF-1.7 ..."


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "0123"
    path.write_bytes(CONTENT)
    return path


async def _sent(path: Path, mime: str, name: str, *, inline: bool = False) -> Answer:
    return await ask(file_response(path, mime, name, inline=inline), "/")


async def test_a_file_is_saved_and_not_run(file: Path) -> None:
    answer = await _sent(file, "application/pdf", "Été.pdf")
    assert answer.status == 200
    assert answer.body == CONTENT
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"Ete.pdf\"; filename*=UTF-8''%C3%89t%C3%A9.pdf"
    )


@pytest.mark.parametrize(
    ("mime", "kind"),
    [("image/png", "inline"), ("text/html", "attachment"), ("image/svg+xml", "attachment")],
)
async def test_only_what_we_accept_is_shown_in_the_browser(
    file: Path, mime: str, kind: str
) -> None:
    answer = await _sent(file, mime, "x.png", inline=True)
    assert answer.headers["content-disposition"].startswith(f"{kind}; ")


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("l’œuvre d’Éloïse.pdf", "l'oeuvre d'Eloise.pdf"),
        ("🦊.pdf", "document.pdf"),
        ('a"b\\c%41.pdf', "a_b_c_41.pdf"),
        ("日本.png", "document.png"),
    ],
)
def test_old_programs_have_a_name_too(name: str, plain: str) -> None:
    assert f'filename="{plain}"' in _disposition("attachment", name)


@given(st.text(min_size=1))
def test_no_name_leaves_its_header(name: str) -> None:
    value = _disposition("attachment", name)
    assert value.isascii()
    assert value.isprintable()
    assert value.count('"') == 2
    message = Message()
    message["Content-Disposition"] = value.split("; filename*=")[0]
    assert message.get_content_disposition() == "attachment"
    shown = unquote(value.split("UTF-8''")[1])
    assert shown == name.encode("utf-8", "replace").decode()


def test_a_file_that_is_not_there_is_said_before_anything_is_sent(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        file_response(tmp_path / "nothing", "image/png", "x.png")
