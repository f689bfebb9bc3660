"""How fast a large folder is loaded, in bulk and one by one, and in how much memory.

    .venv/bin/python bench/import_scale.py                    10,000 recommendations, 30,000 actions
    .venv/bin/python bench/import_scale.py --recommendations 1000 --sample 50

Each run has a process and a SQLite database of its own. One by one, a sample is loaded into an
empty site and extrapolated, which favours it: on a full one it is slower still.
"""

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

ACTIONS_EACH = 3
A_CYCLE = 1_000
LANGUAGES = ("fr", "nl")
SENTENCES = {
    "fr": "Nous demandons que chaque quartier dispose d’un lieu où réparer ce qui est cassé. ",
    "nl": "Wij vragen dat elke wijk een plek heeft waar men herstelt wat stuk is. ",
}


def worded(name: str, texts: dict[str, str]) -> dict[str, str]:
    return {f"{name}_{language}": text for language, text in texts.items()}


def rows(recommendations: int) -> dict[str, list[dict[str, Any]]]:
    """A folder: one assembly, cycles of a thousand, three actions a recommendation."""
    cycles = range((recommendations + A_CYCLE - 1) // A_CYCLE)
    body = {"example": "true", "assembly": "a"}
    found: dict[str, list[dict[str, Any]]] = {
        "regimes": [
            {
                "key": "r",
                "code": "bench",
                "name_fr": "Banc",
                "silent_after_months": 12,
                "has_citizens_body": "true",
            }
        ],
        "duty_rules": [
            {
                "key": "d",
                "regime": "r",
                "code": "final",
                "label_fr": "Réponse",
                "trigger": "handover",
                "subject": "recommendation",
                "delay": 12,
                "unit": "months",
                "every": 0,
                "count": 1,
                "answered_by": "response",
            }
        ],
        "topics": [
            {"key": f"t{n}", "slug": f"theme-{n}", "name_fr": f"Thème {n}"} for n in range(10)
        ],
        "assemblies": [
            {
                "key": "a",
                "code": "BCH",
                "languages": "fr|nl",
                "regime": "r",
                "committee": "c",
                "example": "true",
                **worded("title", {"fr": "Banc d’essai", "nl": "Testbank"}),
            }
        ],
        "bodies": [
            {"key": "g", "slug": "bch-gov", "name_fr": "Gouvernement", "kind": "government"} | body,
            {"key": "c", "slug": "bch-com", "name_fr": "Comité", "kind": "committee"} | body,
        ],
        "kinds": [
            {
                "key": "k",
                "assembly": "a",
                "code": "wish",
                "name_fr": "recommandation",
                "plural_fr": "recommandations",
                "deciding_body": "g",
            }
        ],
        "cycles": [
            {
                "key": f"y{n}",
                "assembly": "a",
                "code": f"C{n + 1}",
                "handed_over_on": "2023-01-31",
                "example": "true",
                **worded("title", {"fr": f"Cycle {n + 1}", "nl": f"Cyclus {n + 1}"}),
            }
            for n in cycles
        ],
        "recommendations": [],
        "actions": [],
        "targets": [],
        "sources": [],
    }
    for n in range(recommendations):
        found["recommendations"].append(
            {
                "key": f"x{n}",
                "cycle": f"y{n // A_CYCLE}",
                "label": str(n % A_CYCLE + 1),
                "kind": "k",
                "topics": f"t{n % 10}|t{(n + 3) % 10}",
                "addressees": "g",
                "language": LANGUAGES[n % 2],
                "example": "true",
                **worded("title", {c: f"{SENTENCES[c][:60]} {n}" for c in LANGUAGES}),
                **worded("summary", {c: SENTENCES[c] for c in LANGUAGES}),
                **worded("verbatim", {c: f"<p>{SENTENCES[c] * 8}</p>" for c in LANGUAGES}),
            }
        )
        for place, said in enumerate(
            (
                {"kind": "response", "stage": "final", "axis": "response", "value": "accepted"}
                | {"body": "g", "concerned_body": "g", "link": "new"},
                {"kind": "progress", "axis": "implementation", "value": "under_way", "body": "g"},
                {"kind": "opinion", "axis": "opinion", "value": "to_clarify", "body": "c"}
                | {"opinion_object": "answer"},
            )
        ):
            key = f"x{n}-{place}"
            day = f"2024-{place * 3 + 1:02d}-{n % 28 + 1:02d}"
            found["actions"].append(
                {
                    "key": key,
                    "assembly": "a",
                    "happened_first": day,
                    "happened_last": day,
                    "example": "true",
                    **said,
                    **worded("title", {c: f"{SENTENCES[c][:40]} {n}" for c in LANGUAGES}),
                    **worded("text", {c: SENTENCES[c] * 3 for c in LANGUAGES}),
                }
            )
            found["targets"].append({"key": key, "action": key, "recommendation": f"x{n}"})
            if place == 1:
                found["sources"].append(
                    {
                        "key": key,
                        "action": key,
                        "position": 1,
                        "language": "fr",
                        "title": "Rapport",
                        "url": "https://example.org/rapport",
                        "official": "false",
                    }
                )
    return found


def write(folder: Path, found: dict[str, list[dict[str, Any]]]) -> None:
    from exchange import tables

    for name, given in found.items():
        headers = [column.header for column in tables.table(name, LANGUAGES).columns]
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, headers, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(given)


def run(folder: Path, *, in_bulk: bool) -> dict[str, float]:
    """One load in this process, from the files to the last index: seconds, memory at its peak."""
    import django

    django.setup()
    from django.core.management import call_command

    from exchange import reader, writer

    call_command("migrate", verbosity=0)
    call_command("setup_site", verbosity=0)
    before = _peak()
    begun, used = time.monotonic(), time.process_time()
    package = reader.read(folder, LANGUAGES)
    read = time.monotonic() - begun
    outcome = writer.write(package, "bench", in_bulk=in_bulk)
    seconds, cpu = time.monotonic() - begun, time.process_time() - used
    peak = _peak()
    begun = time.monotonic()
    assert not writer.write(package, "bench").plan.writes
    again = time.monotonic() - begun
    peak_again = _peak()
    call_command("check_history", verbosity=0)
    added = outcome.plan.counts
    return {
        "objects": sum(added(table)["add"] for table in ("recommendations", "actions")),
        "seconds": seconds,
        "cpu": cpu,
        "reading": read,
        "locked": outcome.seconds,
        "peak": peak,
        "peak_again": peak_again,
        "before": before,
        "again": again,
    }


def _peak() -> float:
    """Memory at its highest so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def apart(recommendations: int, *, in_bulk: bool) -> dict[str, float]:
    """The same in a process of its own, which did not make the folder: memory shows."""
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work) / "given"
        folder.mkdir()
        write(folder, rows(recommendations))
        environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{work}/bench.sqlite3",
            "DJANGO_SETTINGS_MODULE": "portal.settings.test",
            "SUITES_LOG_LEVEL": "WARNING",
        }
        way = ["--bulk"] if in_bulk else []
        done = subprocess.run(
            [sys.executable, __file__, "--child", folder, *way],
            env=environment,
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
    return json.loads(done.stdout.splitlines()[-1])


def tell(what: str, found: dict[str, float]) -> None:
    print(
        f"{what:<46} {found['objects'] / found['seconds']:8.1f} a second"
        f" {found['seconds']:8.1f} s ({found['cpu']:.1f} s of processor,"
        f" {found['reading']:.1f} s reading, locked {found['locked']:.1f} s)"
        f"   memory {found['before']:.0f} → {found['peak']:.0f} MB, again {found['peak_again']:.0f}"
        f"   again, unchanged: {found['again']:.1f} s",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--recommendations", type=int, default=10_000)
    parser.add_argument("--sample", type=int, default=100, help="loaded one by one")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--bulk", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        print(json.dumps(run(given.child, in_bulk=given.bulk)))
        return
    tenth = apart(given.recommendations // 10, in_bulk=True)
    tell(f"in bulk, {given.recommendations // 10} with their actions", tenth)
    whole = apart(given.recommendations, in_bulk=True)
    tell(f"in bulk, {given.recommendations} with their actions", whole)
    sample = apart(given.sample, in_bulk=False)
    tell(f"one by one, {given.sample} with their actions", sample)
    for name in ("seconds", "cpu"):
        ratio = (sample[name] / sample["objects"]) / (whole[name] / whole["objects"])
        print(f"ratio by {name}: {ratio:.1f} times")


if __name__ == "__main__":
    main()
