"""Pages fit and work however they are read: narrow, enlarged, by keyboard, without style sheets."""

from itertools import pairwise

import pytest

from tests.functional.showcase import LANGUAGES, addresses, make_many

pytestmark = pytest.mark.functional

LEAST_TARGET = 24  # px, WCAG 2.2, 2.5.8
#: Targets that are smaller than that: with the space around them they are not (2.5.8, spacing), or
#: they stand in a line of text (inline).
TOO_SMALL = """least => {
  const inline = tag => getComputedStyle(tag).display === 'inline';
  const targets = [...document.querySelectorAll('a[href], button, summary, input, select')]
    .filter(tag => tag.checkVisibility() && !inline(tag) && !tag.closest('.skip'))
    .map(tag => [tag, tag.getBoundingClientRect()]).filter(([tag, box]) => box.width && box.height);
  const middle = box => [box.x + box.width / 2, box.y + box.height / 2];
  return targets.filter(([tag, box]) => (box.height < least || box.width < least)
    && targets.some(([other, near]) => {
      if (other === tag || other.contains(tag) || tag.contains(other)) return false;
      const [x, y] = middle(box);
      const dx = Math.max(near.x - x, 0, x - near.right);
      const dy = Math.max(near.y - y, 0, y - near.bottom);
      return Math.hypot(dx, dy) < least / 2;
    })).map(([tag]) => tag.outerHTML.slice(0, 160));
}"""
#: The focused element: whether it can be seen, lies free, and is marked.
FOCUSED = """() => {
  const tag = document.activeElement;
  if (tag === document.body) return null;
  tag.scrollIntoView({block: 'nearest'});
  const box = tag.getClientRects()[0] || tag.getBoundingClientRect();
  const style = getComputedStyle(tag);
  const within = getComputedStyle(tag.closest(':focus-within') || tag);
  const x = box.x + Math.min(box.width / 2, 8), y = box.y + box.height / 2;
  const top = document.elementFromPoint(x, y);
  return {
    html: tag.outerHTML.slice(0, 160),
    seen: box.width > 2 && box.height > 2 && box.right > 0 && box.left < innerWidth,
    free: top !== null && (tag.contains(top) || top.contains(tag)),
    marked: style.outlineStyle !== 'none' || within.outlineStyle !== 'none',
  };
}"""


def too_wide(page) -> int:
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_scrolls_sideways(page, showcase, language):
    found = []
    for name, address in addresses(language).items():
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(address)
        page.evaluate("document.querySelectorAll('main details').forEach(fold => fold.open = true)")
        for width in (320, 360, 768, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            if too_wide(page) > 0:
                found.append(f"{name} at {width} px")
            if width == 360:
                small = page.evaluate(TOO_SMALL, LEAST_TARGET)
                found += [f"{name}, small target: {html}" for html in small]
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        for width in (320, 360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            if too_wide(page) > 0:
                found.append(f"{name} at {width} px with text at 200 %")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", ["home", "cycle", "recommendation", "timeline"])
def test_the_keyboard_reaches_everything_and_shows_where_it_is(page, showcase, name, width):
    page.set_viewport_size({"width": width, "height": 640})
    page.goto(addresses("fr")[name])
    links = page.locator("a[href]:visible, summary:visible").count()
    found, walked = [], 0
    for _stop in range(links + 30):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            break
        walked += 1
        if not (focused["seen"] and focused["free"] and focused["marked"]):
            found.append(str(focused))
    assert walked >= links - 1  # the skip link is not counted among the visible
    assert not found, "\n".join(found)


def test_the_first_stop_skips_to_the_content(page, showcase):
    page.goto("/fr/")
    page.keyboard.press("Tab")
    assert page.locator(".skip").evaluate("skip => skip === document.activeElement")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_are_in_order_without_style_sheets(page, showcase, language):
    """Headings step down one by one; nothing is out of size; the sentence follows the title."""
    page.route("**/*.css", lambda route: route.abort())
    page.set_viewport_size({"width": 360, "height": 640})
    for name, address in addresses(language).items():
        page.goto(address)
        levels = page.evaluate(
            "[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])"
        )
        assert levels.count(1) == 1, name
        assert levels[0] == 1, name
        steps = [after - before for before, after in pairwise(levels)]
        assert max(steps, default=0) <= 1, name
        assert page.locator("main").count() == page.locator("header.masthead").count() == 1, name
        assert page.locator("footer").count() == 1, name
        wide = page.evaluate(
            "[...document.querySelectorAll('svg')].filter(svg => svg.getBoundingClientRect().width"
            " > 340).map(svg => svg.outerHTML.slice(0, 120))"
        )
        assert not wide, f"{name}: {wide[:2]}"
        if name.startswith("recommendation") and "two languages" not in name:
            text = page.locator("main").inner_text()
            title, sentence = (
                page.locator("h1").inner_text(),
                page.locator(".sentence").inner_text(),
            )
            assert text.index(title) < text.index(sentence) < text.index(title) + len(title) + 200


def test_a_step_s_address_opens_the_fold_it_is_in(page, showcase):
    page.goto(addresses("fr")["recommendation"])
    step = page.locator(".fold .action").last
    anchor = step.get_attribute("id")
    assert not step.is_visible()
    page.goto("about:blank")
    page.goto(f"{addresses('fr')['recommendation']}#{anchor}")
    assert page.locator(f"#{anchor}").is_visible()
    assert page.locator(f"#{anchor}").evaluate(
        "step => step.getBoundingClientRect().top < innerHeight"
    )


def test_nothing_moves_for_those_who_ask_for_it(page, showcase):
    page.emulate_media(reduced_motion="reduce")
    page.goto(addresses("fr")["recommendation"])
    moving = page.evaluate(
        "[...document.querySelectorAll('*')].filter(tag => {const style = getComputedStyle(tag);"
        " return style.animationName !== 'none' || parseFloat(style.transitionDuration) > 0})"
        ".map(tag => tag.outerHTML.slice(0, 120))"
    )
    assert moving == []


def test_only_the_current_entry_of_the_menu_is_underlined_in_forced_colours(page, showcase):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(forced_colors="active")
    page.goto(addresses("fr")["timeline"])
    lines = page.locator(".menu a:visible").evaluate_all(
        "all => all.map(a => [a.hasAttribute('aria-current'),"
        " parseFloat(getComputedStyle(a).borderBlockEndWidth) > 0])"
    )
    assert [True, True] in lines
    assert all(current == underlined for current, underlined in lines)


def test_states_keep_their_edges_in_forced_colours(page, showcase):
    page.emulate_media(forced_colors="active")
    page.goto(addresses("fr")["recommendation"])
    chips = page.locator("main .state:visible")
    assert chips.count() >= 3
    for place in range(chips.count()):
        width = chips.nth(place).evaluate(
            "chip => parseFloat(getComputedStyle(chip).borderTopWidth)"
        )
        assert width >= 1.5


def test_sixty_recommendations_are_sixty_sentences_to_the_ear(page, showcase):
    """In a list only number, title and sentence are spoken: states would repeat the sentence."""
    make_many(showcase, 20)
    page.goto(addresses("fr")["cycle"])
    rows = page.locator(".rec")
    assert rows.count() >= 20
    spoken = rows.nth(rows.count() - 1).aria_snapshot()
    lines = [line for line in spoken.splitlines() if line.strip()]
    assert len(lines) <= 7, spoken
    assert "img" not in spoken
