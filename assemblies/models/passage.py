"""Passages: what became of the words that citizens wrote, quoted one by one."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Length
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField
from i18nfield.strings import LazyI18nString
from modelcluster.fields import ParentalKey
from wagtail.search import index

from assemblies import clock
from assemblies.enums import CITIZENS_BODIES, PassageState, Reason
from assemblies.history import FactQuerySet
from assemblies.models.fact import Fact, FactPart
from assemblies.models.taxonomy import words_text
from assemblies.passages import Span, Text
from assemblies.words import choose


class PassageQuerySet(FactQuerySet):
    """Passages; ``in_force()`` are those that hold: neither replaced nor taken back."""

    def in_force(self):
        return self.filter(live=True, withdraws=False).exclude(replaced_by__live=True)


class Passage(index.Indexed, Fact):
    """What somebody says became of a part of a recommendation: a dated, signed claim.

    The part is quoted, in each language in which the recommendation exists. It is tied to measures,
    to a refusal with its reason, to both, or to nothing; what became of it follows from that
    (``state``). The citizens' committee may contest it, by an opinion that names it. A claim is not
    rewritten: when it was wrong, or is so no more, another one takes its place and says why.
    """

    child_relations = ("ties",)

    recommendation = models.ForeignKey(
        "assemblies.Recommendation",
        verbose_name=_("recommendation"),
        on_delete=models.PROTECT,
        related_name="passages",
    )
    words = I18nTextField(
        _("words quoted"),
        help_text=_(
            "Copied from the citizens’ text, word for word, in each language in which it exists."
        ),
    )
    #: A number for each language, kept like its words: a language may be added later.
    occurrence = I18nCharField(
        _("which time"),
        blank=True,
        help_text=_("2 for the second time that the text has these words. Empty: the first."),
    )
    body = models.ForeignKey(
        "assemblies.Body",
        verbose_name=_("who says so"),
        on_delete=models.PROTECT,
        related_name="passages",
    )
    stated_on = models.DateField(_("said on"))
    reason = models.CharField(
        _("reason code of the refusal"), max_length=20, choices=Reason.choices, blank=True
    )
    reason_text = I18nTextField(
        _("what is not taken up, and why"),
        blank=True,
        help_text=_("With measures: taken up in part. Without, and with a code: not accepted."),
    )
    replaces = models.OneToOneField(
        "self",
        verbose_name=_("takes the place of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
    )
    withdraws = models.BooleanField(
        _("only takes it back"),
        default=False,
        help_text=_("The passage was marked by mistake: nothing takes its place."),
    )
    why = I18nTextField(
        _("why it takes its place"),
        blank=True,
        help_text=_("A mistake, or what has changed since."),
    )

    objects = PassageQuerySet.as_manager()

    search_fields = [
        index.SearchField("search_words"),
        index.AutocompleteField("search_words"),
        index.FilterField("recommendation_id"),
        index.FilterField("live"),
    ]

    class Meta(Fact.Meta):
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        ordering = ["recommendation", "id"]
        constraints = [
            *Fact.append_only_constraints(),
            models.CheckConstraint(
                condition=models.Q(live=False)
                | models.Q(models.lookups.GreaterThan(Length("words"), 2)),
                name="passage_quotes_words",
            ),
            models.CheckConstraint(
                condition=models.Q(reason__in=["", *Reason.values]), name="passage_reason_known"
            ),
            models.CheckConstraint(
                condition=models.Q(live=False)
                | models.Q(reason="")
                | models.Q(models.lookups.GreaterThan(Length("reason_text"), 2)),
                name="passage_refusal_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(replaces__isnull=True) | ~models.Q(replaces=models.F("id")),
                name="passage_replaces_another",
            ),
            models.CheckConstraint(
                condition=models.Q(withdraws=False) | models.Q(replaces__isnull=False, reason=""),
                name="passage_takes_back_another",
            ),
            models.CheckConstraint(
                condition=models.Q(live=False)
                | models.Q(replaces__isnull=True)
                | models.Q(models.lookups.GreaterThan(Length("why"), 2)),
                name="passage_in_place_says_why",
            ),
        ]

    def __str__(self):
        quoted = Truncator(choose(self.words).text).chars(60)
        if self.recommendation_id is None:
            return quoted
        return f"{self.recommendation.reference} – “{quoted}”"

    def search_words(self):
        reference = self.recommendation.reference if self.recommendation_id else ""
        return f"{reference} {words_text(self.words)}"

    @property
    def assembly_id(self):
        return self.recommendation.cycle.assembly_id

    @property
    def url(self) -> str:
        address = reverse("assemblies:reference", args=[self.recommendation.reference])
        return f"{address}#passage-{self.pk}"

    @property
    def state(self) -> PassageState:
        """What became of it, from what it is tied to."""
        return self.state_of(taken_up=bool(self.ties.all()))

    def state_of(self, *, taken_up: bool) -> PassageState:
        """The same, where somebody has read already whether measures take it up."""
        if taken_up:
            return PassageState.PARTLY if choose(self.reason_text) else PassageState.COVERED
        return PassageState.REFUSED if self.reason else PassageState.UNANSWERED

    # -- writing ------------------------------------------------------------------------------

    def save(self, *args, **kwargs):
        self.count_from_one()
        return super().save(*args, **kwargs)

    def save_revision(self, *args, **kwargs):
        self.count_from_one()
        return super().save_revision(*args, **kwargs)

    def count_from_one(self):
        """Where the form does not say which time the words are quoted, it is the first."""
        said = _by_language(self.occurrence)
        self.occurrence = LazyI18nString(dict.fromkeys(self.quoted(), "1") | said)

    # -- its words in the text ----------------------------------------------------------------

    def quoted(self) -> dict[str, str]:
        """Language → the words quoted."""
        return _by_language(self.words)

    def occurrence_in(self, language: str) -> int:
        """Which time the words stand in the text of a language."""
        said = _by_language(self.occurrence).get(language, "1")
        return int(said) if said.isdecimal() else 1

    def span_in(self, text: Text, language: str) -> Span | None:
        """Where it stands in the text of a language."""
        words = self.quoted().get(language, "")
        return text.find(words, self.occurrence_in(language)) if words else None

    def check_words(self, others: Iterable["Passage"] | None = None):
        """The words stand in the texts, and in no other passage.

        ``others``: the passages in force of its recommendation, where somebody has read them.
        """
        others = self._others() if others is None else list(others)
        errors: dict[str, list] = {}
        quoted = self.quoted()
        if not quoted:
            raise ValidationError({"words": _("Quote the words.")})
        for language, said in _by_language(self.occurrence).items():
            if not said.isdecimal() or int(said) < 1:
                errors.setdefault("occurrence", []).append(
                    ValidationError(_("Give a number: 1, 2, 3 …"))
                )
            elif language not in quoted:
                errors.setdefault("occurrence", []).append(
                    ValidationError(
                        _("Quote the words in this language as well: %(language)s."),
                        params=_named(language),
                    )
                )
        if errors:
            raise ValidationError(errors)
        texts = self._texts()
        for language, words in quoted.items():
            text = texts.get(language)
            if text is None:
                message = _(
                    "This recommendation has no published text in this language: %(language)s."
                )
                errors.setdefault("words", []).append(
                    ValidationError(message, params=_named(language))
                )
                continue
            errors |= self._errors_in(text, language, words, errors, others)
        if errors:
            raise ValidationError(errors)

    def _texts(self) -> dict[str, Text]:
        """Language → the citizens' text."""
        pages = type(self.recommendation.page).objects.filter(
            translation_key=self.recommendation.translation_key,
            live=True,
            alias_of__isnull=True,
        )
        return {
            page.locale.language_code: Text(page.verbatim)
            for page in pages.select_related("locale")
        }

    def _errors_in(
        self, text: Text, language: str, words: str, before: dict, others: list["Passage"]
    ) -> dict:
        said = list(before.get("words", []))
        span = self.span_in(text, language)
        if span is None:
            times = text.count(words)
            if times:
                message = _("%(language)s: the text has these words %(times)s times only.")
            else:
                message = _(
                    "%(language)s: the text does not have these words. Copy them from it, word for "
                    "word, from the beginning of a word to the end of one."
                )
            said.append(ValidationError(message, params={**_named(language), "times": times}))
        else:
            for other in others:
                there = other.span_in(text, language)
                if there is not None and there.overlaps(span):
                    message = _(
                        "%(language)s: these words are marked already: “%(words)s”. A passage does "
                        "not overlap another; it may take its place."
                    )
                    params = {**_named(language), "words": other.quoted()[language]}
                    said.append(ValidationError(message, params=params))
        return {"words": said} if said else {}

    def _others(self) -> list["Passage"]:
        """The passages in force of this recommendation, but for itself and what it replaces."""
        mine = [key for key in (self.pk, self.replaces_id) if key]
        rows = Passage.objects.in_force().filter(recommendation=self.recommendation_id)
        return list(rows.exclude(pk__in=mine))

    # -- what must be true --------------------------------------------------------------------

    def clean(self):
        super().clean()
        errors = {}
        replaced = self.replaces
        if replaced is not None and self.recommendation_id and self.body_id:
            if not replaced.live:
                errors["replaces"] = _("A draft needs no other in its place: change it.")
            elif replaced.recommendation_id != self.recommendation_id:
                errors["replaces"] = _("This passage is another recommendation’s.")
            elif Passage.objects.filter(replaces=replaced.pk).exclude(pk=self.pk).exists():
                errors["replaces"] = _("Another passage has its place already.")
            elif replaced.body_id != self.body_id and not self._answers(replaced):
                errors["body"] = _(
                    "Another body said so: only an answer takes the place of what it said, where "
                    "it said that there is none."
                )
        if self.withdraws and (replaced is None or self.reason):
            errors["withdraws"] = _("This takes a passage back, and says nothing else.")
        if errors:
            raise ValidationError(errors)

    def _answers(self, replaced: "Passage") -> bool:
        """Whether this is an answer, where there was none."""
        return (
            replaced.state == PassageState.UNANSWERED
            and not self.withdraws
            and self.state != PassageState.UNANSWERED
        )

    def check_publishable(self):
        self.check_said()
        self.check_words()

    def check_said(self):
        """What a publication must say, but for the words that it quotes."""
        self.clean()
        errors = {}
        measures = [tie.measure for tie in self.ties.all()]
        in_words = bool(choose(self.reason_text))
        if self.stated_on > clock.today():
            errors["stated_on"] = _("This day has not come yet.")
        if self.reason and not in_words:
            errors["reason_text"] = _("Say what is not taken up, and why.")
        if in_words and not self.reason and not measures:
            errors["reason"] = _("Give the code of the reason.")
        if (measures or self.reason) and self.body.kind in CITIZENS_BODIES:
            errors["body"] = _(
                "Whoever answers says what is taken up or refused. The citizens’ own body can say "
                "that there is no answer, and contest what others say."
            )
        if measures and self.withdraws:
            errors["withdraws"] = _("This takes a passage back, and says nothing else.")
        for measure in measures:
            serves = {row.recommendation_id for row in measure.serves.all()}
            if not measure.live or self.recommendation_id not in serves:
                errors["__all__"] = _(
                    "A passage is tied to published measures of its recommendation."
                )
        if self.replaces_id and not choose(self.why):
            errors["why"] = _("Say why.")
        if errors:
            raise ValidationError(errors)

    def before_publication(self, number):
        """Once more, now that nobody else publishes: two may have marked the same words."""
        self.check_words()


class PassageMeasure(FactPart):
    """That a measure takes up a passage."""

    fact_field = "passage"

    passage = ParentalKey(Passage, on_delete=models.CASCADE, related_name="ties")
    measure = models.ForeignKey(
        "assemblies.Measure",
        verbose_name=_("measure"),
        on_delete=models.PROTECT,
        related_name="passage_links",
    )

    class Meta(FactPart.Meta):
        verbose_name = _("measure that takes a passage up")
        verbose_name_plural = _("measures that take a passage up")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["passage", "measure"], name="passage_measure_once")
        ]

    def __str__(self):
        return str(self.measure)


def _by_language(said) -> dict[str, str]:
    data = said.data if isinstance(said, LazyI18nString) else said
    if not isinstance(data, dict):
        return {}
    return {code: text for code, given in data.items() if (text := str(given or "").strip())}


def _named(language: str) -> dict[str, str]:
    try:
        return {"language": get_language_info(language)["name_translated"]}
    except KeyError:
        return {"language": language}
