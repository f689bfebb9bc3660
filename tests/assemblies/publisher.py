"""One process of several that write into one database: ``python -m tests.assemblies.publisher``.

``prepare`` migrates and makes a small world; ``publish 60`` says "ready", waits for a line, then
publishes as many actions, as the admin does; ``report`` tells what the database holds. Each prints
one line of JSON at the end. The database is that of ``DATABASE_URL``.
"""

import datetime
import json
import os
import sys
from itertools import cycle

import django
from django.core.management import call_command

FIRST_DAY = datetime.date(2024, 5, 15)
VALUES = ("accepted", "under_way", "satisfactory", "rejected", "partly", "insufficient", "")


def prepare() -> dict[str, list]:
    from tests.factories import make_measure, make_recommendation, make_world

    call_command("migrate", verbosity=0)
    world = make_world()
    for label in ("1", "2", "3"):
        asked = make_recommendation(world.cycle, label=label)
        make_measure(asked, label=f"{label}.1", lead=world.administration)
    return report()


def publish(times: int) -> dict[str, list[int]]:
    from assemblies.models import Action, Recommendation
    from tests.factories import draft_action

    asked = list(Recommendation.objects.order_by("pk"))
    say("ready")
    sys.stdin.readline()
    published = []
    for turn, value in zip(range(times), cycle(VALUES), strict=False):
        day = FIRST_DAY + datetime.timedelta(days=turn)
        draft = draft_action(asked[turn % len(asked)], value=value, on=day)
        Action.objects.get(pk=draft.pk).save_revision().publish()
        published.append(draft.pk)
    return {"published": published}


def report() -> dict[str, list]:
    from assemblies.models import Action, Change

    call_command("check_history", verbosity=0, stdout=sys.stderr)
    call_command("rebuild_state", "--check", verbosity=0, stdout=sys.stderr)
    return {
        "changes": list(Change.objects.order_by("number").values_list("number", flat=True)),
        "actions": list(Action.objects.filter(live=True).values_list("pk", "number")),
        "drafts": list(Action.objects.filter(live=False).values_list("pk", flat=True)),
    }


def say(what: object) -> None:
    sys.stdout.write(f"{json.dumps(what)}\n")
    sys.stdout.flush()


def main(role: str, *numbers: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    django.setup()
    roles = {"prepare": prepare, "publish": publish, "report": report}
    say(roles[role](*map(int, numbers)))


if __name__ == "__main__":
    main(*sys.argv[1:])
