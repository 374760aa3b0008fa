"""Lists by pages."""

from __future__ import annotations

import pytest

from portail.domain.paging import nearest_page


@pytest.mark.parametrize(
    ("asked", "total", "found"),
    [
        (1, 0, (1, 1)),
        (1, 10, (1, 1)),
        (2, 10, (1, 1)),
        (2, 11, (2, 2)),
        (99, 25, (3, 3)),
        (0, 25, (1, 3)),
        (-5, 25, (1, 3)),
    ],
)
def test_the_nearest_page_that_there_is(asked: int, total: int, found: tuple[int, int]) -> None:
    assert nearest_page(asked, total, 10) == found
