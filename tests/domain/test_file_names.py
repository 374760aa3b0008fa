"""A file's name is somebody's words: shown as they are, without what they could do."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portail.domain.file_names import MAX_NAME, shown_name

EXTENSIONS = st.sampled_from(["pdf", "jpg", "png", ".pdf"])


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Certificat de scolarité.pdf", "Certificat de scolarité.pdf"),
        ("photo.jpg", "photo.pdf"),
        ("IMG_0001.HEIC", "IMG_0001.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("../../🦊 été.pdf", "🦊 été.pdf"),
        ("👨‍👩‍👧.png", "👨‍👩‍👧.pdf"),
        (r"C:\Users\Zoé\avis d’imposition.pdf", "avis d’imposition.pdf"),
        ("..", "document.pdf"),
        ("", "document.pdf"),
        (".htaccess", "htaccess.pdf"),
        (".pdf", "document.pdf"),
        ("a/b/", "document.pdf"),
        ("facture\u202efdp.exe", "facturefdp.pdf"),
        ("a\x00b\r\nSet-Cookie: x=y", "ab Set-Cookie_ x=y.pdf"),
        ('a"; filename="b.exe', "a__ filename=_b.pdf"),
        ("3e trimestre 2. 2026.pdf", "3e trimestre 2. 2026.pdf"),
        ("Dr. Martin", "Dr. Martin.pdf"),
        ("e\u0301te\u0301.pdf", "été.pdf"),
        ("\u2066\u200b.pdf", "document.pdf"),
        ("\ud800.pdf", "document.pdf"),
    ],
)
def test_names(raw: str, expected: str) -> None:
    assert shown_name(raw, "pdf") == expected


def test_a_long_name_keeps_its_beginning_and_its_extension() -> None:
    name = shown_name("é" * 300 + ".pdf", "jpg")
    assert name == "é" * (MAX_NAME - 4) + ".jpg"


@given(st.text(), EXTENSIONS)
def test_whatever_it_was_it_is_harmless(raw: str, extension: str) -> None:
    name = shown_name(raw, extension)
    stem, _, end = name.rpartition(".")
    assert stem
    assert end == extension.lstrip(".")
    assert len(name) <= MAX_NAME
    assert not name.startswith((".", " "))
    assert not set(name) & set('/\\"<>:*?|;\r\n\x00')
    assert not any(
        unicodedata.category(char)[0] == "C" and char not in "\u200c\u200d" for char in name
    )
    name.encode()


@given(st.text(), EXTENSIONS)
def test_a_harmless_name_stays_as_it_is(raw: str, extension: str) -> None:
    once = shown_name(raw, extension)
    assert shown_name(once, extension) == once


@given(st.text(alphabet="aàâéèêëîïôöùûüÿçœæ AZ09-_’()", min_size=1, max_size=60))
def test_french_names_are_kept(stem: str) -> None:
    kept = " ".join(stem.split())
    assert shown_name(f"{stem}.pdf", "pdf") == f"{kept or 'document'}.pdf"
