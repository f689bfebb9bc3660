"""Small worlds for tests: one call each, keyword arguments, everything else filled in sensibly.

    from tests.factories import make_world, make_recommendation, make_measure, publish_action

    world = make_world()   # home pages, an assembly, its cycle, all in both languages
    asked = make_recommendation(world.cycle, label="3.4", dutch=False)   # the register row
    measure = make_measure(asked, label="3.4.1", lead=world.administration)
    publish_action(asked, value="partial", stage="final", on=date(2024, 5, 15))
    publish_action(measure, value="delivered", on=date(2025, 1, 9))
    opinion = publish_action(asked, value="to_clarify", on=date(2025, 2, 1))
    correct(opinion, value="satisfactory")
    withdraw(asked, reason="Entered twice.")

Paris is ``make_world(preset="paris", code="PAR", dutch=False)``; a second assembly beside the first
``make_assembly(world.home, code="PAR", preset="paris")``, then ``make_cycle(assembly_page)``.

``follow(asked, frequency="daily")`` makes somebody follow a thing from now on.

* ``dutch=False`` leaves out the Dutch page or words. ``example=True`` marks as invented.
* Words may be given as a string (French), or as ``{"fr": …, "nl": …}``.
* ``on`` is a day, or a pair (first, last). ``published`` is the day it became known here.
* What a value demands (a reason, a link, a source …) is filled in where it is not given.
* ``text_of(response)`` is what a reader reads of an answer.
* All need the database (``pytest.mark.django_db``). Nothing is cached between tests.
"""

from tests.factories.facts import (
    correct,
    draft_action,
    make_act,
    make_count,
    make_measure,
    make_passage,
    publish_action,
    source,
    withdraw,
)
from tests.factories.lists import make_body, make_group, make_kind, make_regime, make_topic
from tests.factories.pages import (
    World,
    make_assembly,
    make_cycle,
    make_home,
    make_recommendation,
    make_standard_page,
    make_world,
    translate,
)
from tests.factories.subscriptions import follow, make_address, make_followed
from tests.factories.text import plain, text_in, text_of

__all__ = [
    "World",
    "correct",
    "draft_action",
    "follow",
    "make_act",
    "make_address",
    "make_assembly",
    "make_body",
    "make_count",
    "make_cycle",
    "make_followed",
    "make_group",
    "make_home",
    "make_kind",
    "make_measure",
    "make_passage",
    "make_recommendation",
    "make_regime",
    "make_standard_page",
    "make_topic",
    "make_world",
    "plain",
    "publish_action",
    "source",
    "text_in",
    "text_of",
    "translate",
    "withdraw",
]
