"""What has words of its own in every language: facts and lists, table by table.

Each table says which texts a row has, by which key a file names the row, and how a text that was
missing is written. What stands in a published fact is never written over (``assemblies.history``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext
from i18nfield.fields import I18nCharField, I18nTextField
from i18nfield.strings import LazyI18nString
from wagtail.log_actions import log

from assemblies import models as m
from assemblies.permissions import policy_for
from translations.models import OutdatedWords
from translations.words import Text, by_language, lacks, original_of, written

#: Who may write words that are missing: the same as in the admin's form of a fact.
WRITING = ("translate", "change", "publish")


@dataclass(frozen=True, slots=True)
class Part:
    """Rows below a row that have words: which part of a recommendation a measure serves …"""

    relation: str
    model: type[Model]
    parent: str
    fields: tuple[str, ...]
    #: What tells the rows of one parent apart.
    key: tuple[str, ...]


class Table:
    """One sort of thing with words."""

    #: As in a file: ``measure:BXL-C1-3.4.1:title``.
    name: str
    model: Any
    #: Look-up from a row to its assembly; empty for a list that all assemblies share.
    assembly = ""
    #: Look-ups that make the key of a row.
    key: tuple[str, ...] = ("pk",)
    parts: tuple[Part, ...] = ()
    related: tuple[str, ...] = ()
    prefetched: tuple[str, ...] = ()
    #: Within the table, what readers meet first.
    order: tuple[str, ...] = ()
    skipped: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        return capfirst(str(self.model._meta.verbose_name_plural))

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of its fields that hold words, in the order of the form."""
        return tuple(
            field.name
            for field in self.model._meta.fields
            if isinstance(field, I18nCharField | I18nTextField)
            and field.editable
            and field.name not in self.skipped
        )

    # -- which rows ---------------------------------------------------------------------------

    def rows(self) -> QuerySet[Any]:
        """The rows that readers meet."""
        return self.model._default_manager.all()

    def of(self, assembly_id: int | None) -> QuerySet[Any]:
        """The rows of one assembly; of none, those that all assemblies share."""
        if not self.assembly:
            return self.rows() if assembly_id is None else self.rows().none()
        return self.rows().filter(**{self.assembly: assembly_id})

    def lacking(self, language: str) -> Q:
        """Rows that have words, and lack some of them in this language."""
        found = Q()
        for name in self.fields:
            found |= self.lacking_field(name, language)
        for part in self.parts:
            below = Q()
            for name in part.fields:
                below |= lacks(name, language)
            rows = part.model._default_manager.filter(below, **{part.parent: OuterRef("pk")})
            found |= Q(Exists(rows))
        return found

    def lacking_field(self, name: str, language: str) -> Q:
        return lacks(name, language)

    def outdated(self, language: str) -> Q:
        """Rows whose words in this language were written before their original changed."""
        return Q(pk__in=())

    def with_words(self) -> Q:
        """Rows that have words in some language."""
        found = Q()
        for name in self.fields:
            found |= written(name)
        return found

    # -- one row ------------------------------------------------------------------------------

    def key_of(self, row: Any) -> str:
        """By which a file names the row, for ever."""
        return "/".join(str(_follow(row, path)) for path in self.key)

    def named(self, assembly_id: int | None, keys: Iterable[str]) -> dict[str, Any]:
        """Key → row, of one assembly: one query for all keys."""
        wanted = Q(pk__in=())
        for key in set(keys):
            given = key.split("/", len(self.key) - 1)
            if len(given) != len(self.key) or ("pk" in self.key and not given[0].isdecimal()):
                continue
            if any(len(each) > 200 for each in given):
                continue
            number = self.key[0] in ("pk", "number")
            if number and (not given[0].isdecimal() or len(given[0]) > 15):
                continue
            wanted |= Q(**dict(zip(self.key, given, strict=True)))
        return {self.key_of(row): row for row in self.complete(self.of(assembly_id).filter(wanted))}

    def complete(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Rows with all that their texts and titles are read from."""
        return rows.select_related(*self.related).prefetch_related(*self.prefetched)

    def enrich(self, rows: list[Any], language: str) -> None:
        """Read what the texts of many rows need besides, at once."""

    def title(self, row: Any) -> Any:
        """What it is called: words, for ``{% words %}``."""
        return getattr(row, self.fields[0])

    def kicker(self, row: Any) -> str:
        """What it is, in a few words beside its title."""
        return capfirst(str(self.model._meta.verbose_name))

    def since(self, row: Any) -> Any:
        """Since when readers miss the words; None where nobody knows."""
        return None

    def may_write(self, user: Any, row: Any) -> bool:
        return policy_for(self.model).user_has_any_permission_for_instance(user, WRITING, row)

    def texts(self, row: Any, language: str) -> list[Text]:
        """The texts of a row that exist in another language, in the order of its form."""
        found = []
        for name in self.fields:
            found += self._text(row, name, name, language)
        for part in self.parts:
            for below in self.below(row, part):
                for name in part.fields:
                    path = f"{part.relation}.{_part_key(part, below)}.{name}"
                    found += self._text(below, name, path, language, beside=str(below))
        return found

    def _text(self, row: Any, name: str, path: str, language: str, beside: str = "") -> list[Text]:
        there = by_language(getattr(row, name))
        original = original_of(there, language)
        if original is None:
            return []
        field = row._meta.get_field(name)
        label = capfirst(str(field.verbose_name))
        return [
            Text(
                path=path,
                label=f"{label}: {beside}" if beside else label,
                original=original[1],
                original_language=original[0],
                there=there.get(language, ""),
                long=isinstance(field, I18nTextField),
                hint=self.hint(row, name),
            )
        ]

    def hint(self, row: Any, name: str) -> str:
        return ""

    def below(self, row: Any, part: Part) -> list[Any]:
        return list(getattr(row, part.relation).all())

    def path_below(self, part: Part, row: Any, name: str) -> str:
        return f"{part.relation}.{_part_key(part, row)}.{name}"

    # -- writing ------------------------------------------------------------------------------

    def put(self, row: Any, texts: Mapping[str, str], language: str) -> None:
        """Put texts into a row, path by path; saves nothing. What is there stays: ValueError."""
        for path, text in texts.items():
            if "." not in path:
                self._put(row, path, row, path, language, text)
        for part in self.parts:
            begins = f"{part.relation}."
            wanted = {path: text for path, text in texts.items() if path.startswith(begins)}
            if not wanted:
                continue
            rows = self.below(row, part)
            for below in rows:
                for name in part.fields:
                    path = f"{part.relation}.{_part_key(part, below)}.{name}"
                    if path in wanted:
                        self._put(row, path, below, name, language, wanted[path])
            setattr(row, part.relation, rows)

    def may_replace(self, row: Any, path: str, language: str) -> bool:
        """Whether a text that is there may give way to another: one of a fact never may."""
        return False

    def _put(self, row: Any, path: str, target: Any, name: str, language: str, text: str) -> None:
        there = by_language(getattr(target, name))
        if (
            there.get(language)
            and there[language] != text
            and not self.may_replace(row, path, language)
        ):
            raise ValueError(path)
        setattr(target, name, LazyI18nString({**there, language: text}))

    def check(self, row: Any) -> None:
        """Raise ``ValidationError`` for words that may not be published."""

    def save(self, row: Any, user: Any) -> None:
        row.save()
        log(instance=row, action="wagtail.edit", user=user)

    def write(self, row: Any, texts: Mapping[str, str], language: str, user: Any) -> None:
        """Write texts that were missing, at once readable; the caller holds the transaction."""
        if not self.may_write(user, row):
            raise PermissionDenied
        self.put(row, texts, language)
        self.check(row)
        self.save(row, user)


def _follow(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name)
    return row


def _part_key(part: Part, row: Any) -> str:
    return "/".join(str(_follow(row, path)) for path in part.key)


# -- facts ------------------------------------------------------------------------------------


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
        return f"{row.get_kind_display()}, n° {row.number}"


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


# -- lists ------------------------------------------------------------------------------------


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


#: In the order in which readers meet them.
TABLES: tuple[Table, ...] = (
    AssemblyTable(),
    KindTable(),
    BodyTable(),
    TopicTable(),
    RegimeTable(),
    GroupTable(),
    ActionTable(),
    MeasureTable(),
    ActTable(),
    PassageTable(),
    CountTable(),
    WithdrawalTable(),
)
BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}
