"""Roles: who may do what, for which assembly."""

from django.contrib.auth.models import Group as UserGroup
from django.db import models
from django.utils.translation import gettext_lazy as _


class RoleName(models.TextChoices):
    """What the members of a group of users do for an assembly."""

    PUBLISHER = "publisher", _("Publisher: writes and publishes")
    EDITOR = "editor", _("Editor: writes drafts")
    SERVICE = "service", _("Service: drafts the steps of its own body")
    COMMITTEE = "committee", _("Follow-up committee: publishes its opinions")
    TRANSLATOR = "translator", _("Translator: adds missing languages")


class Role(models.Model):
    """What the users of a group may do, for the facts and pages of one assembly.

    The same group may hold several roles. Wagtail’s and Django’s own permissions of the group
    follow from its roles (``permissions.grant``); nobody has to tick them.
    """

    group = models.ForeignKey(
        UserGroup, verbose_name=_("group of users"), on_delete=models.CASCADE, related_name="roles"
    )
    assembly = models.ForeignKey(
        "assemblies.Assembly",
        verbose_name=_("assembly"),
        on_delete=models.CASCADE,
        related_name="roles",
    )
    name = models.CharField(_("role"), max_length=20, choices=RoleName.choices)
    body = models.ForeignKey(
        "assemblies.Body",
        verbose_name=_("body"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        help_text=_("For a service: the body on whose behalf its steps are drafted."),
    )

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["assembly", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "assembly", "name", "body"], name="role_once_a_body"
            ),
            models.UniqueConstraint(
                fields=["group", "assembly", "name"],
                condition=models.Q(body__isnull=True),
                name="role_once",
            ),
            models.CheckConstraint(
                condition=models.Q(name__in=RoleName.values), name="role_name_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(name=RoleName.SERVICE) | models.Q(body__isnull=False),
                name="role_service_has_a_body",
            ),
        ]

    def __str__(self):
        return f"{self.group}: {self.get_name_display()}"

    def save(self, *args, **kwargs):
        from assemblies import permissions

        super().save(*args, **kwargs)
        permissions.grant(self.group)

    def delete(self, *args, **kwargs):
        from assemblies import permissions

        group = self.group
        result = super().delete(*args, **kwargs)
        permissions.grant(group)
        return result
