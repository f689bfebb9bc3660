"""A printed recommendation: two clean A4 pages."""

import re

import pytest

from tests.functional.showcase import LANGUAGES, addresses, full_recommendation

pytestmark = pytest.mark.functional


def pages_of(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of each page, in points."""
    boxes = re.findall(rb"/Type\s*/Page\b.*?/MediaBox\s*\[([\d. ]+)\]", pdf, re.DOTALL)
    return [tuple(map(float, box.split()[2:])) for box in boxes]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_recommendation_of_five_measures_and_fourteen_steps_is_two_pages(
    page, showcase, language
):
    row = full_recommendation(showcase, label="3.5")
    page.goto(f"/{language}/r/{row.reference}")
    assert page.locator(".measure").count() == 5
    assert page.locator(".action").count() >= 14
    sheets = pages_of(page.pdf(prefer_css_page_size=True))
    assert len(sheets) == 2
    for width, height in sheets:
        assert (round(width), round(height)) == (595, 842)  # A4


def test_paper_shows_what_the_screen_folds_and_not_what_only_a_screen_can_use(page, showcase):
    page.goto(addresses("fr")["recommendation"])
    folded = page.locator(".fold .action__title")
    assert folded.count()
    assert not folded.first.is_visible()
    page.emulate_media(media="print")
    for place in range(folded.count()):
        assert folded.nth(place).is_visible()
    assert page.locator(".cite").is_visible()
    for selector in (".menu", ".languages", ".topline", ".skip", ".sequence"):
        assert not page.locator(selector).first.is_visible(), selector
