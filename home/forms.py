"""The contact form, and what tells a person from a program without asking the person anything."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assemblies.directory import Directory
from assemblies.public_forms import age, new_stamp
from home import contact
from home.models import MessageKind

#: Nobody writes faster than this; a form older than a day is given a new stamp.
FASTEST = 3
OLDEST = 24 * 60 * 60
LONGEST = 5000
STAMP = "home.contact"


class ContactForm(forms.Form):
    """An error that is reported, or a question that is asked."""

    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=MessageKind.choices,
        error_messages={"required": _("Say whether it is an error or a question.")},
    )
    about = forms.CharField(
        label=pgettext_lazy("contact", "What it is about"),
        required=False,
        max_length=60,
        help_text=_("A reference such as BXL-C1-3.4, or the number of a step. May stay empty."),
    )
    text = forms.CharField(
        label=_("Your message"),
        max_length=LONGEST,
        error_messages={
            "required": _("Write your message."),
            "max_length": _("Your message is too long: at most %(limit_value)d characters."),
        },
    )
    reply_to = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        help_text=_("Only if you want an answer. It is used for nothing else."),
        error_messages={"invalid": _("This address is not complete. Example: name@example.org")},
    )
    #: People do not see this field; programs that fill in forms fill it in.
    website = forms.CharField(label=_("Leave this field empty"), required=False)
    stamp = forms.CharField(required=False)

    def __init__(self, *args: Any, lists: Directory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "contact-%s"
        self.lists = lists
        self.subject: contact.Subject | None = None

    def clean_about(self) -> str:
        typed = self.cleaned_data["about"]
        if typed:
            self.subject = contact.subject(self.lists, typed)
            if self.subject is None:
                raise ValidationError(
                    _("Nothing published here has this reference. Check it, or leave it out.")
                )
        return typed

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(
                _("This field must stay empty: it stops programs. Empty it, and send again.")
            )
        return ""

    def clean_stamp(self) -> str:
        open_for = age(STAMP, self.cleaned_data["stamp"])
        if open_for is None or open_for > OLDEST:
            raise ValidationError(
                _("The form was open for too long. Nothing is lost: send it again.")
            )
        if open_for < FASTEST:
            raise ValidationError(
                _("That was very fast, as from a program. Nothing is lost: send it again.")
            )
        return self.cleaned_data["stamp"]

    @property
    def stamp_to_show(self) -> str:
        """The stamp it came with, while that is good: whoever corrects does not wait again."""
        given = str(self.data.get("stamp", ""))
        open_for = age(STAMP, given)
        return given if open_for is not None and open_for < OLDEST // 2 else new_stamp(STAMP)

    @property
    def summary(self) -> list[dict[str, Any]]:
        """Each error with the field it belongs to, for the list above the form."""
        found: list[dict[str, Any]] = []
        named = [name for name in self.errors if name != "stamp"]
        for name, errors in self.errors.items():
            if name == "stamp" and named:
                continue  # whoever has something to correct will not be as fast again
            url = "" if name == "stamp" else f"#contact-{name}"
            found += [{"text": error, "url": url} for error in errors]
        return found
