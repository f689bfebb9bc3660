"""The words of a recommendation with its passages marked, and what became of each.

What citizens wrote is not altered: marks stand between its characters (``assemblies.passages``).
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import F
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from wagtail.rich_text import RichText

from assemblies.enums import BodyKind, PassageState
from assemblies.models import Action, Measure, Passage, RecommendationPage
from assemblies.pages.common import reader_language
from assemblies.pages.entries import Story
from assemblies.passages import Mark, Text, letter

#: Class of a mark, by what became of the passage.
CSS = {state: f"segment segment--{state}" for state in PassageState}


def html_of(page: RecommendationPage) -> str:
    """The citizens' words as a page shows them: safe HTML, which only editors can write."""
    return str(RichText(page.verbatim))


@dataclass(slots=True)
class Claim:
    """What somebody said of a passage: in force, or before it."""

    row: Passage
    body: Any
    measures: list[dict[str, Any]]
    #: The citizens' opinions that contest it, as rows.
    contests: list[Action]
    #: Whether the steps stand on the same page.
    here: bool = True

    @property
    def state(self) -> PassageState:
        return self.row.state_of(taken_up=bool(self.measures))

    @property
    def signature(self) -> tuple:
        return (self.row.body_id, self.row.stated_on)

    def contested(self) -> Iterator[dict[str, Any]]:
        """Who contests it: the sentence, and the step that does so."""
        for row in self.contests:
            url = f"#step-{row.number}" if self.here else row.url
            yield {"text": _contested_by(row.body.kind), "number": row.number, "url": url}


def _contested_by(kind: str) -> str:
    if kind == BodyKind.ASSEMBLY:
        return gettext("The citizens’ assembly contests this claim")
    return gettext("The follow-up committee contests this claim")


class Passages:
    """The passages of one recommendation, in the order of its original text."""

    def __init__(self, rows: Iterable[Passage], story: Story, measures: dict[int, Measure]) -> None:
        self.story = story
        self.known_measures = measures
        self.rows: dict[int, Passage] = {}
        self._ties: dict[int, list[int]] = {}
        #: Whether measures and steps stand on the same page as the text.
        self.here = True
        self.past: datetime.date | None = None
        for row in rows:
            self.rows.setdefault(row.pk, row)
            self._ties.setdefault(row.pk, [])
            if row.tied_to:
                self._ties[row.pk].append(row.tied_to)

    @classmethod
    def read(
        cls,
        key: int,
        story: Story,
        measures: dict[int, Measure],
        past: datetime.date | None = None,
    ) -> "Passages":
        """Those of a recommendation, in one query, what they are tied to included.

        ``past``: as they were marked on that day.
        """
        rows = Passage.objects.filter(recommendation=key, live=True)
        if past is not None:
            rows = rows.filter(stated_on__lte=past)
        found = cls(rows.annotate(tied_to=F("ties__measure")).order_by("pk"), story, measures)
        found.past = past
        return found

    def add(self, draft: Passage) -> None:
        """See what the page would show if this draft were published as it stands."""
        key = draft.pk or 0
        self.rows[key] = draft
        self._ties[key] = [tie.measure_id for tie in draft.ties.all()]

    # -- which hold ---------------------------------------------------------------------------

    @cached_property
    def in_force(self) -> list[Passage]:
        replaced = {row.replaces_id for row in self.rows.values()}
        return [r for r in self.rows.values() if r.pk not in replaced and not r.withdraws]

    @cached_property
    def taken_back(self) -> list[Passage]:
        return [row for row in self.rows.values() if row.withdraws]

    def before(self, row: Passage) -> list[Claim]:
        """What was said of it before, the last first."""
        found = []
        while (earlier := self.rows.get(row.replaces_id or 0)) is not None:
            found.append(self.claim(earlier))
            row = earlier
        return found

    def claim(self, row: Passage) -> Claim:
        measures = []
        for key in self._ties.get(row.pk or 0, ()):
            measure = self.known_measures.get(key)
            if measure is not None:
                number = measure.number_in_cycle
                url = f"#measure-{number}" if self.here else measure.url
                measures.append({"number": number, "url": url})
        return Claim(
            row=row,
            body=self.story.lists.bodies.get(row.body_id),
            measures=measures,
            contests=self._contests(row),
            here=self.here,
        )

    def _contests(self, row: Passage) -> list[Action]:
        """The published opinions against it; one that is corrected counts no more."""
        return [
            step
            for step in self.story.rows.values()
            if step.contests_id == row.pk
            and step.pk not in self.story.corrected_by
            and (self.past is None or step.happened_last <= self.past)
        ]

    # -- in a text ----------------------------------------------------------------------------

    def lettered(self, original: RecommendationPage) -> list[tuple[str, Passage]]:
        """Each with its letter: in the order of the original text, the same in every language."""
        text = Text(html_of(original))
        language = original.locale.language_code

        def place(row: Passage) -> tuple[int, int]:
            span = row.span_in(text, language)
            return (span.start if span else len(text.seen), row.pk or 0)

        rows = sorted(self.in_force, key=place)
        return [(letter(number), row) for number, row in enumerate(rows, start=1)]

    def shown(
        self, page: RecommendationPage, original: RecommendationPage, again: str = ""
    ) -> dict[str, Any]:
        """What ``components/verbatim.html`` shows: the text with its marks, and the key to them.

        ``again``: ends the names of places, where a page shows the text in a second language.
        """
        language = page.locale.language_code
        text = Text(html_of(page))
        marks, key = [], []
        for name, row in self.lettered(original):
            claim = self.claim(row)
            span = row.span_in(text, language)
            if span is not None:
                marks.append(Mark(span, CSS[claim.state], _letter(name, claim, language, again)))
            key.append(self._line(name, claim, marked=span is not None))
        signatures = {line["claim"].signature for line in key}
        return {
            "html": _trusted(text.marked(marks)),
            "key": key,
            # Where all say the same of who and when, the key's heading says it.
            "signed": key[0]["claim"] if len(signatures) == 1 else None,
            "taken_back": [
                {"claim": self.claim(row), "before": self.before(row)} for row in self.taken_back
            ],
        }

    def _line(self, name: str, claim: Claim, *, marked: bool) -> dict[str, Any]:
        return {
            "letter": name,
            "back": gettext("Back to passage %(letter)s") % {"letter": name},
            "claim": claim,
            "marked": marked,
            "before": self.before(claim.row),
        }


def _letter(name: str, claim: Claim, language: str, again: str) -> SafeString:
    """The letter behind a passage: a link to its line in the key, named by what became of it."""
    said = gettext("Passage %(letter)s: %(state)s") % {
        "letter": name,
        "state": claim.state.label[:1].lower() + claim.state.label[1:],
    }
    if claim.contests:
        said = gettext("%(passage)s, contested") % {"passage": said}
    own = reader_language()
    return format_html(
        '<sup class="segment__letter"><a href="#passage-{0}" id="words-{0}{4}"{1} aria-label="{2}">'
        "{3}</a></sup>",
        claim.row.pk,
        format_html(' lang="{}"', own) if own != language else "",
        said,
        name,
        again,
    )


def _trusted(html: str) -> SafeString:
    """Editors' rich text, cleaned by Wagtail when it was written, with marks of our own in it."""
    return mark_safe(html)  # noqa: S308


def plain(page: RecommendationPage) -> dict[str, Any]:
    """A text of which nobody has marked a passage."""
    return {"html": RichText(page.verbatim), "key": []}
