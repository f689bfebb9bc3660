"""Random packages that the domain lets in: any text, any days, corrections of corrections."""

import datetime
from typing import Any

from hypothesis import strategies as st

from assemblies import references
from assemblies.enums import DEMANDS, BodyKind, Link, OpinionObject, Reason, Stage
from exchange.values import CONTROL, PADDING

Rows = list[dict[str, Any]]

LANGUAGES = ("fr", "nl")
#: What CSV, HTML and spreadsheets trip over, and letters of several scripts.
CHARACTERS = st.one_of(
    st.sampled_from(list("aéœÉñß’'\"\n,;|\t=+-@<>&#%{}\\ \u00a0\u202fﬁ😀ⵣا")),
    st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")),
)
SIMPLE_KINDS = ("progress", "unchanged", "decision", "report", "meeting", "question", "lead")
YES = st.sampled_from(["true", "false"])


def _cleaned(text: str) -> str:
    return CONTROL.sub("", text).strip(PADDING)


def texts(most: int = 60) -> st.SearchStrategy[str]:
    return st.text(CHARACTERS, min_size=1, max_size=most).map(_cleaned).filter(bool)


days = st.dates(datetime.date(2021, 1, 1), datetime.date(2026, 10, 31))


@st.composite
def worded(draw: st.DrawFn, *names: str, needed: str = "title") -> dict[str, str]:
    """Columns for words; ``needed`` is there in French at least."""
    found = {}
    for name in names:
        for language in LANGUAGES:
            if (name == needed and language == "fr") or draw(st.booleans()):
                found[f"{name}_{language}"] = draw(texts())
    return found


@st.composite
def html(draw: st.DrawFn) -> str:
    said = draw(st.lists(texts(30), min_size=1, max_size=3))
    form = draw(st.sampled_from(["plain", "paragraphs", "list"]))
    if form == "plain":
        return "\n\n".join(said)
    safe = [each.replace("&", "&amp;").replace("<", "&lt;") for each in said]
    if form == "list":
        return f"<ul>{''.join(f'<li>{each}</li>' for each in safe)}</ul>"
    return "".join(f"<p>{each}</p>" for each in safe)


def _keyed(rows: Rows, prefix: str) -> Rows:
    return [{"key": f"{prefix}{number}", **row} for number, row in enumerate(rows)]


