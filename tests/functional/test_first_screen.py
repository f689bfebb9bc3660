"""What a reader sees on a phone without scrolling: the sentence, and every state or figure."""

import pytest

from tests.functional.showcase import LANGUAGES, LONG, addresses, make_many

pytestmark = pytest.mark.functional

PHONE = {"width": 360, "height": 640}


def end_of(page, selector: str) -> float:
    """How far down the last of these elements ends; each must be there to see."""
    found = page.locator(selector)
    assert found.count(), selector
    boxes = [found.nth(place).bounding_box() for place in range(found.count())]
    assert all(box and box["width"] > 1 and box["height"] > 1 for box in boxes), selector
    return max(box["y"] + box["height"] for box in boxes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_recommendation_says_its_sentence_and_all_its_states(page, showcase, language):
    page.set_viewport_size(PHONE)
    page.goto(addresses(language)["recommendation"])
    title = page.locator("h1").inner_text()
    assert title == LONG[language]
    assert len(title) == 200
    states = page.locator("main .ledger .state:visible, main .ledger .counts:visible")
    assert states.count() == 3  # response, measures, opinion
    assert end_of(page, "main .sentence") <= PHONE["height"]
    assert end_of(page, "main .ledger > div") <= PHONE["height"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_cycle_says_its_sentence_and_main_figures(page, showcase, language):
    make_many(showcase, 5)
    page.set_viewport_size(PHONE)
    page.goto(addresses(language)["cycle"])
    assert page.locator("main .ledger__figure").count() == 4
    assert end_of(page, "main .heading .sentence") <= PHONE["height"]
    assert end_of(page, "main .ledger > div") <= PHONE["height"]
