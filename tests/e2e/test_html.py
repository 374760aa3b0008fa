"""The pages as they are sent: valid HTML, complete without a script, nothing from elsewhere."""

from __future__ import annotations

import json
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.e2e.helpers.pages import PAGES, file_of
from tests.e2e.helpers.tools import BIN, ENVIRONMENT, installed

# rules that the markup React and Reflex write breaks, each with what it is
OFF = {
    "attribute-boolean-style": 'React writes required=""',
    "attribute-empty-style": "React writes empty attributes with a value",
    "attr-case": "React writes charSet, autoComplete, noValidate: HTML ignores case",
    "doctype-style": "<!DOCTYPE html>, in capitals",
    "void-style": "React closes void elements: <meta/>",
    "long-title": "a title of ours has the town and the portal: longer than 70 characters is cut",
    "require-sri": "every script and style comes from the portal itself",
    "no-implicit-button-type": "React Router's own markup has none; ours is checked by axe",
}
# a table shown as cards on a phone loses its roles in some browsers: ours says them again
TABLE_ROLE = re.compile(
    'no-redundant-role: Redundant role "(table|rowgroup|row|columnheader|rowheader|cell)"'
)

# the build makes no file for «any other address» but an empty one that its script fills
EMPTY = ("404.html", "__spa-fallback.html")
complete_page = pytest.mark.parametrize("route", [route for route in PAGES if route != "404"])


class _Page(HTMLParser):
    """What the tests ask of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.title = ""
        self._in_title = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._in_title = tag == "title"

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False

    def handle_data(self, data: str) -> None:
        self.title += data if self._in_title else ""

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="session")
def files(built: Path) -> list[Path]:
    """Every pre-rendered page, once (`/aide.html` is also `/aide/index.html`)."""
    html = sorted(path for path in built.rglob("*.html") if path.name not in EMPTY)
    found = {path.read_bytes(): path for path in reversed(html)}
    assert len(found) == len(PAGES) - 1
    return sorted(found.values())


def test_the_html_is_valid(files: list[Path], built: Path, tmp_path: Path) -> None:
    config = {
        "root": True,
        "extends": ["html-validate:standard", "html-validate:a11y"],
        "rules": dict.fromkeys(OFF, "off"),
    }
    (tmp_path / "config.json").write_text(json.dumps(config))
    report = tmp_path / "report.json"
    subprocess.run(
        [
            BIN / "node",
            installed() / "html-validate" / "bin" / "html-validate.mjs",
            "--config",
            tmp_path / "config.json",
            "--formatter",
            f"json={report}",
            *files,
        ],
        env=ENVIRONMENT,
        check=False,  # it fails when it finds something: the report says what
    )
    results: list[dict[str, Any]] = json.loads(report.read_text())
    problems = [
        f"{Path(result['filePath']).relative_to(built)}:{message['line']}:{message['column']} "
        f"{message['ruleId']}: {message['message']} ({message.get('selector')})"
        for result in results
        for message in result["messages"]
        if not TABLE_ROLE.match(f"{message['ruleId']}: {message['message']}")
    ]
    assert not problems, "\n".join(problems)


@complete_page
def test_a_page_is_complete_before_any_script(route: str, built: Path) -> None:
    page = _Page(file_of(PAGES[route]).read_text())
    assert page.all("html") == [{"lang": "fr"}] or page.all("html")[0].get("lang") == "fr"
    assert len(page.all("h1")) == 1
    assert page.title.startswith(f"{PAGES[route].title} – ")
    descriptions = [m.get("content") for m in page.all("meta") if m.get("name") == "description"]
    assert len(descriptions) == 1
    assert descriptions[0]


def test_titles_and_descriptions_are_unique(built: Path) -> None:
    files = [file_of(page) for page in PAGES.values()]
    pages = [_Page(file.read_text()) for file in files if file.name not in EMPTY]
    titles = [page.title for page in pages]
    assert len(set(titles)) == len(titles), sorted(titles)
    descriptions = [
        m.get("content")
        for page in pages
        for m in page.all("meta")
        if m.get("name") == "description"
    ]
    assert len(set(descriptions)) == len(descriptions), sorted(str(d) for d in descriptions)


def test_no_inline_style_and_nothing_from_elsewhere(files: list[Path]) -> None:
    problems = []
    for path in files:
        for tag, attributes in _Page(path.read_text()).tags:
            if "style" in attributes:
                problems.append(f"{path.name}: <{tag} style={attributes['style']!r}>")
            if any(name.startswith("on") for name in attributes):
                problems.append(f"{path.name}: <{tag}> has an inline handler")
            sources = [attributes.get("src")] if tag != "link" else [attributes.get("href")]
            problems += [
                f"{path.name}: <{tag}> takes {source}"
                for source in sources
                if source and (urlsplit(source).netloc or urlsplit(source).scheme)
            ]
    assert not problems, "\n".join(problems)


def test_what_a_page_points_to_is_there(files: list[Path], built: Path) -> None:
    """Scripts, styles, images and icons of the built pages; the server makes /ville/ and feeds."""
    missing = set()
    for path in files:
        for tag, attributes in _Page(path.read_text()).tags:
            source = attributes.get("src") or (attributes.get("href") if tag == "link" else None)
            if tag == "meta" and attributes.get("property") == "og:image":
                source = f"/{str(attributes.get('content')).lstrip('/')}"
            if source and not re.match(r"/ville/|/actualites/flux\.|data:", source):
                file = built / urlsplit(source).path.lstrip("/")
                missing |= set() if file.is_file() else {source}
    assert not missing


def test_the_styles_take_nothing_from_elsewhere(built: Path) -> None:
    for path in built.rglob("*.css"):
        for address in re.findall(r"url\(\s*['\"]?([^'\")]+)", path.read_text()):
            assert not urlsplit(address).netloc, f"{path.name}: {address}"
