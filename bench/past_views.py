"""How much a day in the past costs beside today: queries, and the times as ratios.

    .venv/bin/python bench/past_views.py                       10,000 recommendations, 30,000 steps
    .venv/bin/python bench/past_views.py --recommendations 1000

A SQLite database of its own in a temporary folder, filled as an import fills it. Each page is read
in turn today and on two days of the past, several times; the median counts.
"""

import argparse
import os
import tempfile

import timeline_scale
from timeline_scale import fill, read

#: Between the answers and the deliveries, and after everything.
DAYS = ("2024-03-01", "2024-12-31")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--recommendations", type=int, default=10_000)
    parser.add_argument("--database", help="a database that was filled before")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = given.database or f"{folder}/bench.sqlite3"
        os.environ |= {
            "DATABASE_URL": f"sqlite:///{path}",
            "DJANGO_SETTINGS_MODULE": "portal.settings.test",
            "SUITES_LOG_LEVEL": "WARNING",
        }
        import django

        django.setup()
        if not given.database:
            fill(given.recommendations)
        tell()


def addresses() -> dict[str, str]:
    """The pages that can be read on any day, of the assembly and the first cycle of the bench."""
    from django.test import Client

    from assemblies import directory
    from assemblies.models import Recommendation
    from assemblies.pages.common import place_url

    lists = directory.current()
    assembly = next(iter(lists.assemblies.values()))
    cycle = min(lists.cycles.values(), key=lambda each: each.reference)
    of_assembly = place_url(lists, lists.originals[assembly.translation_key])
    of_cycle = place_url(lists, lists.originals[cycle.translation_key])
    row = Recommendation.objects.filter(cycle=cycle.pk).order_by("pk")[1]
    found = Client().get(f"/fr/r/{row.reference}/")
    return {
        "recommendation": found.headers.get("Location", f"/fr/r/{row.reference}/"),
        "cycle": of_cycle,
        "cycle, filtered": f"{of_cycle}?response=accepted",
        "assembly": of_assembly,
        "figures of a cycle": f"{of_cycle}chiffres/",
        "figures of the assembly": f"{of_assembly}chiffres/",
        "list behind a number": f"{of_cycle}chiffres/?response=any",
        "timeline": "/fr/chronologie/",
        "timeline of a cycle": f"/fr/chronologie/?cycle={cycle.reference}",
        "what is expected": f"/fr/attendu/{assembly.slug}/",
    }


def tell() -> None:
    from django.test import Client
    from django.utils.translation import override

    client = Client()
    timeline_scale.TIMES = 5
    worst = 0.0
    with override("fr"):
        pages = addresses()
    for name, address in pages.items():
        joint = "&" if "?" in address else "?"
        today = read(client, address)
        for on in DAYS:
            past = read(client, f"{address}{joint}as_of={on}")
            ratio = past["seconds"] / today["seconds"]
            worst = max(worst, ratio)
            print(
                f"{name:<24} {on}  {today['queries']} and {past['queries']} queries"
                f"  {today['seconds'] * 1000:7.1f} and {past['seconds'] * 1000:7.1f} ms"
                f"  {ratio:5.2f}",
                flush=True,
            )
            assert (today["status"], past["status"]) == (200, 200), address
            assert past["queries"] <= today["queries"], address
    print(f"at most {worst:.2f} times the present")
    assert worst <= 2, "a day in the past takes more than twice the present"


if __name__ == "__main__":
    main()
