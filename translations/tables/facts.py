"""Facts, once they are published. What stands in one is never written over (``history``)."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext

from assemblies import models as m
from translations.tables.table import Part, Table
from translations.words import Text


class FactTable(Table):
    """Facts, once they are published. A draft gets its words in its own form."""

    def rows(self) -> QuerySet[Any]:
        return self.model._default_manager.filter(live=True)

    def since(self, row: Any) -> Any:
        return row.first_published_at

    def check(self, row: Any) -> None:
        row.check_words()

    def save(self, row: Any, user: Any) -> None:
        # The one door by which words are added: Fact.save compares with what is published.
        revision = row.save_revision(user=user, log_action=True)
        revision.publish(user=user, skip_permission_checks=True)


class ActionTable(FactTable):
    name = "action"
    model = m.Action
    assembly = "assembly"
    key = ("number",)
    related = ("assembly", "body", "cycle", "group")
    order = ("-happened_last", "-number")

    @property
    def label(self) -> str:
        return gettext("Steps")

    def kicker(self, row: Any) -> str:
        number = gettext("no. %(number)s") % {"number": row.number}
        return f"{row.get_kind_display()}, {number}"


class MeasureTable(FactTable):
    name = "measure"
    model = m.Measure
    assembly = "cycle__assembly"
    key = ("reference",)
    related = ("cycle__assembly",)
    order = ("-last_action_on", "cycle", "position", "pk")
    parts = (Part("serves", m.MeasureServes, "measure", ("part",), ("recommendation__reference",)),)
    prefetched = ("serves__recommendation",)

    def kicker(self, row: Any) -> str:
        return f"{super().kicker(row)} {row.reference}"


class ActTable(FactTable):
    name = "act"
    model = m.Act
    assembly = "cycle__assembly"
    key = ("slug",)
    related = ("cycle__assembly",)
    order = ("-session_last", "pk")

    def kicker(self, row: Any) -> str:
        return f"{super().kicker(row)} {row.number}"


class PassageTable(FactTable):
    """Passages: their words are quoted, so they exist in a language where the text does."""

    name = "passage"
    model = m.Passage
    assembly = "recommendation__cycle__assembly"
    related = ("recommendation__cycle__assembly", "body")
    order = ("recommendation__cycle", "recommendation__position", "pk")
    skipped = frozenset({"occurrence"})

    def lacking_field(self, name: str, language: str) -> Q:
        if name != "words":
            return super().lacking_field(name, language)
        return super().lacking_field(name, language) & Q(Exists(_text_in(language)))

    def texts(self, row: Any, language: str) -> list[Text]:
        found = super().texts(row, language)
        if not hasattr(row, "languages_of_text"):
            self.enrich([row], language)
        if language not in row.languages_of_text:
            found = [text for text in found if text.path != "words" or text.there]
        return found

    def enrich(self, rows: list[Any], language: str) -> None:
        keys = {row.recommendation.translation_key for row in rows}
        there = set(
            m.RecommendationPage.objects.filter(
                translation_key__in=keys,
                locale__language_code=language,
                live=True,
                alias_of__isnull=True,
            ).values_list("translation_key", flat=True)
        )
        for row in rows:
            found = row.recommendation.translation_key in there
            row.languages_of_text = {language} if found else set()

    def hint(self, row: Any, name: str) -> str:
        if name == "words":
            return gettext("Copy these words from the recommendation’s text in this language.")
        return ""

    def kicker(self, row: Any) -> str:
        return f"{super().kicker(row)}, {row.recommendation.reference}"


def _text_in(language: str) -> QuerySet[Any]:
    return m.RecommendationPage.objects.filter(
        translation_key=OuterRef("recommendation__translation_key"),
        locale__language_code=language,
        live=True,
        alias_of__isnull=True,
    )


class CountTable(FactTable):
    name = "count"
    model = m.AnnouncedCount
    assembly = "cycle__assembly"
    related = ("cycle__assembly",)
    order = ("cycle", "counts", "pk")

    def kicker(self, row: Any) -> str:
        return f"{super().kicker(row)}, {row.cycle.reference}"


class WithdrawalTable(FactTable):
    name = "withdrawal"
    model = m.Withdrawal
    assembly = "recommendation__cycle__assembly"
    key = ("recommendation__reference",)
    related = ("recommendation__cycle__assembly",)
    order = ("-withdrawn_on", "pk")

    def kicker(self, row: Any) -> str:
        return f"{super().kicker(row)}, {row.recommendation.reference}"
