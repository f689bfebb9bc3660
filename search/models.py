"""The index of the public search, and the words that editors add to it.

What is found is an entry: a recommendation with all that was said and done about it, or a step or
an act that is about none. An entry has documents: one a fact and language.
"""

from collections import Counter
from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nTextField

from assemblies.models.change import Listed


class TokenVector(models.Field):
    """The tokens of a text with their places, as PostgreSQL's index wants them; else nothing."""

    def db_type(self, connection):
        return "tsvector" if connection.vendor == "postgresql" else "text"

    def get_placeholder(self, value, compiler, connection):
        return "%s::tsvector" if connection.vendor == "postgresql" else "%s"

    def get_db_prep_value(self, value, connection, prepared=False):
        return value if connection.vendor == "postgresql" else ""


def counted(tokens: Iterable[str]) -> str:
    """Tokens as they are kept, each with how often it stands there: ``dak:2 woning:1``."""
    return " ".join(f"{token}:{number}" for token, number in Counter(tokens).items())


def counts(kept: str) -> dict[str, int]:
    """How often each token stands there, from what :func:`counted` made."""
    pairs = (each.rpartition(":") for each in kept.split())
    return {token: int(number) for token, _sign, number in pairs}


class Entry(models.Model):
    """One line of a result: a recommendation, or a published fact that is about none.

    ``facets`` is what it is filtered by, as JSON; ``profile`` is that text's number, so that
    entries with the same facets are counted together. ``changed`` is the number of the change log
    after which it was written last; ``gone``: it is public no more, and a mirror has to forget it.
    ``version`` grows with each writing of any entry, in the order of commits.
    """

    key = models.CharField(max_length=60, unique=True)
    noun = models.CharField(max_length=20)
    subject = models.PositiveBigIntegerField()
    profile = models.BigIntegerField(db_index=True)
    facets = models.TextField()
    next_due = models.DateField(null=True)
    #: The last day on which something happened about it.
    day = models.DateField(null=True)
    changed = models.PositiveBigIntegerField(db_index=True)
    version = models.BigIntegerField(default=0, db_index=True)
    gone = models.BooleanField(default=False)

    def __str__(self):
        return self.key


class Document(models.Model):
    """The words of one fact in one language, as part of an entry.

    ``audience``: the languages whose readers see it, the first being its own; the others are those
    in which the fact has no words. ``tokens`` is what it is found by (:func:`counted`), ``plain``
    what exact phrases are looked up in. One that says something else has another number.
    """

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="documents")
    fact = models.CharField(max_length=80)
    noun = models.CharField(max_length=20)
    #: What its own address is made of: a measure's reference, an action's number.
    handle = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=12)
    audience = models.CharField(max_length=100)
    title = models.TextField()
    text = models.TextField()
    plain = models.TextField()
    tokens = models.TextField()
    length = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "fact", "language"], name="search_document_once"
            )
        ]
        indexes = [
            models.Index(fields=["language", "length"], name="search_document_language"),
            # What is short of a row: ranking needs it of all documents, their texts of twenty.
            models.Index(
                fields=["entry", "id", "language", "audience", "noun", "length"],
                name="search_document_narrow",
            ),
        ]

    def __str__(self):
        return f"{self.fact} ({self.language})"


class Vector(models.Model):
    """PostgreSQL's index of a document, beside it: what is read of thousands is short, and whole.

    SQLite has tables of its own, and no rows here.
    """

    document = models.OneToOneField(
        Document, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    language = models.CharField(max_length=12)
    vector = TokenVector()

    def __str__(self):
        return str(self.document_id)


class Word(models.Model):
    """A word that a published text holds, folded: suggestions and half words come from here."""

    language = models.CharField(max_length=12)
    word = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["language", "word"], name="search_word_once")
        ]

    def __str__(self):
        return self.word


class Concept(Listed):
    """Words for one thing, in each language: those of citizens, and those of the administration.

    A query with one of them also finds, ranked below, texts with another; and where a text exists
    in another language only, the words of that language find it.
    """

    words = I18nTextField(
        _("words"),
        help_text=_("Words or short phrases that mean the same, separated by commas."),
    )

    class Meta:
        verbose_name = _("words for one thing")
        verbose_name_plural = _("words for one thing")
        ordering = ["pk"]

    def __str__(self):
        return str(self.words)


class Mirror(models.Model):
    """How far an engine outside the database has come: the last change that it holds."""

    name = models.CharField(max_length=40, unique=True)
    number = models.PositiveBigIntegerField(default=0)

    def __str__(self):
        return f"{self.name}: {self.number}"


class Extract(models.Model):
    """The text of a published file, read once in the background."""

    document = models.OneToOneField(
        "wagtaildocs.Document", on_delete=models.CASCADE, related_name="+"
    )
    text = models.TextField(blank=True)
    #: Why there is no text: too large, not readable; empty when it was read.
    refusal = models.CharField(max_length=200, blank=True)

    def __str__(self):
        return str(self.document_id)
