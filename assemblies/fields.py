"""Model fields of our own: a choice of several codes, kept as a JSON list on every database."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class ChoicesField(models.JSONField):
    """Several codes out of a closed list, as checkboxes in forms and a JSON list in the database.

    Django's own list field exists on PostgreSQL only.
    """

    def __init__(self, *args, choices=(), **kwargs):
        self.codes = choices
        kwargs.setdefault("default", list)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        # The codes are code, not schema: a new kind of action must not make a migration.
        return name, path, args, kwargs

    def _codes(self):
        codes = self.codes() if callable(self.codes) else self.codes
        return list(codes)

    def formfield(self, **kwargs):
        # Not JSONField's form field, which is a text area.
        return forms.MultipleChoiceField(
            choices=self._codes,
            required=not self.blank,
            label=self.verbose_name,
            help_text=self.help_text,
            initial=self.get_default(),
            widget=forms.CheckboxSelectMultiple,
        )

    def validate(self, value, model_instance):
        super().validate(value, model_instance)
        known = {code for code, _label in self._codes()}
        for code in value or ():
            if code not in known:
                raise ValidationError(_("Unknown code: %(code)s"), params={"code": code})


def site_languages():
    """The languages of the site, read when asked for: a setting, never part of the schema."""
    from django.conf import settings

    return settings.LANGUAGES
