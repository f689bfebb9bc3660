"""Decidim's accountability: the CSV file of its results, as its own importer documents the columns.

A *result* is what the authority does about proposals, so it becomes a measure; the proposals that
it names become the recommendations. A result without proposals serves those of the result above
it; where none above names any, the topmost one stands for what was asked, and says so. Status and
percentage are kept as the platform's statement, in a step that sets no state.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.converters.folder import (
    Conversion,
    Given,
    Words,
    languages_of,
    rows_of,
    title_of,
)
from exchange.richtext import plain, reduced

#: A column's name of ours, and the names it has had.
COLUMNS = {
    "id": ("result_id", "id"),
    "external": ("external_id",),
    "parent": ("parent_id", "parent/id"),
    "parent_external": ("parent_external_id", "parent/external_id"),
    "start": ("start_date",),
    "end": ("end_date",),
    "status": ("status", "status/name", "status/key", "decidim_accountability_status_id"),
    "progress": ("progress",),
    "proposals": ("proposal_ids", "proposals", "proposal_urls"),
}
DAY_FORMS = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y")
NUMBER = re.compile(r"\d+(?=\D*$)")


@dataclass(slots=True)
class Result:
    """One row of the file."""

    number: int
    key: str
    parent: str
    start: date | None
    end: date | None
    status: str
    progress: str
    proposals: list[str]
    title: Words
    description: Words


def convert(source: Path, given: Given) -> Conversion:
    conversion = Conversion(given)
    rows = list(rows_of(source, conversion))
    headers = set(rows[0][1]) if rows else set()
    headers = {header.replace("/", "_", 1) for header in headers if header.startswith("title")}
    conversion.languages = languages_of(headers, "title_", conversion)
    if not conversion.languages and not conversion.problems:
        conversion.problem(source, 1, "title_…", "", _("This column is missing."))
        return conversion
    results = _results(source, rows, conversion)
    above = {result.key: _above(result, results) for result in results.values()}
    _check_parents(source, results, above, conversion)
    if conversion.problems:
        return conversion
    conversion.frame(
        "proposal",
        conversion.ours(gettext_lazy("proposal")),
        conversion.ours(gettext_lazy("proposals")),
    )
    cycle = conversion.cycle(given.cycle, conversion.in_all(given.cycle))
    _proposals(results, cycle, conversion)
    for result in results.values():
        serves = next((each.proposals for each in above[result.key] if each.proposals), [])
        _result(result, above[result.key][-1], serves, cycle, conversion)
    return conversion


# -- reading ---------------------------------------------------------------------------------------


def _results(
    source: Path, rows: list[tuple[int, dict[str, str]]], conversion: Conversion
) -> dict[str, Result]:
    found: dict[str, Result] = {}
    external: dict[str, str] = {}
    for number, row in rows:
        said = {
            name: next((row[header] for header in headers if row.get(header)), "")
            for name, headers in COLUMNS.items()
        }
        key = said["id"] or said["external"] or f"row{number}"
        if key in found:
            reason = _("Row %(row)d has this key already.") % {"row": found[key].number}
            conversion.problem(source, number, "result_id", key, reason)
            continue
        if said["external"]:
            external[said["external"]] = key
        names = [part.strip() for part in re.split(r"[;,\s]+", said["proposals"]) if part.strip()]
        title = _words(row, "title", conversion)
        if not title:
            reason = _("Give it in at least one language.")
            conversion.problem(source, number, "title_…", "", reason)
        found[key] = Result(
            number=number,
            key=key,
            parent=said["parent"] or external.get(said["parent_external"], said["parent_external"]),
            start=_day(source, number, "start_date", said["start"], conversion),
            end=_day(source, number, "end_date", said["end"], conversion),
            status=said["status"],
            progress=said["progress"],
            proposals=[match[0] for name in names if (match := NUMBER.search(name))],
            title=title,
            description=_words(row, "description", conversion),
        )
    return found


def _words(row: dict[str, str], name: str, conversion: Conversion) -> Words:
    texts = {
        language: row.get(f"{name}_{language}") or row.get(f"{name}/{language}") or ""
        for language in conversion.languages
    }
    return {language: text for language, text in texts.items() if text}


def _day(source: Path, number: int, column: str, text: str, conversion: Conversion) -> date | None:
    if not text:
        return None
    for form in DAY_FORMS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 – a day has no time zone
        except ValueError:
            continue
    conversion.problem(source, number, column, text, _("Not a day that exists."))
    return None


def _above(result: Result, results: dict[str, Result]) -> list[Result]:
    """The result itself, and those above it, the topmost last."""
    chain = [result]
    while (parent := results.get(chain[-1].parent)) is not None and parent not in chain:
        chain.append(parent)
    return chain


def _check_parents(
    source: Path,
    results: dict[str, Result],
    above: dict[str, list[Result]],
    conversion: Conversion,
) -> None:
    for result in results.values():
        top = above[result.key][-1]
        if result.parent and result.parent not in results:
            reason = _("There is no such result.")
            conversion.problem(source, result.number, "parent_id", result.parent, reason)
        elif top.parent in results:
            reason = _("It is within itself.")
            conversion.problem(source, result.number, "parent_id", result.parent, reason)


# -- writing ---------------------------------------------------------------------------------------


def _proposals(results: dict[str, Result], cycle: str, conversion: Conversion) -> None:
    """A recommendation for each proposal that a result names."""
    named = Counter(key for result in results.values() for key in result.proposals)
    texts = _texts_of_proposals(conversion)
    missing = sorted(set(named) - texts.keys(), key=int)
    for key in sorted(named, key=int):
        title, body = texts.get(key, ({}, {}))
        stand_in = conversion.ours(
            gettext_lazy("[Proposal %(number)s of the original platform]"), number=key
        )
        _recommendation(
            f"proposal-{key}", key, cycle, title or stand_in, body or stand_in, conversion
        )
    if missing:
        conversion.notes.append(
            f"The texts of {len(missing)} proposals are not in this file: {', '.join(missing)}."
        )


def _texts_of_proposals(conversion: Conversion) -> dict[str, tuple[Words, Words]]:
    """Number → title and text, out of Decidim's own export of proposals."""
    path = conversion.given.proposals
    if path is None:
        return {}
    return {
        row["id"]: (_words(row, "title", conversion), _words(row, "body", conversion))
        for _number, row in rows_of(path, conversion)
        if row.get("id")
    }


