"""The admin's forms, noun by noun: panels in the order in which an editor thinks."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
)

from assemblies.forms import ActionForm, AssemblyForm, FactForm, PassageForm

action = ObjectList(
    [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("assembly"), FieldPanel("kind")]),
                FieldRowPanel([FieldPanel("body"), FieldPanel("stage")]),
                FieldRowPanel([FieldPanel("happened_first"), FieldPanel("happened_last")]),
            ],
            heading=_("What happened, when, and who"),
        ),
        MultiFieldPanel(
            [
                InlinePanel(
                    "targets",
                    panels=[FieldRowPanel([FieldPanel("recommendation"), FieldPanel("measure")])],
                    label=_("recommendation or measure"),
                ),
                FieldRowPanel([FieldPanel("cycle"), FieldPanel("group")]),
            ],
            heading=_("What it is about"),
            help_text=_(
                "A state is set only on what is named one by one. An action on a whole cycle or "
                "group is shown there, answers its duties, and sets no state."
            ),
        ),
        MultiFieldPanel([FieldPanel("title"), FieldPanel("text")], heading=_("In words")),
        MultiFieldPanel(
            [
                FieldPanel("value"),
                FieldRowPanel([FieldPanel("concerned_body"), FieldPanel("decision_due")]),
                FieldRowPanel([FieldPanel("link"), FieldPanel("reason")]),
                FieldPanel("opinion_object"),
                FieldPanel("contests"),
                FieldPanel("what_changed"),
                FieldPanel("what_is_missing"),
                FieldPanel("reason_text"),
            ],
            heading=_("What it changes"),
            help_text=_("Leave empty when the action tells something and changes no state."),
        ),
        InlinePanel(
            "sources",
            panels=[
                FieldRowPanel([FieldPanel("position"), FieldPanel("language")]),
                FieldPanel("title"),
                FieldRowPanel([FieldPanel("url"), FieldPanel("document")]),
                FieldPanel("official"),
            ],
            heading=_("Sources"),
            label=_("source"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("new_deadline"), FieldPanel("amount")]),
                FieldPanel("deadline_words"),
                FieldPanel("answers"),
                FieldPanel("published_elsewhere_on"),
                FieldPanel("example"),
            ],
            heading=_("Due date, amount and more"),
            classname="collapsed",
        ),
        MultiFieldPanel(
            [
                HelpPanel(
                    _(
                        "A correction carries the whole fact as it should have been, with its own "
                        "days; it is made by the same body and says why, under “reason”. The "
                        "corrected action stays readable and says so."
                    )
                ),
                FieldPanel("corrects"),
                FieldPanel("withdraws"),
                FieldPanel("old_words"),
                FieldPanel("new_words"),
            ],
            heading=_("Correction"),
            classname="collapsed",
        ),
    ],
    base_form_class=ActionForm,
)

measure = ObjectList(
    [
        FieldRowPanel([FieldPanel("cycle"), FieldPanel("label")]),
        FieldPanel("title"),
        FieldPanel("text"),
        InlinePanel(
            "serves",
            panels=[FieldPanel("recommendation"), FieldPanel("part")],
            heading=_("Recommendations it serves"),
            label=_("recommendation"),
        ),
        FieldRowPanel([FieldPanel("announced_on"), FieldPanel("announced_by")]),
        FieldPanel("contributors"),
        MultiFieldPanel(
            [
                HelpPanel(
                    _(
                        "The first lead body and due date are published as an action of their own. "
                        "Later ones are entered as actions: lead body named, date postponed."
                    )
                ),
                FieldRowPanel([FieldPanel("first_lead"), FieldPanel("first_deadline")]),
                FieldPanel("first_deadline_words"),
            ],
            heading=_("Lead body and due date, as announced"),
        ),
        FieldPanel("example"),
    ],
    base_form_class=FactForm,
)

act = ObjectList(
    [
        HelpPanel(
            _("Publishing an act is the council’s vote: the response follows from the result.")
        ),
        FieldRowPanel([FieldPanel("cycle"), FieldPanel("number")]),
        FieldPanel("title"),
        FieldRowPanel([FieldPanel("session_first"), FieldPanel("session_last")]),
        FieldRowPanel([FieldPanel("council"), FieldPanel("result")]),
        FieldRowPanel(
            [FieldPanel("votes_for"), FieldPanel("votes_against"), FieldPanel("votes_abstained")]
        ),
        InlinePanel(
            "adopts",
            panels=[FieldPanel("recommendation")],
            heading=_("Recommendations voted on"),
            label=_("recommendation"),
        ),
        FieldPanel("article"),
        FieldRowPanel([FieldPanel("url"), FieldPanel("document")]),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("lead_body"), FieldPanel("link")]),
                FieldPanel("what_changed"),
                FieldPanel("reason"),
                FieldPanel("reason_text"),
            ],
            heading=_("What the result demands"),
        ),
        FieldPanel("example"),
    ],
    base_form_class=FactForm,
)

announced_count = ObjectList(
    [
        FieldPanel("cycle"),
        FieldRowPanel([FieldPanel("counts"), FieldPanel("number")]),
        FieldPanel("words"),
        FieldPanel("source_title"),
        FieldPanel("source_url"),
        FieldRowPanel([FieldPanel("stated_on"), FieldPanel("body")]),
        FieldPanel("example"),
    ],
    base_form_class=FactForm,
)

withdrawal = ObjectList(
    [
        HelpPanel(
            _(
                "The recommendation’s address will answer that it was withdrawn, with this date "
                "and reason. Its actions stay readable. This can’t be undone."
            )
        ),
        FieldPanel("recommendation"),
        FieldPanel("withdrawn_on"),
        FieldPanel("reason"),
        FieldPanel("example"),
    ],
    base_form_class=FactForm,
)

passage = ObjectList(
    [
        HelpPanel(
            _(
                "Quote a part of the citizens’ text and say what became of it: measures take it "
                "up; measures, and something is left out: taken up in part; a reason alone: not "
                "accepted; nothing: still without answer. The page underlines the words and says "
                "who said so, and when."
            )
        ),
        FieldPanel("recommendation"),
        MultiFieldPanel(
            [FieldPanel("words"), FieldPanel("occurrence")], heading=_("The words, quoted")
        ),
        FieldRowPanel([FieldPanel("body"), FieldPanel("stated_on")]),
        InlinePanel(
            "ties",
            panels=[FieldPanel("measure")],
            heading=_("Measures that take it up"),
            label=_("measure"),
        ),
        MultiFieldPanel(
            [FieldPanel("reason"), FieldPanel("reason_text")],
            heading=_("What is not taken up"),
        ),
        MultiFieldPanel(
            [
                HelpPanel(
                    _(
                        "What was said of a passage stays readable. Another passage takes its "
                        "place, with its own day, and says why: a mistake, or what has changed "
                        "since."
                    )
                ),
                FieldPanel("replaces"),
                FieldPanel("withdraws"),
                FieldPanel("why"),
            ],
            heading=_("In the place of another"),
            classname="collapsed",
        ),
        FieldPanel("example"),
    ],
    base_form_class=PassageForm,
)

body = ObjectList(
    [
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("acronym"), FieldPanel("kind")]),
        FieldPanel("slug"),
        FieldPanel("description"),
        FieldPanel("assembly"),
        FieldRowPanel([FieldPanel("parent"), FieldPanel("successor")]),
        FieldPanel("example"),
    ],
    base_form_class=AssemblyForm,
)

topic = ObjectList([FieldPanel("name"), FieldPanel("slug"), FieldPanel("description")])

group = ObjectList(
    [
        FieldPanel("cycle"),
        FieldPanel("parent"),
        FieldRowPanel([FieldPanel("label"), FieldPanel("sort_order")]),
        FieldPanel("title"),
        FieldPanel("example"),
    ],
    base_form_class=AssemblyForm,
)

kind = ObjectList(
    [
        FieldRowPanel([FieldPanel("assembly"), FieldPanel("code")]),
        FieldPanel("name"),
        FieldPanel("plural"),
        FieldPanel("deciding_body"),
        InlinePanel(
            "own_words",
            panels=[FieldRowPanel([FieldPanel("axis"), FieldPanel("value")]), FieldPanel("word")],
            heading=_("Own words for states"),
            label=_("word"),
            help_text=_("Only where this kind has its own: a vœu is adopted, not accepted."),
        ),
    ],
    base_form_class=AssemblyForm,
)

regime = ObjectList(
    [
        FieldPanel("name"),
        FieldPanel("code"),
        FieldPanel("explanation"),
        FieldPanel("silent_after_months"),
        FieldPanel("has_citizens_body"),
        FieldPanel("citizens_voice"),
        InlinePanel(
            "duty_rules",
            panels=[
                FieldPanel("label"),
                FieldPanel("code"),
                FieldRowPanel([FieldPanel("trigger"), FieldPanel("subject")]),
                FieldRowPanel([FieldPanel("delay"), FieldPanel("unit")]),
                FieldRowPanel([FieldPanel("every"), FieldPanel("count")]),
                FieldPanel("answered_by"),
                FieldPanel("answered_by_stage"),
                FieldPanel("closed_by"),
            ],
            heading=_("Duties"),
            label=_("duty"),
        ),
    ]
)

role = ObjectList(
    [FieldPanel("group"), FieldPanel("assembly"), FieldPanel("name"), FieldPanel("body")]
)
