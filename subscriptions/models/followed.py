"""What is followed, once whatever the number of those who follow it, and what was said of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from subscriptions.enums import Followable


class Followed(models.Model):
    """A topic, a body, a recommendation … or a search that somebody follows.

    It names the thing by kind and key and not by a foreign key: lists may lose what is followed,
    and whoever follows it must then be told.
    """

    kind = models.CharField(_("kind"), max_length=16, choices=Followable.choices)
    key = models.PositiveBigIntegerField(null=True)
    #: A search, as its address says it, its parts in order.
    query = models.CharField(max_length=600, blank=True)
    #: What it was called and by whom it was succeeded, as last told.
    known = models.JSONField(default=dict)
    #: The last number of the change log that was about it.
    touched = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("thing followed")
        verbose_name_plural = _("things followed")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=Followable.values), name="followed_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind=Followable.SEARCH, key__isnull=True) & ~models.Q(query="")
                | ~models.Q(kind=Followable.SEARCH) & models.Q(key__isnull=False, query=""),
                name="followed_is_one_thing",
            ),
            models.UniqueConstraint(
                fields=["kind", "key"], condition=models.Q(query=""), name="followed_thing_once"
            ),
            models.UniqueConstraint(
                fields=["query"], condition=~models.Q(query=""), name="followed_search_once"
            ),
        ]

    def __str__(self):
        return self.code

    @property
    def code(self) -> str:
        """How forms name it: ``topic:12``, ``search:q=eau``."""
        return f"{self.kind}:{self.query if self.key is None else self.key}"


class Mention(models.Model):
    """That a change was about a followed thing, found out once, soon after the change.

    ``decides``: whether it is told to those who want decisions and deliveries only; ``booklets``:
    to those who want new booklets only. ``note``: what became of the thing itself, where the change
    is no step: renamed, succeeded, gone.
    """

    followed = models.ForeignKey(Followed, on_delete=models.CASCADE, related_name="mentions")
    number = models.PositiveBigIntegerField()
    decides = models.BooleanField()
    booklets = models.BooleanField(default=False)
    note = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["followed", "number"], name="mention_once"),
        ]

    def __str__(self):
        return f"n° {self.number}"


class Mark(models.Model):
    """How far something has read the change log."""

    name = models.CharField(max_length=40, primary_key=True)
    number = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")

    def __str__(self):
        return f"{self.name}: {self.number}"
