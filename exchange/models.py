"""Where the site's rows came from: the sender's keys, kept for ever."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assemblies import models as domain
from exchange.uploads.models import Upload

__all__ = ["MODELS", "Origin", "Upload"]

#: The model behind each table of the exchange folder. A page's table stands for its register row:
#: one row a thing, whatever the number of languages.
MODELS: dict[str, type[models.Model]] = {
    "regimes": domain.Regime,
    "duty_rules": domain.DutyRule,
    "topics": domain.Topic,
    "assemblies": domain.Assembly,
    "bodies": domain.Body,
    "kinds": domain.RecommendationKind,
    "kind_words": domain.KindWord,
    "cycles": domain.Cycle,
    "groups": domain.Group,
    "recommendations": domain.Recommendation,
    "acts": domain.Act,
    "measures": domain.Measure,
    "measure_serves": domain.MeasureServes,
    "passages": domain.Passage,
    "actions": domain.Action,
    "targets": domain.ActionTarget,
    "sources": domain.Source,
    "announced_counts": domain.AnnouncedCount,
    "withdrawals": domain.Withdrawal,
}


class OriginQuerySet(models.QuerySet):
    """Origins; ``keys`` is what an export asks for."""

    def keys(self, table: str, rows: Iterable[int] | None = None) -> dict[int, str]:
        """Row → its key, of the rows of a table: its owner's, else the first it came with."""
        found = self.filter(table=table)
        if rows is not None:
            found = found.filter(row__in=rows)
        known: dict[int, str] = {}
        for row, key in found.order_by("-owns", "pk").values_list("row", "key").iterator():
            known.setdefault(row, key)
        return known


class Origin(models.Model):
    """That a row of the site came from a row of a package, under the key that its sender gave it.

    By it a second import of the same package knows what it has brought already. What several
    packages share (a topic, a body) has an origin in each; one at most made it, and changes it.
    """

    #: The package's own name: ``name`` in its ``datapackage.json``.
    package = models.CharField(pgettext_lazy("origin", "package"), max_length=120)
    table = models.CharField(pgettext_lazy("origin", "table"), max_length=40)
    key = models.CharField(pgettext_lazy("origin", "key"), max_length=120)
    #: The primary key of the row; the table says of which model (``MODELS``).
    row = models.PositiveBigIntegerField(pgettext_lazy("origin", "row"))
    #: Whether the package brought the row. If not, the site had it, and it stays as it stands.
    owns = models.BooleanField(pgettext_lazy("origin", "brought it"), default=True)

    objects = OriginQuerySet.as_manager()

    class Meta:
        verbose_name = _("origin")
        verbose_name_plural = _("origins")
        ordering = ["package", "table", "key"]
        constraints = [
            models.UniqueConstraint(fields=["package", "table", "key"], name="origin_key_unique"),
            models.UniqueConstraint(
                fields=["package", "table", "row"], name="origin_row_once_a_package"
            ),
            models.UniqueConstraint(
                fields=["table", "row"], condition=models.Q(owns=True), name="origin_one_owner"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.package}/{self.table}/{self.key}"
