"""Lists that the owner decides, of one assembly or shared by all."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext, pgettext

from assemblies import models as m
from translations.models import OutdatedWords
from translations.tables.table import Part, Table
from translations.words import Text


class ListTable(Table):
    """Lists that the owner decides. Their words may change, so a translation may be outdated."""

    def outdated(self, language: str) -> Q:
        marks = OutdatedWords.objects.filter(table=self.name, row=OuterRef("pk"), language=language)
        return Q(Exists(marks))

    def enrich(self, rows: list[Any], language: str) -> None:
        by_pk = {row.pk: row for row in rows}
        for row in rows:
            row.outdated_words = {}
        for mark in OutdatedWords.objects.filter(table=self.name, row__in=by_pk, language=language):
            by_pk[mark.row].outdated_words[mark.path] = mark.since

    def texts(self, row: Any, language: str) -> list[Text]:
        if not hasattr(row, "outdated_words"):
            self.enrich([row], language)
        return [
            replace(text, outdated=row.outdated_words.get(text.path) if text.there else None)
            for text in super().texts(row, language)
        ]

    def may_replace(self, row: Any, path: str, language: str) -> bool:
        if not hasattr(row, "outdated_words"):
            self.enrich([row], language)
        return path in row.outdated_words

    def confirm_words(self, row: Any, paths: Iterable[str], language: str) -> None:
        """Somebody has looked at these texts: they hold."""
        marks = OutdatedWords.objects.filter(table=self.name, row=row.pk, language=language)
        marks.filter(path__in=list(paths)).delete()


class GroupTable(ListTable):
    name = "group"
    model = m.Group
    assembly = "cycle__assembly"
    related = ("cycle__assembly", "parent")
    order = ("cycle", "position", "pk")

    def kicker(self, row: Any) -> str:
        return f"{super().kicker(row)}, {row.cycle.reference} {row.label}".strip()


class KindTable(ListTable):
    name = "kind"
    model = m.RecommendationKind
    assembly = "assembly"
    key = ("assembly__code", "code")
    related = ("assembly",)
    order = ("code",)
    prefetched = ("own_words",)
    parts = (Part("own_words", m.kind.KindWord, "kind", ("word",), ("axis", "value")),)


class BodyTable(ListTable):
    name = "body"
    model = m.Body
    assembly = "assembly"
    key = ("slug",)
    order = ("slug",)

    def kicker(self, row: Any) -> str:
        return f"{super().kicker(row)}, {row.get_kind_display()}"


class TopicTable(ListTable):
    name = "topic"
    model = m.Topic
    key = ("slug",)
    order = ("slug",)


class RegimeTable(ListTable):
    name = "regime"
    model = m.Regime
    key = ("code",)
    order = ("code",)
    prefetched = ("duty_rules",)
    parts = (Part("duty_rules", m.DutyRule, "regime", ("label",), ("code",)),)


class AssemblyTable(ListTable):
    """An assembly's own words: its territory, what it calls a round. They stand on its page."""

    name = "assembly"
    model = m.Assembly
    assembly = "pk"
    key = ("code",)
    related = ("page",)
    order = ("code",)

    @property
    def label(self) -> str:
        return gettext("Assemblies’ own words")

    def title(self, row: Any) -> Any:
        return row.title

    def kicker(self, row: Any) -> str:
        return pgettext("translations", "Words of the assembly")

    def may_write(self, user: Any, row: Any) -> bool:
        return row.page.permissions_for_user(user).can_publish()

    def check(self, row: Any) -> None:
        if row.page.has_unpublished_changes:
            raise ValidationError(
                gettext("The assembly’s page has a draft: publish it first, or write there.")
            )

    def save(self, row: Any, user: Any) -> None:
        page = row.page.specific
        for name in self.fields:
            setattr(page, name, getattr(row, name))
        page.save_revision(user=user, log_action=True).publish(user=user)
