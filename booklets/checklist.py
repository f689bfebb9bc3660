"""The checklist before freezing: what goes in, what is missing, and where that is put right."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, pgettext

from assemblies.models import Action, Cycle, Group, Measure, Recommendation, RecommendationKind
from assemblies.words import choose
from booklets.drafting import Drafting
from booklets.gaps import SORTS
from booklets.models import BookletPage
from booklets.reading import day
from booklets.telling import GAPS


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
        """Where in the admin it is put right."""
        table, name = gap["table"], gap["name"]
        if table == "texts":
            page = self.drafting.versions.get(name)
            return reverse("wagtailadmin_pages:edit", args=[page.pk]) if page is not None else ""
        if gap["sort"] in ("late", "refusal", "evidence"):
            return _new_step()
        if table == "recommendations":
            row = Recommendation.objects.filter(reference=name).first()
            return reverse("wagtailadmin_pages:edit", args=[row.page_id]) if row else ""
        if table == "cycles":
            cycle = Cycle.objects.filter(reference=name).first()
            return reverse("wagtailadmin_pages:edit", args=[cycle.page_id]) if cycle else ""
        return self._fact_url(gap, table, name)

    def _fact_url(self, gap: dict[str, Any], table: str, name: str) -> str:
        if gap["sort"] == "lead":
            return _new_step()
        found: Any = None
        if table == "actions":
            found = Action.objects.filter(number=int(name)).first()
        elif table == "measures":
            found = Measure.objects.filter(reference=name).first()
        elif table == "groups":
            found = Group.objects.filter(pk=int(name)).first()
        elif table == "kinds":
            found = RecommendationKind.objects.filter(
                assembly=self.drafting.place.assembly, code=name
            ).first()
        elif table == "bodies":
            from assemblies.models import Body

            found = Body.objects.filter(slug=name).first()
        if found is None:
            return ""
        view = "languages" if table in ("actions", "measures") else "edit"
        return _snippet(found, view)


def _snippet(row: Any, view: str) -> str:
    from django.urls import NoReverseMatch

    viewset = type(row).snippet_viewset
    try:
        return str(reverse(viewset.get_url_name(view), args=[row.pk]))
    except NoReverseMatch:
        return str(reverse(viewset.get_url_name("edit"), args=[row.pk]))


def _new_step() -> str:
    """A gap in the facts is closed by a step, never by rewriting one."""
    return reverse(Action.snippet_viewset.get_url_name("add"))
