"""Forms for what stands beside an edition: an erratum, its withdrawal, their missing languages."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from i18nfield.forms import I18nFormField

from assemblies.forms import WordsTextarea
from booklets.models import Edition


class ErratumForm(forms.Form):
    """What is wrong in an edition, and what is right; in the languages of the site."""

    reference = forms.ChoiceField(label=_("Sheet"), required=False)
    text = I18nFormField(label=_("What is wrong, and what is right"), widget=WordsTextarea)

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sheets = edition.parts.filter(layer__isnull=True).exclude(reference="")
        names = sheets.order_by().values_list("reference", flat=True).distinct()
        field: Any = self.fields["reference"]
        field.choices = [("", _("The whole booklet")), *((n, n) for n in sorted(names))]


class RetractionForm(forms.Form):
    """Why an edition is withdrawn."""

    reason = I18nFormField(label=_("Reason, as readers will see it"), widget=WordsTextarea)


class MissingWordsForm(forms.Form):
    """What stands beside an edition, in the languages that it lacks: one field for each."""

    def __init__(self, *args: Any, languages: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict(settings.LANGUAGES)
        self.languages = list(languages)
        for code in self.languages:
            self.fields[code] = forms.CharField(
                label=names.get(code, code),
                required=len(self.languages) == 1,
                widget=forms.Textarea(attrs={"rows": 4, "lang": code}),
            )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(given.values()):
            raise forms.ValidationError(gettext("Write it in one language at least."))
        return given
