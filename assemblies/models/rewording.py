"""When the words of a page were last changed after their publication."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Rewording(models.Model):
    """The last change to the words of a live page; none: they are as first published.

    A translation that was published before the words of its original changed is outdated. Wagtail's
    own dates can't tell: they move too when only a fact was changed, or nothing at all.
    """

    page = models.OneToOneField(
        "wagtailcore.Page", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    moment = models.DateTimeField()

    class Meta:
        verbose_name = _("rewording")
        verbose_name_plural = _("rewordings")

    def __str__(self):
        return f"{self.page_id}: {self.moment:%Y-%m-%d}"
