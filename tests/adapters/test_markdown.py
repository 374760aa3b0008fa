"""The text of an article: what it may say, and all that it cannot do."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portail.adapters.markdown import Flaw, misuses, to_html
from portail.domain.links import Leads, leads

SITE = "https://familles.example"
TAGS = {
    *("p", "ul", "ol", "li", "strong", "em", "blockquote", "h2", "h3", "h4", "h5", "h6"),
    *("a", "span", "br", "hr", "code", "pre"),
}
ATTRIBUTES = {"a": {"href", "rel", "class"}, "span": {"class"}, "ol": {"start"}}
ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    "<svg/onload=alert(1)>",
    "<style>body{display:none}</style>",
    '<iframe src="https://x.example"></iframe>',
    "<!-- --><script>alert(1)</script>",
    "text\n\n<div onclick=alert(1)>\n\nx",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](&#x6A;avascript&#58;alert(1))",
    "[x](java%0ascript:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](<java\nscript:alert(1)>)",
    "[x](<\x01javascript:alert(1)>)",
    "[x](< javascript:alert(1)>)",
    "[x](javascript%3Aalert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](data:image/svg+xml,<svg/onload=alert(1)>)",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    "[x](blob:https://x/1)",
    "[x](view-source:https://x.example)",
    "[x](//ailleurs.example)",
    "[x](/\\ailleurs.example)",
    "[x](\\\\ailleurs.example)",
    "[x](https:ailleurs.example)",
    "[x](https://familles.example@ailleurs.example/)",
    "[x](https:///ailleurs.example)",
    "[x](relatif)",
    "[x](#ancre)",
    "[x](mailto:a@b.fr?bcc=c@d.fr&body=x)",
    "[x](tel:#31#0600000000)",
    "<javascript:alert(1)>",
    "[x][1]\n\n[1]: javascript:alert(1)",
    '[a](https://x.example"onmouseover=alert(1))',
    "[a](https://x.example '\"><script>alert(1)</script>')",
    "![x](javascript:alert(1))",
    "![x](https://ailleurs.example/pixel.gif)",
    '![x](x "onerror=alert(1)")',
    "[![x](https://ailleurs.example/p.gif)](javascript:alert(1))",
    "[x [y](javascript:1)](javascript:2)",
    "```html onload=alert(1)\n<script>\n```",
    "`<script>alert(1)</script>`",
    "# <img src=x onerror=alert(1)>",
    "* <b onclick=alert(1)>x</b>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "> " * 200 + "[x](javascript:alert(1))",
    "[" * 300 + "x" + "](javascript:1)" * 300,
)


class _Seen(HTMLParser):
    """What a browser would make of it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words += data


def harmless(html: str) -> None:
    for tag, attributes in _Seen(html).tags:
        assert tag in TAGS, tag
        assert attributes.keys() <= ATTRIBUTES.get(tag, set()), (tag, attributes)
        if "href" in attributes:
            assert leads(attributes["href"]) is not None, attributes


@pytest.mark.parametrize("text", ATTACKS)
@pytest.mark.parametrize("feed", [False, True])
def test_an_attack_is_text_or_nothing(text: str, feed: bool) -> None:
    html = to_html(text, SITE, feed=feed)
    harmless(html)
    parts = [urlsplit(attributes.get("href", "")) for _, attributes in _Seen(html).tags]
    assert {one.scheme for one in parts} <= {"", "https", "mailto"}
    assert not [one for one in parts if "ailleurs" in one.netloc]


@given(
    st.text(alphabet=st.sampled_from("[]()<>!#*_`\"'&;:/\\ \n\t-javscriptdhtp.x1@"), max_size=80)
)
def test_whatever_is_written_is_harmless(text: str) -> None:
    harmless(to_html(text, SITE))
    misuses(text, SITE)


@pytest.mark.parametrize(
    ("address", "where"),
    [
        ("/planning?jour=2026-12-01", Leads.HERE),
        ("https://www.caf.fr/a?b=1#c", Leads.WEB),
        ("http://exemple.fr", Leads.WEB),
        ("HTTPS://EXEMPLE.FR", Leads.WEB),
        ("mailto:famille@ville.example", Leads.CONTACT),
        ("tel:+33100000000", Leads.CONTACT),
        ("", None),
        ("ftp://exemple.fr", None),
        ("/" + "a" * 3_000, None),
        ("https://a b.fr", None),
        ("/a\u00a0b", None),
    ],
)
def test_where_an_address_leads(address: str, where: Leads | None) -> None:
    assert leads(address) is where


def test_links_say_where_they_lead() -> None:
    text = f"[ici](/planning) [site]({SITE}/aide) [racine]({SITE}) [la CAF](https://www.caf.fr/)"
    html = to_html(text, SITE)
    assert '<a href="/planning">ici</a>' in html
    assert '<a href="/aide">site</a>' in html
    assert '<a href="/">racine</a>' in html
    assert 'class="outside" rel="external noopener" href="https://www.caf.fr/"' in html
    assert 'la CAF<span class="sr-only"> (autre site)</span></a>' in html
    whole = to_html(text, SITE, feed=True)
    assert f'<a href="{SITE}/planning">ici</a>' in whole
    assert "class" not in whole


def test_a_site_that_begins_alike_is_another() -> None:
    html = to_html(f"[x]({SITE}.ailleurs.example/)", SITE)
    assert 'class="outside"' in html


def test_headings_begin_under_the_page_s_and_skip_no_level() -> None:
    html = to_html("# A\n\n### B\n\n#### C\n\n## D\n\n# E\n\n###### F", SITE)
    levels = [tag for tag, _ in _Seen(html).tags]
    assert levels == ["h2", "h3", "h4", "h3", "h2", "h3"]


def test_plain_writing() -> None:
    html = to_html("Un *deux* **trois**\nquatre\n\n- a\n- b\n\n3. c\n4. d\n\n> e\n\n---", SITE)
    assert html == (
        "<p>Un <em>deux</em> <strong>trois</strong>\nquatre</p><ul><li>a</li><li>b</li></ul>"
        '<ol start="3"><li>c</li><li>d</li></ol><blockquote><p>e</p></blockquote><hr>'
    )


def test_what_is_left_out_is_told_with_its_line() -> None:
    text = "# Titre\n\nBon\n![x](/y.png) et [z](javascript:1)\n\n- a\n- [b](ftp://c)"
    assert [(one.line, one.flaw, one.about) for one in misuses(text, SITE)] == [
        (4, Flaw.IMAGE, "/y.png"),
        (4, Flaw.LINK, "javascript:1"),
        (7, Flaw.LINK, "ftp://c"),
    ]
    assert misuses("[ici](/a) [là](https://b.fr) <https://c.fr>", SITE) == ()