def _recommendation(
    key: str, label: str, cycle: str, title: Words, text: Words, conversion: Conversion
) -> None:
    said = {language: reduced(each, marks=False) for language, each in text.items()}
    language = next(each for each in conversion.languages if title.get(each) and said.get(each))
    conversion.add(
        "recommendations",
        key,
        cycle=cycle,
        label=label,
        kind="proposal",
        language=language,
        example=False,
        title={code: title_of(plain(each)) for code, each in title.items()},
        verbatim=said,
    )


def _result(
    result: Result, top: Result, serves: list[str], cycle: str, conversion: Conversion
) -> None:
    asked = [f"proposal-{key}" for key in serves] or [f"result-{top.key}"]
    if not serves and result is top:
        note = conversion.ours(
            gettext_lazy("[Result %(number)s of the original platform, which names no proposal]"),
            number=result.key,
        )
        text = {code: f"<p>{note[code]}</p>{_html(result, code)}" for code in result.title}
        _recommendation(asked[0], f"R{result.key}", cycle, result.title, text, conversion)
        _statement(result, {"recommendation": asked[0]}, conversion)
        return
    key = f"measure-{result.key}"
    conversion.add(
        "measures",
        key,
        cycle=cycle,
        label=result.key,
        title={code: " ".join(plain(text).split()) for code, text in result.title.items()},
        text={code: plain(text) for code, text in result.description.items()},
        announced_on=conversion.given.stated_on,
        announced_by="authority",
        first_deadline=result.end,
        example=False,
    )
    for each in asked:
        conversion.add("measure_serves", f"{key}-{each}", measure=key, recommendation=each)
    _statement(result, {"measure": key}, conversion)


def _html(result: Result, language: str) -> str:
    return reduced(result.description.get(language) or result.title[language], marks=False)


def _statement(result: Result, about: dict[str, str], conversion: Conversion) -> None:
    """What the platform says of status and progress: a statement of its own, and no state."""
    if not (result.status or result.progress or result.start):
        return
    key = f"statement-{result.key}"
    said: dict[str, list[str]] = {language: [] for language in conversion.languages}
    for message, value in (
        (gettext_lazy("Status on the original platform: %(value)s."), result.status),
        (
            gettext_lazy("Progress on the original platform: %(value)s."),
            _percentage(result.progress),
        ),
        (gettext_lazy("Begun on: %(value)s."), result.start and result.start.strftime("%d/%m/%Y")),
        (
            gettext_lazy("End planned on: %(value)s."),
            result.end and result.end.strftime("%d/%m/%Y"),
        ),
    ):
        if value:
            for language, text in conversion.ours(message, value=value).items():
                said[language].append(text)
    conversion.add(
        "actions",
        key,
        assembly=conversion.given.assembly,
        kind="progress",
        happened_first=conversion.given.stated_on,
        happened_last=conversion.given.stated_on,
        body="authority",
        example=False,
        title=conversion.ours(gettext_lazy("What the original platform says of its progress")),
        text={language: " ".join(lines) for language, lines in said.items()},
    )
    conversion.add("targets", f"{key}-target", action=key, **about)
    if conversion.given.source_url:
        conversion.add(
            "sources",
            f"{key}-source",
            action=key,
            position=1,
            title=conversion.given.title,
            url=conversion.given.source_url,
            official=False,
        )


def _percentage(text: str) -> str:
    """A number is a percentage; what is none stays as it is."""
    number = text.replace(",", ".").rstrip("% ")
    if not re.fullmatch(r"\d+(\.\d+)?", number):
        return text
    return f"{float(number):g}\u00a0%"
