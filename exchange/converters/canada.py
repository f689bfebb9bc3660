"""Canada's action plans for open government: commitment → milestone → indicator, in two languages.

A plan is a cycle, a commitment a group, a milestone what was asked, an indicator a measure with its
deadline in words. A day is given only where the words leave no doubt which it is.
"""

import calendar
import re
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies.titles import LONGEST_OF_PAGE
from exchange.converters.folder import Conversion, Given, Words, languages_of, rows_of, title_of

LEVELS = ("commitments", "milestones", "indicators")
MONTHS = {
    name: number
    for names in (
        "january february march april may june july august september october november december",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    )
    for number, name in enumerate(names.split(), start=1)
}
BY_MONTH = re.compile(r"(?:by |d['’]ici )?(\w+) (\d{4})", re.IGNORECASE)
BY_END = re.compile(r"(?:by (?:the )?end of|d['’]ici la fin de) (\d{4})", re.IGNORECASE)
DEPARTMENT = re.compile(r"[a-z0-9-]+")


def convert(source: Path, given: Given) -> Conversion:
    conversion = Conversion(given)
    rows = list(rows_of(source, conversion))
    headers = set(rows[0][1]) if rows else set()
    known = {f"text_{code}" for code in headers & {"en", "fr"}}
    conversion.languages = languages_of(known, "text_", conversion)
    missing = {"plan", "level", "code", "parent"} - headers
    for column in sorted(missing):
        conversion.problem(source, 1, column, "", _("This column is missing."))
    if not conversion.languages and not missing:
        conversion.problem(source, 1, "en", "", _("This column is missing."))
    if conversion.problems:
        return conversion
    conversion.frame(
        "milestone",
        conversion.ours(gettext_lazy("milestone")),
        conversion.ours(gettext_lazy("milestones")),
    )
    for plan in dict.fromkeys(row["plan"] for _number, row in rows):
        title = conversion.ours(gettext_lazy("Action plan %(number)s"), number=plan)
        conversion.cycle(f"P{plan}", title)
    departments = {code: None for _n, row in rows for code in _departments(row)}
    for code in departments:
        conversion.body(code, code.upper(), kind="administration")
    keys = {(row["plan"], row["code"]) for _number, row in rows}
    rows.sort(key=lambda pair: LEVELS.index(pair[1]["level"]) if pair[1]["level"] in LEVELS else 3)
    for number, row in rows:
        if row["level"] not in LEVELS:
            reason = _("Not one of: %(codes)s.") % {"codes": ", ".join(LEVELS)}
            conversion.problem(source, number, "level", row["level"], reason)
        elif row["level"] != LEVELS[0] and (row["plan"], row["parent"]) not in keys:
            reason = _("There is no such row.")
            conversion.problem(source, number, "parent", row["parent"], reason)
        else:
            _row(row, conversion)
    return conversion


def _row(row: dict[str, str], conversion: Conversion) -> None:
    cycle = f"{conversion.given.assembly}-P{row['plan']}"
    key, parent = f"{cycle}-{row['code']}", f"{cycle}-{row['parent']}"
    said = {code: row[code] for code in conversion.languages if row.get(code)}
    if row["level"] == "commitments":
        conversion.add(
            "groups", key, cycle=cycle, label=row["code"], title=said, sort_order=0, example=False
        )
    elif row["level"] == "milestones":
        conversion.add(
            "recommendations",
            key,
            cycle=cycle,
            label=row["code"],
            kind="milestone",
            group=parent,
            language=next(iter(said)),
            example=False,
            # The whole of it is the verbatim.
            title={code: title_of(text, LONGEST_OF_PAGE) for code, text in said.items()},
            verbatim={code: f"<p>{_escaped(text)}</p>" for code, text in said.items()},
        )
    else:
        departments = _departments(row)
        words: Words = {
            code: text for code in conversion.languages if (text := row.get(f"deadline_{code}"))
        }
        conversion.add(
            "measures",
            key,
            cycle=cycle,
            label=row["code"],
            title=said,
            announced_on=conversion.given.stated_on,
            announced_by="authority",
            first_lead=next(iter(departments), None),
            contributors=departments[1:],
            first_deadline=next(filter(None, map(day_of, words.values())), None),
            first_deadline_words=words,
            example=False,
        )
        conversion.add("measure_serves", f"{key}-serves", measure=key, recommendation=parent)


def _departments(row: dict[str, str]) -> list[str]:
    """``tbs-sct``, or several of them in a list as Python writes it."""
    return DEPARTMENT.findall(row.get("lead_dept", ""))


def day_of(words: str) -> date | None:
    """The last day that a deadline in words allows, where it says a month or the end of a year.

    >>> day_of("D'ici mars 2023"), day_of("By the end of 2028"), day_of("By fall 2027")
    (datetime.date(2023, 3, 31), datetime.date(2028, 12, 31), None)
    """
    if match := BY_END.fullmatch(words):
        return date(int(match[1]), 12, 31)
    match = BY_MONTH.fullmatch(words)
    month = MONTHS.get(match[1].lower()) if match else None
    if match is None or month is None:
        return None
    year = int(match[2])
    return date(year, month, calendar.monthrange(year, month)[1])


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
