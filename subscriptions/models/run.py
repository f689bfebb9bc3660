"""What runs by the clock, and what came of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Run(models.Model):
    """One kind of periodic work: when it was last begun, and how that ended.

    Whoever moves ``begun_at`` on does the work, so that two schedulers do it once.
    """

    name = models.CharField(_("name"), max_length=40, primary_key=True)
    begun_at = models.DateTimeField(_("begun"))
    done_at = models.DateTimeField(_("done"), null=True)
    failure = models.CharField(_("failure"), max_length=200, blank=True)
    said = models.CharField(_("result"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("periodic work")
        verbose_name_plural = _("periodic work")
        ordering = ["name"]

    def __str__(self):
        return self.name


class Knock(models.Model):
    """That a form was sent: from which network, about whom, as hashes that change every day."""

    network = models.CharField(max_length=64)
    address = models.CharField(max_length=64)
    moment = models.DateTimeField()

    class Meta:
        verbose_name = _("form sent")
        verbose_name_plural = _("forms sent")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["network", "moment"], name="knock_network"),
            models.Index(fields=["address", "moment"], name="knock_address"),
            models.Index(fields=["moment"], name="knock_moment"),
        ]

    def __str__(self):
        return f"{self.moment}"
