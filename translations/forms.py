"""The desk's forms: words beside their original, and a file that came back."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminAutoHeightTextInput

from translations import po
from translations.segments import MARK
from translations.words import Text, unified


class WordsForm(forms.Form):
    """The texts of one thing: those to be written as fields, the others to read."""

    def __init__(
        self, *args, texts: list[Text], language: str, known: dict[str, str] | None = None, **kwargs
    ):
        super().__init__(*args, **kwargs)
        self.texts = texts
        known = known or {}
        self.rows: list[tuple[Text, forms.BoundField | None]] = []
        for place, text in enumerate(texts):
            if not text.open:
                self.rows.append((text, None))
                continue
            name = f"text-{place}"
            attributes = {"lang": language, "aria-describedby": f"original-{place}"}
            widget = AdminAutoHeightTextInput if text.long else forms.TextInput
            self.fields[name] = forms.CharField(
                label=text.label,
                required=False,
                initial=text.there or known.get(text.path, ""),
                max_length=po.LONGEST,
                widget=widget(attrs=attributes),
            )
            self.rows.append((text, self[name]))

    def clean(self):
        cleaned = super().clean() or {}
        for place, text in enumerate(self.texts):
            name = f"text-{place}"
            said = cleaned.get(name)
            if said and MARK.search(said) and not MARK.search(text.original):
                self.add_error(name, _("This is plain text: it may have no HTML."))
        if not self.errors and not self.written():
            raise ValidationError(_("Write at least one text."))
        return cleaned

    def written(self) -> dict[str, str]:
        """Path → text, of what was written."""
        return {
            text.path: said
            for place, text in enumerate(self.texts)
            if text.open and (said := unified(self.cleaned_data.get(f"text-{place}") or ""))
        }


class FileForm(forms.Form):
    """One PO file."""

    file = forms.FileField(
        label=gettext_lazy("PO file"),
        help_text=gettext_lazy(
            "A file that was exported from this list. It is compared with the site first: you see "
            "text by text what would change, and confirm."
        ),
        widget=forms.FileInput(attrs={"accept": ".po,text/x-gettext-translation"}),
        max_length=255,
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > po.LARGEST:
            raise ValidationError(
                _("This file is larger than %(limit)s.") % {"limit": filesizeformat(po.LARGEST)}
            )
        return file
