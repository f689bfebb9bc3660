"""The longest and the emptiest content: nothing breaks, what is empty says what it waits for."""

import datetime

import pytest

from assemblies import directory
from tests.factories import (
    make_assembly,
    make_measure,
    make_recommendation,
    make_world,
    publish_action,
)

pytestmark = pytest.mark.functional

D = datetime.date
LONGEST = ("Garantir à chaque ménage un accompagnement gratuit et indépendant " * 8)[:499] + "x"


def nothing(world):
    """A recommendation of which nothing but its title, without a number and in French only."""
    row = make_recommendation(world.cycle, title="Sans numéro", dutch=False)
    return f"/fr/r/{row.reference}", ["Pas encore examinée", "Aucune mesure", "Aucune étape"]


def one_language(world):
    row = make_recommendation(world.cycle, label="1", dutch=False)
    return f"/nl/r/{row.reference}", ["Nog niet vertaald", "Geen maatregel"]


def longest_title(world):
    row = make_recommendation(world.cycle, label="1", title=LONGEST, slug="long", dutch=False)
    publish_action(row, value="accepted", stage="final", title=LONGEST)
    make_measure(row, label="1.1", title=LONGEST)
    return f"/fr/r/{row.reference}", [LONGEST]


def longest_title_in_a_list(world):
    make_recommendation(world.cycle, label="1", title=LONGEST, slug="long", dutch=False)
    return "/fr/assemblee-bxl/cycle-1/", [LONGEST]


def one_word(world):
    row = make_recommendation(world.cycle, label="1", title="a" * 255, slug="word", dutch=False)
    return f"/fr/r/{row.reference}", ["a" * 255]


def forty_measures(world):
    row = make_recommendation(world.cycle, label="1")
    for number in range(1, 41):
        make_measure(row, label=f"1.{number}", lead=world.administration)
    return f"/fr/r/{row.reference}", ["0 sur 40 réalisée", "1.40"]


def two_hundred_steps(world):
    row = make_recommendation(world.cycle, label="1")
    for number in range(200):
        publish_action(row, kind="report", on=D(2023, 7, 1) + datetime.timedelta(days=6 * number))
    return f"/fr/r/{row.reference}", ["200 étapes"]


def one_recommendation(world):
    make_recommendation(world.cycle, label="1")
    return "/fr/assemblee-bxl/cycle-1/", ["Recommandation 1"]


def empty_cycle(world):
    return "/fr/assemblee-bxl/cycle-1/", ["ne sont pas encore publiées ici"]


def assembly_without_cycles(world):
    make_assembly(world.home, code="NEW", title="Assemblée nouvelle", slug="nouvelle")
    directory.forget()
    return "/fr/nouvelle/", ["Aucun"]


CASES = [
    nothing,
    one_language,
    longest_title,
    longest_title_in_a_list,
    one_word,
    forty_measures,
    two_hundred_steps,
    one_recommendation,
    empty_cycle,
    assembly_without_cycles,
]


@pytest.mark.parametrize("case", CASES)
def test_it_fits_and_says_what_it_waits_for(page, live_server, case):
    address, expected = case(make_world())
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 640})
        response = page.goto(address)
        assert response.status == 200
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    text = " ".join(page.locator("main").inner_text().split())
    for words in expected:
        assert words in text, text
    assert "None" not in text
    empty = page.evaluate(
        "[...document.querySelectorAll('main section, main dd, main h2, main h3, main p')]"
        ".filter(tag => tag.checkVisibility() && !tag.textContent.trim()"
        " && !tag.querySelector('svg,img,input')).map(tag => tag.outerHTML.slice(0, 120))"
    )
    assert not empty, empty
