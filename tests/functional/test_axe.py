"""axe-core finds nothing on any kind of page: both languages, light and dark, wide and narrow."""

from importlib.resources import files

import pytest

from tests.functional.showcase import LANGUAGES, addresses

pytestmark = pytest.mark.functional

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 360, "height": 640}


def violations(page, only: list[str] | None = None) -> list[str]:
    """What axe says of the page as it stands now, one line for each element."""
    run = {"type": "rule", "values": only} if only else {"type": "tag", "values": RULES}
    faults = list(page.faults)
    found = page.evaluate(
        "run => axe.run(document, {runOnly: run, resultTypes: ['violations'], preload: false})", run
    )
    page.faults[:] = faults  # axe itself writes a style into the page, which the policy refuses
    return [
        f"{rule['id']}: {node['target']} {node['html'][:160]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_has_a_barrier_that_axe_sees(page, showcase, language):
    found = []
    for name, address in addresses(language).items():
        page.set_viewport_size(WIDE)
        # A colour that fades into another would be judged halfway.
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        page.goto(address)
        page.evaluate(AXE)
        # What is folded is judged too.
        page.evaluate("document.querySelectorAll('main details').forEach(fold => fold.open = true)")
        seen = {"1280 px": violations(page)}
        page.emulate_media(color_scheme="dark")
        seen["1280 px, dark"] = violations(page, ["color-contrast"])
        page.set_viewport_size(NARROW)
        seen["360 px, dark"] = violations(page, ["color-contrast"])
        page.emulate_media(color_scheme="light")
        seen["360 px"] = violations(page)
        found += [f"{name}, {how}: {line}" for how, lines in seen.items() for line in lines]
    assert not found, "\n".join(found)


def test_what_is_wrong_is_noticed(page, showcase):
    page.goto("/fr/")
    page.evaluate(AXE)
    page.evaluate("document.querySelector('main').prepend(document.createElement('img'))")
    assert [line for line in violations(page) if line.startswith("image-alt:")]
