"""The forms: one e-mail field on every page; afterwards the choices for what is followed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.encoding import punycode
from django.utils.translation import gettext_lazy as _

from assemblies.directory import Directory
from assemblies.public_forms import age, new_stamp
from subscriptions import things
from subscriptions.enums import IN_BOOKLETS, Frequency, Level, levels
from subscriptions.models import Followed, language_choices

#: Nobody types an address faster than this. A page may have been open, or kept by a cache, for
#: long: no stamp of ours is too old.
FASTEST = 2
STAMP = "subscriptions.follow"


class FollowForm(forms.Form):
    """Ask to follow one thing, or (without one) for the link to what is followed already."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        error_messages={
            "required": _("Write your e-mail address."),
            "invalid": _("This address is not complete. Example: name@example.org"),
            "max_length": _("This address is too long."),
        },
    )
    what = forms.CharField(required=False, max_length=620)
    #: Where a page offers one level only; else it is chosen after confirming.
    level = forms.ChoiceField(choices=Level.choices, required=False)
    #: People do not see this field; programs that fill in forms fill it in.
    website = forms.CharField(label=_("Leave this field empty"), required=False)
    stamp = forms.CharField(required=False)

    def __init__(self, *args: Any, lists: Directory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "follow-%s"
        self.lists = lists
        self.followed: Followed | None = None
        code = str(self.data.get("what", self.initial.get("what", ""))).replace("\0", "")
        if code:
            self.followed = things.from_code(lists, code)

    def clean_email(self) -> str:
        """With the host in the letters that mail servers know, so that one address is one."""
        user, _at, host = self.cleaned_data["email"].rpartition("@")
        try:
            return f"{user}@{punycode(host.lower())}"
        except UnicodeError:
            raise ValidationError(self.fields["email"].error_messages["invalid"]) from None

    def clean_what(self) -> str:
        if self.cleaned_data["what"] and self.followed is None:
            raise ValidationError(_("What you want to follow is not published here any more."))
        return self.cleaned_data["what"]

    def clean_level(self) -> str:
        level = self.cleaned_data["level"] or Level.DECISIONS
        if level == Level.BOOKLETS and self.followed and self.followed.kind not in IN_BOOKLETS:
            return Level.DECISIONS
        return level

    @property
    def level_to_show(self) -> str:
        """The level that it was opened with; "" for the usual one."""
        given = str(self.data.get("level", self.initial.get("level", "")))
        return given if given == Level.BOOKLETS else ""

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(
                _("This field must stay empty: it stops programs. Empty it, and send again.")
            )
        return ""

    def clean_stamp(self) -> str:
        open_for = age(STAMP, self.cleaned_data["stamp"])
        if open_for is None:
            raise ValidationError(_("Press “Follow” once more: nothing is lost."))
        if open_for < FASTEST:
            raise ValidationError(
                _("That was very fast, as from a program. Press “Follow” once more.")
            )
        return self.cleaned_data["stamp"]

    @property
    def stamp_to_show(self) -> str:
        """The stamp it came with, while that is ours: whoever corrects does not wait again."""
        given = str(self.data.get("stamp", ""))
        return given if age(STAMP, given) is not None else new_stamp(STAMP)

    @property
    def what_to_show(self) -> str:
        return self.followed.code if self.followed is not None else ""

    @property
    def problems(self) -> list[str]:
        """What stands in the way besides the address; the stamp only where nothing else does."""
        names = [name for name in self.errors if name not in ("email", "stamp")]
        if not names and "email" not in self.errors:
            names = ["stamp"]
        return [str(error) for name in names for error in self.errors.get(name, ())]


class ChoiceForm(forms.Form):
    """Rhythm and level of one subscription."""

    frequency = forms.ChoiceField(label=_("Rhythm"), choices=Frequency.choices)
    level = forms.ChoiceField(label=_("What"), choices=Level.choices)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = levels(kind)  # type: ignore[attr-defined]


class LanguageForm(forms.Form):
    """The language of the mails: one, or all of them in one mail."""

    languages = forms.ChoiceField(label=_("Language of the mails"), choices=language_choices)
