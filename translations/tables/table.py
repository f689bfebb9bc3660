"""One sort of thing with words: which texts a row has, and how one that was missing is written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.text import capfirst
from i18nfield.fields import I18nCharField, I18nTextField
from i18nfield.strings import LazyI18nString
from wagtail.log_actions import log

from assemblies.permissions import policy_for
from translations.words import Text, by_language, lacks, original_of, written

#: Who may write words that are missing: the same as in the admin's form of a fact.
WRITING = ("translate", "change", "publish")
#: A query with more alternatives than this is too deep for some databases.
KEYS_AT_ONCE = 200


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
        """Key → row, of one assembly: a query for so many keys at once."""
        wanted = sorted({key for key in keys if self._is_key(key)})
        found: dict[str, Any] = {}
        for start in range(0, len(wanted), KEYS_AT_ONCE):
            some = wanted[start : start + KEYS_AT_ONCE]
            if len(self.key) == 1:
                these = Q(**{f"{self.key[0]}__in": some})
            else:
                these = Q(pk__in=())
                for key in some:
                    given = key.split("/", len(self.key) - 1)
                    these |= Q(**dict(zip(self.key, given, strict=True)))
            rows = self.complete(self.of(assembly_id).filter(these))
            found |= {self.key_of(row): row for row in rows}
        return found

    def _is_key(self, key: str) -> bool:
        """Whether something can be called so: it comes from a file."""
        given = key.split("/", len(self.key) - 1)
        if len(given) != len(self.key) or len(key) > 200:
            return False
        if self.key[0] in ("pk", "number"):
            return key.isascii() and key.isdecimal() and len(key) <= 15
        return True

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
