"""A snapshot as templates read it: names in place of keys, in the language that is active.

Nothing here asks the database: what a page or a PDF shows comes from the snapshot alone.
"""

import datetime
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext

from assemblies import dates
from assemblies.enums import DONE_IMPLEMENTATIONS, Axis, PassageState, Response
from assemblies.pages.measures import breakdown
from assemblies.pages.rows import TALLIED
from assemblies.pages.voices import opinion_label
from assemblies.passages import Mark, Text, letter
from assemblies.words import Choice, choose
from booklets import canonical, signs


def day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def days(value: dict[str, Any]) -> tuple[datetime.date, datetime.date] | None:
    """First and last day of a value."""
    first, last = day(value.get("first")), day(value.get("last"))
    return (first, last) if first and last else None


class Reading:
    """One snapshot in the active language. ``printed``: for paper, where addresses are whole."""

    def __init__(self, snapshot: dict[str, Any], sha256: str = "", *, printed: bool = False):
        self.snapshot = snapshot
        self.sha256 = sha256
        self.printed = printed
        self.language = get_language() or settings.LANGUAGE_CODE
        self.edition = snapshot["edition"]
        self.assembly = snapshot["assembly"]

    @property
    def cycles(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.snapshot["cycles"]
        return found

    @property
    def withdrawn(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.snapshot["withdrawn"]
        return found

    # -- the editors' words -------------------------------------------------------------------

    def text(self, name: str) -> Choice:
        """A text of the editors, in the reader's language or in the one that it has."""
        texts = self.snapshot["texts"]
        return choose({code: texts[code].get(name) or "" for code in texts})

    @cached_property
    def title(self) -> Choice:
        return self.text("title")

    @cached_property
    def subtitle(self) -> Choice:
        return self.text("subtitle")

    @cached_property
    def foreword(self) -> dict[str, Any]:
        return self._rich("foreword")

    @cached_property
    def colophon(self) -> dict[str, Any]:
        return self._rich("colophon")

    def _rich(self, name: str) -> dict[str, Any]:
        said = self.text(name)
        return {"html": trusted(said.text), "language": said.language, "missing": said.missing}

    @cached_property
    def chapters(self) -> dict[str, Any]:
        """The free chapters, all in one language: the reader's if it has any."""
        texts = self.snapshot["texts"]
        order = [self.language, self.edition.get("original"), *texts]
        code = next((c for c in order if c in texts and texts[c].get("chapters")), self.language)
        blocks = texts.get(code, {}).get("chapters", [])
        found = []
        for block in blocks:
            html = trusted(block["html"]) if "html" in block else ""
            more = {"url": self.file_url(block["file"])} if "file" in block else {}
            found.append({**block, "html": html, **more})
        return {"blocks": found, "language": code, "missing": code != self.language}

    # -- addresses ----------------------------------------------------------------------------

    def url(self, view: str, *args: Any) -> str:
        """An address of the living site; on paper with its host."""
        path = reverse(view, args=args)
        return f"{self.edition.get('site', '')}{path}" if self.printed else path

    def file_url(self, name: str) -> str:
        """Of a picture that belongs to the edition; the printer looks for it by its name."""
        if self.printed:
            return f"edition:{name}"
        return reverse("booklets:picture", args=[self.edition.get("code", ""), name])

    @cached_property
    def pdf_url(self) -> str:
        return self.url("booklets:file", f"{self.edition.get('code', '')}.pdf")

    @cached_property
    def data_url(self) -> str:
        return self.url("booklets:file", f"{self.edition.get('code', '')}.json")

    @cached_property
    def tables_url(self) -> str:
        return self.url("booklets:file", f"{self.edition.get('code', '')}.zip")

    # -- lists --------------------------------------------------------------------------------

    def body(self, key: str | None) -> dict[str, Any] | None:
        return self.snapshot["bodies"].get(key) if key else None

    def name(self, key: str | None) -> Any:
        body = self.body(key)
        return body["name"] if body else ""

    def words_of(self, kind: str, axis: str, code: str) -> Choice | None:
        """A kind's own word for a state, where it has one in the reader's language."""
        own = self.snapshot["kinds"].get(kind, {}).get("words", {}).get(f"{axis}/{code}")
        said = choose(own or {})
        if not said or said.missing:
            return None
        return Choice(capfirst(said.text), said.language)

    @cached_property
    def lead_word(self) -> Any:
        said = choose(self.assembly.get("lead_word") or {})
        return capfirst(said.text) if said and not said.missing else gettext("Lead body")

    def action(self, number: Any) -> dict[str, Any]:
        found: dict[str, Any] = self.snapshot["actions"].get(str(number), {})
        return found

    # -- dates --------------------------------------------------------------------------------

    @cached_property
    def closing_on(self) -> Any:
        return day(self.edition["closing_on"])

    @cached_property
    def frozen_on(self) -> Any:
        return day(self.edition.get("frozen_on"))

    @cached_property
    def period_from(self) -> Any:
        return day(self.edition.get("period_from"))

    # -- the cover ----------------------------------------------------------------------------

    @cached_property
    def panel(self) -> dict[str, Any]:
        """What the mark on the cover draws: as many signs as the panel had members."""
        sizes = [cycle["panel_size"] for cycle in self.snapshot["cycles"] if cycle["panel_size"]]
        return {"count": sizes[0] if len(sizes) == 1 else 100}

    @cached_property
    def cover_picture(self) -> dict[str, Any] | None:
        cover = self.snapshot.get("cover") or {}
        if cover.get("shows") != "picture":
            return None
        return {**cover, "url": self.file_url(cover["file"]), "alt": choose(cover["alt"]).text}

    # -- sheets -------------------------------------------------------------------------------

    @cached_property
    def sheets(self) -> list[dict[str, Any]]:
        return [self.sheet(each) for each in self.snapshot["recommendations"]]

    @cached_property
    def sections(self) -> list[dict[str, Any]]:
        """The sheets under the headings of their groups, in the order of the edition."""
        found: list[dict[str, Any]] = []
        before: Any = ()
        for sheet in self.sheets:
            group = self.snapshot["groups"].get(sheet["group"] or "")
            if self.snapshot["scope"]["order"] != "cycle":
                group = None
            if not found or group != before:
                found.append({"group": group, "sheets": []})
                before = group
            found[-1]["sheets"].append(sheet)
        return found

    def sheet(self, row: dict[str, Any]) -> dict[str, Any]:
        """One sheet, with everything it names in place."""
        kind = self.snapshot["kinds"].get(row["kind"], {})
        called = choose(kind.get("name") or {})
        url = self.url("assemblies:reference", row["reference"])
        return {
            **row,
            "kicker": Choice(
                f"{capfirst(called.text)} {row['number']}".strip(),
                called.language,
                missing=called.missing,
            ),
            "long": len(choose(row["title"]).text) > LONG,
            "words": self.verbatim(row),
            "answer": self.answer(row, row["response"]),
            "others": [self.answer(row, value, deciding=False) for value in row["other_responses"]],
            "judgement": self.judgement(row),
            "counted": breakdown(row["measure_codes"]),
            "planned": [self.measure(reference) for reference in row["measures"]],
            "own": self.own_delivery(row),
            "owed": [duty for duty in row["duties"] if duty["status"] in ("late", "due")],
            "late": [duty for duty in row["duties"] if duty["status"] == "late"],
            "lead_name": self.name(row["lead"]),
            "group_row": self.snapshot["groups"].get(row["group"] or ""),
            "changed": self.changed(row),
            "address": url,
            "short": url.split("://", 1)[-1],
            "qr": signs.qr(f"{self.edition.get('site', '')}{self._path(row)}"),
        }

    def _path(self, row: dict[str, Any]) -> str:
        return reverse("assemblies:reference", args=[row["reference"]])

    def verbatim(self, row: dict[str, Any]) -> dict[str, Any]:
        """The citizens' words with their passages marked, and what became of each."""
        said = choose(row["verbatim"])
        text = Text(said.text)
        original = Text(row["verbatim"].get(row.get("original", ""), said.text))
        places = {
            each["key"]: _place(each, original, row.get("original", "")) for each in row["passages"]
        }
        marks, key = [], []
        for number, each in enumerate(
            sorted(row["passages"], key=lambda each: places[each["key"]]), start=1
        ):
            name = letter(number)
            span = _span(each, text, said.language)
            if span is not None:
                state = PassageState(each["state"]).label
                after = (
                    f'<sup class="segment__letter"><span class="visually-hidden">'
                    f"{gettext('Passage %(letter)s: %(state)s') % {'letter': name, 'state': state}}"
                    f'</span><span aria-hidden="true">{name}</span></sup>'
                )
                if self.printed:
                    after = f'<sup class="segment__letter">{name}</sup>'
                marks.append(Mark(span, f"segment segment--{each['state']}", after))
            key.append(
                {
                    **each,
                    "letter": name,
                    "label": PassageState(each["state"]).label,
                    "who": self.name(each["body"]),
                    "on": day(each["stated_on"]),
                }
            )
        return {
            "html": trusted(text.marked(marks)),
            "language": said.language,
            "missing": said.missing,
            "key": key,
        }

    def answer(
        self, row: dict[str, Any], value: dict[str, Any], *, deciding: bool = True
    ) -> dict[str, Any]:
        """What a body answered: who, when, which, in its words, with what it must say."""
        said = self.action(value.get("action"))
        code = value["code"]
        found: dict[str, Any] = {
            "code": code,
            "words": self.words_of(row["kind"], Axis.RESPONSE, code) if deciding else None,
            "who": self.name(value.get("body") or row["deciding_body"]),
            "when": days(value),
            "awaited": not said or code == Response.AWAITING,
        }
        if not said:
            return found
        texts = [said[name] for name in ("text", "title") if name in said and choose(said[name])]
        label = self.snapshot["labels"]["stage"].get(said["stage"]) or self.snapshot["labels"][
            "kind"
        ].get(said["acts_as"])
        facts = []
        if said.get("link"):
            facts.append((gettext("Link with what exists"), self._label("link", said["link"])))
        if said.get("reason"):
            facts.append((gettext("Reason code"), self._label("reason", said["reason"])))
        for name, term in (
            ("reason_text", gettext("Reason")),
            ("what_changed", gettext("What was changed")),
        ):
            if said.get(name):
                facts.append((term, said[name]))
        if value.get("decision_due"):
            due = day(value["decision_due"])
            facts.append((gettext("Decision announced"), dates.day(due) if due else ""))
        if code == Response.REFERRED and said.get("concerned_body"):
            facts.append((gettext("Referred to"), self.name(said["concerned_body"])))
        if act := said.get("act"):
            facts.append((gettext("Act"), act["number"]))
            facts.append((gettext("Votes"), _votes(act["votes"])))
        return found | {
            "label": label,
            "text": texts[0] if texts else {},
            "facts": facts,
            "sources": said.get("sources", []),
            "example": said.get("example"),
        }

    def _label(self, name: str, code: str) -> Any:
        return self.snapshot["labels"][name].get(code, {})

    def judgement(self, row: dict[str, Any]) -> dict[str, Any] | None:
        """What the committee thinks; None where no committee judges."""
        if not self.assembly["citizens_body"]:
            return None
        value = row["opinion"]
        said = self.action(value.get("action"))
        texts = [said[name] for name in ("text", "title") if choose(said.get(name) or {})]
        return {
            "code": value["code"],
            "who": self.name(value.get("body") or self.assembly.get("committee")),
            "when": days(value),
            "label": opinion_label(value.get("judged", "")) if said else "",
            "text": texts[0] if texts else {},
            "unseen": value.get("unseen", 0),
            "sources": said.get("sources", []),
            "example": said.get("example"),
            "absent": not said,
        }

    def measure(self, reference: str) -> dict[str, Any]:
        """A measure: how far it is, who leads it, by when, and on what that rests."""
        row = self.snapshot["measures"][reference]
        value = row["implementation"]
        said = self.action(value.get("action"))
        why = [said[n] for n in ("what_is_missing", "reason_text") if choose(said.get(n) or {})]
        deadline = row["deadline"]
        due: dict[str, Any] = {}
        if deadline:
            due = {
                "due": day(deadline["date"]),
                "due_words": self.action(deadline["action"]).get("deadline_words", {}),
            }
            if "first_action" in deadline:
                due |= {
                    "first_due": day(deadline["first_date"]),
                    "first_due_words": self.action(deadline["first_action"]).get(
                        "deadline_words", {}
                    ),
                }
        return {
            **row,
            "reference": reference,
            "code": value["code"],
            "why": why[0] if why else {},
            "news": said.get("title", {}),
            "when": days(value),
            "lead_name": self.name(row["lead"]),
            "helpers": [self.name(key) for key in row["contributors"]],
            "sources": said.get("sources", []),
            "late": [duty for duty in row["duties"] if duty["status"] == "late"],
            **due,
        }

    def own_delivery(self, row: dict[str, Any]) -> dict[str, Any] | None:
        """How far a recommendation without measures is."""
        value = row["implementation"]
        if row["measures"] or not value["code"]:
            return None
        said = self.action(value.get("action"))
        why = [said[n] for n in ("what_is_missing", "reason_text") if choose(said.get(n) or {})]
        return {
            "code": value["code"],
            "words": self.words_of(row["kind"], Axis.IMPLEMENTATION, value["code"]),
            "when": days(value),
            "why": why[0] if why else {},
            "sources": said.get("sources", []),
        }

    # -- changes ------------------------------------------------------------------------------

    @cached_property
    def by_reference(self) -> dict[str, dict[str, Any]]:
        return {each["reference"]: each for each in self.snapshot["recommendations"]}

    def changed(self, row: dict[str, Any]) -> list[dict[str, Any]]:
        """What changed on one sheet since the edition before."""
        found = self.snapshot.get("changes")
        if not found:
            return []
        mine = {row["reference"], *row["measures"]}
        return [self._change(each) for each in found["states"] if each["reference"] in mine]

    @cached_property
    def changes(self) -> dict[str, Any] | None:
        found = self.snapshot.get("changes")
        if not found:
            return None
        states = [self._change(each) for each in found["states"]]
        return {
            **found,
            "rows": states,
            "closing_on": day(found["since"]["closing_on"]),
            "late": [
                {**each, "label": self._called(each["noun"], each["reference"])}
                for each in found["newly_late"]
            ],
        }

    def _change(self, each: dict[str, Any]) -> dict[str, Any]:
        kind = self.by_reference.get(each["reference"], {}).get("kind", "")
        return {
            **each,
            **self._called(each["noun"], each["reference"]),
            "words_before": self.words_of(kind, each["axis"], each["before"]),
            "words_after": self.words_of(kind, each["axis"], each["after"]),
            "when": _pair(day(each["first"]), day(each["on"])),
        }

    def _called(self, noun: str, reference: str) -> dict[str, Any]:
        """Number and title of a recommendation, measure or cycle, and the sheet it stands on."""
        if noun == "measure":
            row = self.snapshot["measures"][reference]
            on = next(
                (s for s in self.snapshot["recommendations"] if reference in s["measures"]), None
            )
            return {"number": row["number"], "name": row["title"], "sheet": on and on["slug"]}
        if noun == "cycle":
            row = next(c for c in self.snapshot["cycles"] if c["reference"] == reference)
            return {"number": row["code"], "name": row["title"], "sheet": None}
        row = self.by_reference[reference]
        return {"number": row["number"], "name": row["title"], "sheet": row["slug"]}

    # -- figures ------------------------------------------------------------------------------

    @cached_property
    def figures(self) -> list[dict[str, Any]]:
        kinds = list(self.snapshot["kinds"])
        found = []
        one = len(self.snapshot["figures"]) == 1
        for counted in self.snapshot["figures"]:
            cycle = next(
                (c for c in self.snapshot["cycles"] if c["reference"] == counted["cycle"]), None
            )
            found.append(
                {
                    **counted,
                    "of": cycle,
                    "tally": [
                        {
                            "axis": Axis.RESPONSE.value,
                            "code": code.value,
                            "number": counted["response"].get(code.value, 0),
                            "words": self.words_of(kinds[0], Axis.RESPONSE, code.value)
                            if len(kinds) == 1
                            else None,
                        }
                        for code in TALLIED
                        # Of several cycles each tells what it has; one alone tells silence too.
                        if one or counted["response"].get(code.value)
                    ],
                    "done_codes": list(DONE_IMPLEMENTATIONS),
                    "counted": breakdown(
                        [code for code, n in counted["implementation"].items() for _ in range(n)]
                    ),
                }
            )
        return found

    # -- bodies, gaps -------------------------------------------------------------------------

    @cached_property
    def answerable(self) -> list[dict[str, Any]]:
        return [
            {
                **row,
                # Of those that it decides: what others asked it is no part of that share.
                "answered": [
                    r for r in row["answered"] if not row["decides"] or r in row["decides"]
                ],
                "name": self.name(row["body"]),
                "example": (self.body(row["body"]) or {}).get("example"),
            }
            for row in self.snapshot["answerable"]
        ]

    @cached_property
    def gaps(self) -> list[dict[str, Any]]:
        """What is missing, counted by sort, as readers are told."""
        from booklets.gaps import SORTS
        from booklets.telling import GAPS

        counted = dict.fromkeys(SORTS, 0)
        for gap in self.snapshot.get("gaps", ()):
            counted[gap["sort"]] += 1
        return [
            {"sort": sort, "text": GAPS[sort](number)}
            for sort, number in counted.items()
            if number and sort != "foreword"
        ]

    @cached_property
    def glossary(self) -> list[tuple[str, str]]:
        from booklets.telling import glossary

        return glossary(self.assembly["citizens_body"], str(self.lead_word))

    @cached_property
    def fingerprint(self) -> str:
        return canonical.grouped(self.sha256)

    @cached_property
    def counts(self) -> dict[str, int]:
        return {
            "recommendations": len(self.snapshot["recommendations"]),
            "measures": len(self.snapshot["measures"]),
            "steps": len(self.snapshot["actions"]),
        }


#: Titles longer than this are whole sentences and set smaller.
LONG = 120


def trusted(html: str) -> SafeString:
    """Editors' rich text, cleaned when it was written, with marks of our own in it."""
    return mark_safe(html)  # noqa: S308


def _pair(first: Any, last: Any) -> Any:
    return (first or last, last) if last else None


def _span(passage: dict[str, Any], text: Text, language: str) -> Any:
    quoted = passage["words"].get(language, "")
    time = str(passage["occurrence"].get(language, "1"))
    return text.find(quoted, int(time) if time.isdecimal() else 1) if quoted else None


def _place(passage: dict[str, Any], text: Text, language: str) -> tuple[int, int]:
    span = _span(passage, text, language)
    return (span.start if span else len(text.seen), int(passage["key"]))


def _votes(votes: Iterable[int | None]) -> str:
    from types import SimpleNamespace

    from assemblies.pages.voices import votes as told

    for_, against, abstained = votes
    return told(SimpleNamespace(votes_for=for_, votes_against=against, votes_abstained=abstained))
