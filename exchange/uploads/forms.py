"""The form by which a folder is sent."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

#: Bytes. It is kept in the database until it is loaded; what is larger is loaded on the server.
LARGEST = 50_000_000
#: How a zip file begins; an empty one has no entries to begin with.
ZIP = (b"PK\x03\x04", b"PK\x05\x06")


class UploadForm(forms.Form):
    """One zip file, not larger than the site allows."""

    file = forms.FileField(
        label=gettext_lazy("Exchange folder, as a zip file"),
        help_text=gettext_lazy(
            "CSV files as the documentation describes them. Nothing is written before you have "
            "seen what would change and confirmed it."
        ),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
        max_length=255,
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise ValidationError(
                _(
                    "This file is larger than %(limit)s. Send it in parts, or have it loaded "
                    "on the server."
                )
                % {"limit": filesizeformat(LARGEST)}
            )
        begins = file.read(4)
        file.seek(0)
        if begins not in ZIP:
            raise ValidationError(_("This is not a zip file."))
        return file
