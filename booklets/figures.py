"""What a booklet counts, and of how many. Pure: a snapshot in, counts out."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from assemblies.enums import DONE_IMPLEMENTATIONS, Opinion, Response


def figures_of(snapshot: dict[str, Any]) -> list[dict[str, Any]]:
    """The figures of each cycle; of several of one assembly, those of all of them first."""
    sheets = snapshot["recommendations"]
    cycles = [each["reference"] for each in snapshot["cycles"]]
    found = [
        {
            "cycle": cycle,
            **_counted(
                [sheet for sheet in sheets if sheet["cycle"] == cycle],
                [each for each in snapshot["measures"].values() if each["cycle"] == cycle],
                sum(sheet["reference"].startswith(f"{cycle}-") for sheet in snapshot["withdrawn"]),
            ),
        }
        for cycle in cycles
    ]
    found = [each for each in found if each["recommendations"] or len(found) == 1]
    if len(found) > 1:
        whole = _counted(sheets, snapshot["measures"].values(), len(snapshot["withdrawn"]))
        found.insert(0, {"cycle": None, **whole})
    return found


def _counted(
    sheets: list[dict[str, Any]], measures: Iterable[dict[str, Any]], withdrawn: int
) -> dict[str, Any]:
    response = Counter(sheet["response"]["code"] for sheet in sheets)
    opinion = Counter(sheet["opinion"]["code"] for sheet in sheets)
    implementation = Counter(each["implementation"]["code"] for each in measures)
    late = [s for s in sheets if any(duty["status"] == "late" for duty in s["duties"])]
    return {
        "recommendations": len(sheets),
        "withdrawn": withdrawn,
        "answered": len(sheets) - response[Response.AWAITING],
        "late": len(late),
        "measures": implementation.total(),
        "done": sum(implementation[code] for code in DONE_IMPLEMENTATIONS),
        "examined": opinion.total() - opinion[Opinion.NOT_EXAMINED],
        "response": dict(sorted(response.items())),
        "implementation": dict(sorted(implementation.items())),
        "opinion": dict(sorted(opinion.items())),
    }