@st.composite
def packages(draw: st.DrawFn) -> dict[str, Rows]:
    """The rows of a folder, by table."""

    def some(strategy: st.SearchStrategy[Any], least: int, most: int) -> list[Any]:
        return draw(st.lists(strategy, min_size=least, max_size=most))

    def one(values: list[str]) -> str:
        return draw(st.sampled_from(values))

    def maybe(value: Any) -> Any:
        return value if draw(st.booleans()) else ""

    def keys(rows: Rows) -> list[str]:
        return [row["key"] for row in rows]

    rows: dict[str, Rows] = {}
    rows["regimes"] = [
        {
            "key": "regime",
            "code": "own",
            "silent_after_months": draw(st.integers(1, 40)),
            "has_citizens_body": draw(YES),
            **draw(worded("name", "explanation", "citizens_voice", needed="name")),
        }
    ]
    rows["duty_rules"] = _keyed(
        [
            {
                "regime": "regime",
                "code": f"duty-{number}",
                "trigger": "handover",
                "subject": one(["cycle", "recommendation"]),
                "delay": draw(st.integers(0, 24)),
                "unit": "months",
                "every": 0,
                "count": 1,
                "answered_by": "|".join(
                    draw(st.sets(st.sampled_from(SIMPLE_KINDS), min_size=1, max_size=3))
                ),
                **draw(worded("label", needed="label")),
            }
            for number in range(draw(st.integers(0, 2)))
        ],
        "duty",
    )
    rows["topics"] = _keyed(
        [
            {"slug": f"t{number}", **draw(worded("name", "description", needed="name"))}
            for number in range(draw(st.integers(0, 3)))
        ],
        "topic",
    )
    rows["assemblies"] = [
        {
            "key": "assembly",
            "code": "RND",
            "languages": one(["fr|nl", "fr"]),
            "regime": "regime",
            "committee": "committee",
            "example": draw(YES),
            "slug_fr": "assemblee",
            "slug_nl": "burgerraad",
            "presentation_fr": draw(html()),
            **draw(worded("title", "territory", "lead")),
        }
    ]
    both = rows["assemblies"][0]["languages"] == "fr|nl"
    rows["bodies"] = [
        {
            "key": key,
            "slug": key,
            "kind": kind,
            "assembly": maybe("assembly"),
            "parent": maybe("government") if key != "government" else "",
            "acronym": maybe(draw(texts(10))),
            "example": draw(YES),
            **draw(worded("name", "description", needed="name")),
        }
        for key, kind in [
            ("office", BodyKind.DIRECTORATE),
            ("government", BodyKind.GOVERNMENT),
            ("council", BodyKind.COUNCIL),
            ("committee", BodyKind.COMMITTEE),
        ]
    ]
    bodies = keys(rows["bodies"])
    rows["kinds"] = [
        {
            "key": "kind",
            "assembly": "assembly",
            "code": "wish",
            "deciding_body": maybe("government"),
            **draw(worded("name", needed="name")),
            **draw(worded("plural", needed="plural")),
        }
    ]
    rows["kind_words"] = [
        {
            "key": "word",
            "kind": "kind",
            "axis": "response",
            "value": "accepted",
            **draw(worded("word", needed="word")),
        }
    ]
    rows["cycles"] = _keyed(
        [
            {
                "assembly": "assembly",
                "code": f"C{number}",
                "slug_fr": f"cycle-{number}",
                "slug_nl": f"cyclus-{number}",
                "handed_over_on": maybe(draw(days)),
                "panel_size": maybe(draw(st.integers(0, 200))),
                "example": draw(YES),
                **draw(worded("title", "theme", "question", "drawing")),
            }
            for number in range(draw(st.integers(1, 2)))
        ],
        "cycle",
    )
    cycles = keys(rows["cycles"])
    rows["groups"] = _keyed(
        [
            {
                "cycle": "cycle0",
                "parent": maybe(f"group{draw(st.integers(0, number - 1))}") if number else "",
                "label": maybe(draw(texts(8))),
                "sort_order": draw(st.integers(0, 3)),
                **draw(worded("title")),
            }
            for number in range(draw(st.integers(0, 4)))
        ],
        "group",
    )
    labels = some(
        st.one_of(st.just(""), st.sampled_from(["1", "2", "10", "3.4", "=1", "D1 bis"])), 1, 5
    )
    rows["recommendations"] = []
    taken: set[tuple[str, str]] = set()
    for number, label in enumerate(labels):
        cycle = one(cycles)
        if label and (cycle, references.code(label)) in taken:
            label = ""
        taken.add((cycle, references.code(label)))
        languages = one(["fr", "fr nl", "nl fr"] if both else ["fr"]).split()
        within = [row["key"] for row in rows["groups"] if row["cycle"] == cycle]
        if not all(row.get(f"title_{code}") for row in rows["cycles"] for code in languages):
            languages = ["fr"]
        if not rows["assemblies"][0].get("title_nl"):
            languages = ["fr"]
        rows["recommendations"].append(
            {
                "key": f"asked{number}",
                "cycle": cycle,
                "label": label,
                "kind": "kind",
                "deciding_body": maybe("council"),
                "group": maybe(one(within)) if within else "",
                "topics": "|".join(draw(st.sets(st.sampled_from(keys(rows["topics"])))))
                if rows["topics"]
                else "",
                "addressees": "|".join(draw(st.sets(st.sampled_from(bodies)))),
                "handed_over_on": maybe(draw(days)),
                "votes_for": maybe(draw(st.integers(0, 100))),
                "language": languages[0],
                "example": draw(YES),
                **{f"title_{code}": draw(texts()).replace("\n", " ") for code in languages},
                **{f"verbatim_{code}": draw(html()) for code in languages},
                **{f"summary_{code}": maybe(draw(texts())) for code in languages},
            }
        )
    asked = keys(rows["recommendations"])
    rows["acts"] = _keyed(
        [
            {
                "cycle": one(cycles),
                "number": f"2023 V. {number}",
                "session_first": day,
                "session_last": day,
                "council": "council",
                "result": "adopted",
                "lead_body": one(bodies),
                "link": one(Link.values),
                "votes_for": maybe(draw(st.integers(0, 163))),
                "recommendations": "|".join(draw(st.sets(st.sampled_from(asked), min_size=1))),
                "example": draw(YES),
                **draw(worded("title", "article")),
            }
            for number, day in enumerate(some(days, 0, 2))
        ],
        "act",
    )
    rows["measures"] = _keyed(
        [
            {
                "cycle": one(cycles),
                "label": maybe(f"{number}.{number}"),
                "announced_on": day,
                "announced_by": one(bodies),
                "contributors": "|".join(draw(st.sets(st.sampled_from(bodies)))),
                "first_lead": maybe(one(bodies)),
                "first_deadline": maybe(draw(days)),
                "example": draw(YES),
                **draw(worded("title", "text", "first_deadline_words")),
            }
            for number, day in enumerate(some(days, 0, 3))
        ],
        "measure",
    )
    measures = keys(rows["measures"])
    rows["measure_serves"] = [
        {
            "key": f"{measure}-{served}",
            "measure": measure,
            "recommendation": served,
            **draw(worded("part", needed="")),
        }
        for measure in measures
        for served in sorted(draw(st.sets(st.sampled_from(asked), min_size=1)))
    ]
    rows["actions"], rows["targets"], rows["sources"] = [], [], []
    correctable: list[dict[str, Any]] = []
    for number in range(draw(st.integers(0, 7))):
        key = f"step{number}"
        first = draw(days)
        last = first + datetime.timedelta(days=draw(st.sampled_from([0, 0, 20])))
        action: dict[str, Any] = {
            "key": key,
            "assembly": "assembly",
            "kind": one(list(SIMPLE_KINDS)),
            "happened_first": first,
            "happened_last": last,
            "body": one(bodies),
            "cycle": maybe(one(cycles)),
            "amount": maybe(draw(st.decimals(0, 10**9, places=2))),
            "new_deadline": maybe(draw(days)),
            "example": draw(YES),
            **draw(worded("title", "text")),
        }
        if draw(st.booleans()):
            action["published_elsewhere_on"] = max([last, draw(days)])
        if correctable and draw(st.booleans()):
            corrected = correctable.pop(draw(st.integers(0, len(correctable) - 1)))
            action |= {"kind": "correction", "corrects": corrected["key"]}
            action |= {"body": corrected["body"], "reason_text_fr": draw(texts())}
            action["withdraws"] = draw(YES)
        correctable.append(action)
        on_measures = bool(measures) and draw(st.booleans())
        things = draw(st.sets(st.sampled_from(measures if on_measures else asked), min_size=1))
        name = "measure" if on_measures else "recommendation"
        rows["targets"] += [
            {"key": f"{key}-{thing}", "action": key, name: thing} for thing in sorted(things)
        ]
        rows["sources"] += [
            {
                "key": f"{key}-{position}-{language}",
                "action": key,
                "position": position,
                "language": language,
                "title": draw(texts()).replace("\n", " "),
                "url": "https://example.org/?a=1&b=é",
                "official": draw(YES),
            }
            for position in range(1, 1 + draw(st.integers(1, 2)))
            for language in LANGUAGES[: draw(st.integers(1, 2))]
        ]
        if action.get("withdraws") != "true" and draw(st.booleans()):
            axis = "implementation" if on_measures else one(list(map(str, DEMANDS))[:3])
            value = one([str(each) for each in DEMANDS[axis]])
            action |= {"axis": axis, "value": value}
            for demand in DEMANDS[axis][value]:
                action |= _demanded(draw, demand, bodies)
        if action["kind"] == "decision":
            action["stage"] = maybe(one(Stage.values))
        rows["actions"].append(action)
    rows["announced_counts"] = _keyed(
        [
            {
                "cycle": one(cycles),
                "counts": one(["recommendations", "answered", "panel"]),
                "number": maybe(draw(st.integers(0, 99))),
                "stated_on": maybe(draw(days)),
                "body": maybe(one(bodies)),
                "example": draw(YES),
                **draw(worded("words", needed="words")),
                **draw(worded("source_title", needed="source_title")),
            }
            for _ in range(draw(st.integers(0, 3)))
        ],
        "count",
    )
    rows["withdrawals"] = _keyed(
        [
            {
                "recommendation": key,
                "withdrawn_on": draw(days),
                "example": draw(YES),
                **draw(worded("reason", needed="reason")),
            }
            for key in sorted(draw(st.sets(st.sampled_from(asked), max_size=1)))
        ],
        "gone",
    )
    for name in ("acts", "measures", "actions", "announced_counts", "withdrawals"):
        for row in rows[name]:
            row["published_on"] = maybe(draw(days))
    for given in rows.values():
        for row in given:
            for name, value in row.items():
                row[name] = value.isoformat() if isinstance(value, datetime.date) else str(value)
    return {name: draw(st.permutations(given)) for name, given in rows.items()}


def _demanded(draw: st.DrawFn, name: str, bodies: list[str]) -> dict[str, Any]:
    match name:
        case "decision_due":
            return {name: draw(days)}
        case "concerned_body":
            return {name: draw(st.sampled_from(bodies))}
        case "link":
            return {name: draw(st.sampled_from(Link.values))}
        case "reason":
            return {name: draw(st.sampled_from(Reason.values))}
        case "opinion_object":
            return {name: draw(st.sampled_from(OpinionObject.values))}
        case "sources":
            return {}
        case _:
            return {f"{name}_fr": draw(texts())}
