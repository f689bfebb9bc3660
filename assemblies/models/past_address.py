"""Where pages were: the past names of moved and renamed pages, which keep leading to them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PastAddress(models.Model):
    """One step of a path that once led to a page: below ``above``, ``slug`` meant ``page``.

    Pages are named by their translation keys, so that a step holds in every language, and for all
    that stands below: a cycle of ten thousand recommendations that is renamed leaves one row.
    """

    above = models.UUIDField()
    slug = models.SlugField(max_length=255, allow_unicode=True)
    page = models.UUIDField(db_index=True)

    class Meta:
        verbose_name = _("past address")
        verbose_name_plural = _("past addresses")
        constraints = [
            models.UniqueConstraint(fields=["above", "slug"], name="past_address_leads_one_way"),
            models.CheckConstraint(condition=~models.Q(slug=""), name="past_address_has_a_name"),
        ]

    def __str__(self):
        return self.slug
