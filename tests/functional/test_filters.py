"""The filters of a cycle, in a browser: by keyboard, without scripts, and led to the list."""

import datetime

import pytest

from tests.factories import make_recommendation, make_world, publish_action

pytestmark = pytest.mark.functional

CYCLE = "/fr/assemblee-bxl/cycle-1/"


@pytest.fixture
def world(live_server):
    world = make_world()
    for label, value in {"1": "accepted", "2": "rejected", "3": ""}.items():
        asked = make_recommendation(world.cycle, label=label)
        if value:
            publish_action(asked, value=value, stage="final", on=datetime.date(2024, 5, 15))
    return world


def numbers(page) -> list[str]:
    return page.locator(".rec__number").all_inner_texts()


def test_a_list_is_filtered_by_keyboard(page, world):
    page.goto(CYCLE)
    assert numbers(page) == ["1", "2", "3"]
    summary = page.locator(".facet > summary").first
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.locator("input[name=response]:checked").count() == 1
    page.locator("form.facets button").press("Enter")
    page.wait_for_url("**?response=*#list")
    assert len(numbers(page)) == 1
    page.locator(".chosen li a").click()
    page.wait_for_url(f"**{CYCLE}#list")
    assert numbers(page) == ["1", "2", "3"]


def test_what_a_page_says_to_machines_is_no_script(page, world):
    """The strict policy lets data pass: ``page`` fails the test if anything is stopped."""
    page.goto(f"{CYCLE}1/")
    said = page.locator('script[type="application/ld+json"]')
    assert said.count() == 1
    assert "CreativeWork" in said.text_content()
