"""What the pages need beside themselves, from what they are built of."""

from __future__ import annotations

import pytest

from portail import frontend

MODULE = """
const __iconNode = [
  [
    "path",
    {
      d: "M1 2v3",
      key: "a1"
    }
  ],
  %s
];
const Sign = createLucideIcon("sign", __iconNode);
"""


def test_an_icon_is_drawn_by_its_paths() -> None:
    assert frontend.paths(MODULE % '["path", { d: "m4 5-6 7", key: "b2" }]') == [
        "M1 2v3",
        "m4 5-6 7",
    ]


@pytest.mark.parametrize(
    "module", [MODULE % '["circle", { cx: "12", key: "b2" }]', "export default null;"]
)
def test_one_that_is_drawn_otherwise_stops_the_build(module: str) -> None:
    with pytest.raises(RuntimeError, match="not made of paths"):
        frontend.paths(module)
