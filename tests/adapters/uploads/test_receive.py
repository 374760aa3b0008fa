"""Files on their way in: many, too long, broken, interrupted; and nothing left behind."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path

import pytest

from portail.adapters.uploads import receive
from portail.adapters.uploads.parts import FAULT_MESSAGES, BadUploadError, Fault
from portail.adapters.uploads.receive import Upload, body_limit, receiving
from portail.settings import settings
from tests.adapters.uploads.multipart import Client, Part, body, cut, file, text

MEGABYTE = 1_000_000


@pytest.fixture(autouse=True)
def folder(data_dir: Path) -> Path:
    return data_dir / "fichiers" / "tmp"


def _read(path: Path) -> bytes:
    return path.read_bytes()


def _left(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.exists() else []


async def _received(client: Client, **options: int) -> tuple[Upload, list[bytes]]:
    async with receiving(client.request(), **options) as upload:
        contents = [b"" if f.too_large else _read(f.path) for f in upload.files]
        assert all(f.too_large != f.path.exists() for f in upload.files)
    return upload, contents


async def _fault(client: Client, folder: Path, **options: int) -> Fault:
    with pytest.raises(BadUploadError) as caught:
        await _received(client, **options)
    assert _left(folder) == []
    assert caught.value.message == FAULT_MESSAGES[caught.value.fault]
    return caught.value.fault


@pytest.mark.parametrize("length", [1, 7, 1000, 10 * MEGABYTE])
async def test_files_and_fields_arrive_however_they_are_cut(folder: Path, length: int) -> None:
    contents = [b"--" + b"\r\n--x\r\n" * 50, b"", bytes(range(256)) * 20]
    parts = [file(content, f"{at}.pdf") for at, content in enumerate(contents)]
    whole = body(text("enfant", "Zoé"), *parts, text("note", "l’école\r\n"))
    upload, read = await _received(Client(cut(whole, length)))
    assert upload.fields == {"enfant": "Zoé", "note": "l’école\r\n"}
    assert read == contents
    assert [f.raw_name for f in upload.files] == ["0.pdf", "1.pdf", "2.pdf"]
    assert [f.size for f in upload.files] == [len(content) for content in contents]
    assert _left(folder) == []


async def test_received_files_are_for_our_eyes_only() -> None:
    async with receiving(Client([body(file(b"x"))]).request()) as upload:
        parent = upload.files[0].path.parent
        assert stat.S_IMODE(parent.stat().st_mode) == 0o700


async def test_a_repeated_name_is_several_files_and_the_last_text() -> None:
    whole = body(file(b"1"), file(b"2"), text("a", "x"), text("a", "y"))
    upload, read = await _received(Client([whole]))
    assert read == [b"1", b"2"]
    assert {f.field for f in upload.files} == {"pieces"}
    assert upload.fields == {"a": "y"}


async def test_a_file_too_large_does_not_harm_the_others() -> None:
    long = bytes(11 * MEGABYTE)
    whole = body(file(b"a", "a.pdf"), file(long, "long.pdf"), file(b"b", "b.pdf"))
    upload, read = await _received(Client(cut(whole, 60_000)))
    assert [(f.raw_name, f.too_large) for f in upload.files] == [
        ("a.pdf", False),
        ("long.pdf", True),
        ("b.pdf", False),
    ]
    assert read == [b"a", b"", b"b"]
    assert upload.files[1].size == len(long)


async def test_a_file_of_exactly_the_limit_is_taken() -> None:
    limit = settings().upload_bytes
    whole = body(file(bytes(limit)), file(bytes(limit + 1)))
    upload, _ = await _received(Client(cut(whole, 65_536)))
    assert [f.too_large for f in upload.files] == [False, True]


async def test_a_body_longer_than_all_its_files_may_be_is_refused(folder: Path) -> None:
    limit = body_limit(max_files=1)
    whole = body(file(bytes(limit)))
    assert await _fault(Client(cut(whole, 65_536)), folder, max_files=1) is Fault.TOO_LARGE
    announced = Client([], then="stay", headers={"content-length": str(limit + 1)})
    assert await _fault(announced, folder, max_files=1) is Fault.TOO_LARGE


async def test_ten_files_and_no_more(folder: Path) -> None:
    upload, _ = await _received(Client([body(*[file(b"x")] * 10)]))
    assert len(upload.files) == 10
    assert await _fault(Client([body(*[file(b"x")] * 11)]), folder) is Fault.TOO_MANY_FILES
    assert await _fault(Client([body(*[file(b"x")] * 2)]), folder, max_files=1) is (
        Fault.TOO_MANY_FILES
    )


async def test_an_input_where_no_file_was_chosen_is_no_file() -> None:
    upload, _ = await _received(Client([body(*[file(b"", "")] * 11, text("a", "x"))]))
    assert upload == Upload({"a": "x"}, ())


async def test_a_file_without_a_name_is_a_file() -> None:
    upload, read = await _received(Client([body(file(b"x", ""))]))
    assert read == [b"x"]
    assert upload.files[0].raw_name == ""


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ('filename="../../🦊 été.pdf"', "../../🦊 été.pdf"),
        ("filename*=UTF-8''%C3%A9t%C3%A9.pdf", "été.pdf"),
        ("filename*=\"utf-8'fr'%C3%A9.pdf\"", "é.pdf"),
        ("filename*=iso-8859-1''%E9t%E9.pdf", "été.pdf"),
        ("filename=\"plain.pdf\"; filename*=UTF-8''other.exe", "plain.pdf"),
        ("filename*=UTF-8''other.exe; filename=\"plain.pdf\"", "plain.pdf"),
        ("filename*=UTF-8''%FF.pdf", "\ufffd.pdf"),
        ('filename="a%22b.pdf"', 'a"b.pdf'),
        ('filename="a;b.pdf"', "a;b.pdf"),
        ("filename=x.pdf", "x.pdf"),
    ],
)
async def test_names_of_files(parameters: str, name: str) -> None:
    part = Part(b"x" * 5000, f'form-data; name="pieces"; {parameters}')
    upload, read = await _received(Client([body(part)]))
    assert upload.files[0].raw_name == name
    assert read == [b"x" * 5000]


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        ([text("a", "é" * 4001)], Fault.FIELD_TOO_LONG),
        ([text("a", "x" * 50_000)], Fault.FIELD_TOO_LONG),
        ([text(f"a{n}", "x") for n in range(21)], Fault.TOO_MANY_FIELDS),
        ([text("a" * 101, "x")], Fault.BROKEN),
        ([text("a", "x\x00")], Fault.BROKEN),
        ([Part(b"\xff", 'form-data; name="a"')], Fault.BROKEN),
        ([Part(b"x", 'attachment; name="a"')], Fault.BROKEN),
        ([Part(b"x", "form-data")], Fault.BROKEN),
        ([Part(b"x", 'form-data; name="a"', ("no colon",))], Fault.BROKEN),
        ([Part(b"x", 'form-data; name="a"', tuple(f"x{n}: y" for n in range(50)))], Fault.BROKEN),
    ],
)
async def test_what_no_form_of_ours_sends(folder: Path, parts: list[Part], fault: Fault) -> None:
    whole = body(file(b"x" * MEGABYTE), *parts)
    assert await _fault(Client(cut(whole, 65_536)), folder) is fault


async def test_a_text_of_the_longest_length_is_taken() -> None:
    upload, _ = await _received(Client([body(text("a", "🦊" * 4000))]))
    assert upload.fields == {"a": "🦊" * 4000}


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=" + "x" * 300,
        "multipart/mixed; boundary=x",
    ],
)
async def test_a_boundary_is_needed(folder: Path, content_type: str) -> None:
    client = Client([body(file(b"x"))], content_type=content_type)
    assert await _fault(client, folder) is Fault.NOT_MULTIPART


@pytest.mark.parametrize(
    "whole",
    [
        b"",
        b"not multipart at all",
        b"--other\r\n\r\n--other--",
        body(file(b"x"), end=""),
        body(file(b"x"))[:-30],
        body(file(b"x"))[:60],
    ],
)
async def test_a_broken_body_is_refused(folder: Path, whole: bytes) -> None:
    assert await _fault(Client([whole]), folder) is Fault.BROKEN


async def test_a_client_that_leaves_leaves_nothing(folder: Path) -> None:
    half = body(file(bytes(3 * MEGABYTE)))[: 2 * MEGABYTE]
    assert await _fault(Client(cut(half, 65_536), then="leave"), folder) is Fault.INTERRUPTED


async def test_a_client_that_says_nothing_more_is_not_waited_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receive, "SILENCE_S", 0.01)
    half = body(file(bytes(MEGABYTE)))[:1000]
    assert await _fault(Client([half], then="stay"), folder) is Fault.INTERRUPTED


async def test_a_cancelled_request_leaves_nothing(folder: Path) -> None:
    client = Client([body(file(bytes(MEGABYTE)))[:500_000]], then="stay")
    task = asyncio.create_task(_received(client))
    await client.silent.wait()
    assert len(_left(folder)) == 1
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert _left(folder) == []


async def test_an_error_of_the_route_leaves_nothing(folder: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        async with receiving(Client([body(file(b"x"))]).request()):
            raise ZeroDivisionError
    assert _left(folder) == []


def test_every_fault_has_its_words() -> None:
    assert set(FAULT_MESSAGES) == set(Fault)
