"""The checklist before freezing: what goes in, what is missing, and where that is put right."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, pgettext

from assemblies.enums import Kind
from assemblies.models import (
    Action,
    Body,
    Cycle,
    DutyRule,
    Group,
    Measure,
    Recommendation,
    RecommendationKind,
    Topic,
)
from assemblies.words import choose
from booklets.drafting import Drafting
from booklets.gaps import SORTS
from booklets.models import BookletPage
from booklets.reading import day
from booklets.telling import GAPS

#: Table of a snapshot → what its rows are, and the field that a snapshot names them by.
TABLES: dict[str, tuple[Any, str]] = {
    "recommendations": (Recommendation, "reference"),
    "measures": (Measure, "reference"),
    "cycles": (Cycle, "reference"),
    "actions": (Action, "number"),
    "groups": (Group, "pk"),
    "topics": (Topic, "pk"),
    "kinds": (RecommendationKind, "code"),
    "bodies": (Body, "slug"),
}
#: What the form of a step calls what it is about.
NOUNS = {"recommendations": "recommendation", "measures": "measure", "cycles": "cycle"}


@dataclass
class Section:
    """One sort of gap: its sentence, and each thing with its link."""

    sort: str
    title: str
    sentence: str
    entries: list[dict[str, Any]] = field(default_factory=list)


class Checklist:
    """A draft, and what it lacks."""

    def __init__(self, page: BookletPage) -> None:
        self.page = page
        self.drafting = Drafting(page)
        self.snapshot = self.drafting.snapshot
        self.edition = self.snapshot["edition"]
        self.counts = {
            "recommendations": len(self.snapshot["recommendations"]),
            "measures": len(self.snapshot["measures"]),
            "steps": len(self.snapshot["actions"]),
        }
        self.closing_on = day(self.edition["closing_on"])
        self.period_from = day(self.edition["period_from"])
        self._found: dict[str, dict[str, int]] = {}
        self._pages: dict[str, dict[str, int]] = {}
        self.sections = self._sections()

    @property
    def complete(self) -> bool:
        return not any(section.entries for section in self.sections)

    @property
    def count(self) -> int:
        return sum(len(section.entries) for section in self.sections)

    @property
    def bodies(self) -> list[tuple[str, str]]:
        """The bodies that answer for something in it, for their own cut."""
        found = [
            (row["body"], choose(self.snapshot["bodies"][row["body"]]["name"]).text)
            for row in self.snapshot["answerable"]
        ]
        return sorted(found, key=lambda each: each[1].casefold())

    @property
    def versions(self) -> list[dict[str, Any]]:
        """Each language of the edition: its page, and whether its foreword is written."""
        return [
            {
                "code": code,
                "page": self.drafting.versions.get(code),
                "title": self.snapshot["texts"].get(code, {}).get("title", ""),
                "foreword": bool(self.snapshot["texts"].get(code, {}).get("foreword")),
            }
            for code in self.drafting.languages
        ]

    def _sections(self) -> list[Section]:
        titles = {
            "late": gettext("Expected, and not there"),
            "refusal": gettext("Refusals without reason"),
            "evidence": gettext("“Delivered” without evidence"),
            "lead": gettext("Measures without lead body"),
            "translation": gettext("Texts that are not translated"),
            "foreword": gettext("Foreword"),
        }
        found = []
        for sort in SORTS:
            gaps = [gap for gap in self.snapshot["gaps"] if gap["sort"] == sort]
            sentence = GAPS[sort](len(gaps)) if gaps else ""
            found.append(Section(sort, titles[sort], sentence, [self._entry(gap) for gap in gaps]))
        return found

    def _entry(self, gap: dict[str, Any]) -> dict[str, Any]:
        return {
            "name": self._name(gap),
            "text": self._text(gap),
            "url": self._url(gap),
            "language": gap.get("language", ""),
        }

    def _name(self, gap: dict[str, Any]) -> str:
        if gap["table"] == "actions":
            return gettext("Step no. %(number)s") % {"number": gap["name"]}
        if gap["table"] in ("recommendations", "measures", "cycles"):
            return str(gap["name"])
        if gap["table"] == "texts":
            return str(gap["language"]).upper()
        row = self.snapshot[gap["table"]].get(gap["name"], {})
        return choose(row.get("name") or row.get("title") or {}).text or str(gap["name"])

    def _text(self, gap: dict[str, Any]) -> str:
        if "sentence" in gap:
            return choose(gap["sentence"]).text
        if gap["sort"] == "translation":
            fields = {
                "title": pgettext("field", "title"),
                "text": pgettext("field", "text"),
                "verbatim": pgettext("field", "the citizens’ words"),
                "summary": pgettext("field", "summary"),
                "name": pgettext("field", "name"),
                "plural": pgettext("field", "name, plural"),
                "reason_text": pgettext("field", "reason"),
            }
            names = ", ".join(fields.get(name, pgettext("field", "text")) for name in gap["fields"])
            return gettext("missing in %(language)s: %(fields)s") % {
                "language": gap["language"].upper(),
                "fields": names,
            }
        return self._title(gap)

    def _title(self, gap: dict[str, Any]) -> str:
        if gap["table"] == "measures":
            return choose(self.snapshot["measures"][gap["name"]]["title"]).text
        if gap["table"] == "recommendations":
            rows = self.snapshot["recommendations"]
            row = next(each for each in rows if each["reference"] == gap["name"])
            return choose(row["title"]).text
        return ""

    def _url(self, gap: dict[str, Any]) -> str:
        """Where in the admin it is put right: a step is ready to be filled, never rewritten."""
        table, name = gap["table"], gap["name"]
        if table == "texts":
            page = self.drafting.versions.get(name)
            return reverse("wagtailadmin_pages:edit", args=[page.pk]) if page is not None else ""
        if gap["sort"] in ("refusal", "evidence"):
            action = self._key("actions", str(gap["action"]))
            return _step(corrects=action) if action else ""
        key = self._key(table, str(name))
        if key is None:
            return ""
        if gap["sort"] == "late":
            return _step(**{NOUNS[table]: key}, **self._answer(gap))
        if gap["sort"] == "lead":
            return _step(measure=key, kind=Kind.LEAD)
        if table in ("recommendations", "cycles"):
            return reverse("wagtailadmin_pages:edit", args=[self._pages[table][str(name)]])
        viewset = TABLES[table][0].snippet_viewset
        view = "languages" if table in ("actions", "measures") else "edit"
        return str(reverse(viewset.get_url_name(view), args=[key]))

    def _answer(self, gap: dict[str, Any]) -> dict[str, Any]:
        """The kind of step that answers what is late, and the duty that it answers."""
        rule = self._rules.get(gap["rule"])
        if rule is not None:
            kind, *_others = rule.answered_by or [""]
            return {"kind": kind, "stage": rule.answered_by_stage, "answers": rule.pk}
        return {"kind": Kind.RESPONSE if gap["table"] == "recommendations" else Kind.OUTCOME}

    @cached_property
    def _rules(self) -> dict[str, DutyRule]:
        rules = DutyRule.objects.filter(regime=self.drafting.place.assembly.regime_id)
        return {rule.code: rule for rule in rules}

    def _key(self, table: str, name: str) -> int | None:
        return self._keys(table).get(name)

    def _keys(self, table: str) -> dict[str, int]:
        """Name in the snapshot → key, of all that a table's gaps are about; one query a table."""
        if table not in self._found:
            model, field = TABLES[table]
            names = {str(g["name"]) for g in self.snapshot["gaps"] if g["table"] == table}
            if table == "actions":
                names |= {str(g["action"]) for g in self.snapshot["gaps"] if g.get("action")}
            rows = model.objects.filter(**{f"{field}__in": names})
            if table == "kinds":
                rows = rows.filter(assembly=self.drafting.place.assembly)
            columns = (
                field,
                "pk",
                *(["page_id"] if table in ("recommendations", "cycles") else []),
            )
            found = {str(name): more for name, *more in rows.values_list(*columns)}
            self._found[table] = {name: more[0] for name, more in found.items()}
            self._pages[table] = {name: more[-1] for name, more in found.items()}
        return self._found[table]


def _step(**values: Any) -> str:
    """The form of a new step, filled with what is known of it."""
    address = reverse(Action.snippet_viewset.get_url_name("add"))
    return f"{address}?{urlencode({name: value for name, value in values.items() if value})}"
