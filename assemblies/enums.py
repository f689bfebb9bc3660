"""The closed lists of the domain: the three axes, their values, and the kinds of follow-up action.

Codes are shared by every assembly and never change; the words shown for them may be an assembly's
own (``RecommendationKind.words``), with the labels here as defaults. The labels are the English
msgids of the catalogues.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Axis(TextChoices):
    """What a follow-up action can set. The three axes are never merged.

    ``LEAD`` and ``DEADLINE`` are not axes that readers see, but facts of a measure (or of an
    accepted recommendation) that change through actions and are folded in the same way.
    """

    RESPONSE = "response", _("Response")
    IMPLEMENTATION = "implementation", _("Implementation")
    OPINION = "opinion", _("Opinion of the follow-up committee")
    LEAD = "lead", _("Lead body")
    DEADLINE = "deadline", _("Due date")


class Response(TextChoices):
    """The authority's decision on a recommendation."""

    AWAITING = "awaiting", _("Awaiting response")
    ACCEPTED = "accepted", _("Accepted")
    ACCEPTED_MODIFIED = "accepted_modified", _("Accepted with changes")
    PARTIAL = "partial", _("Accepted in part")
    UNDER_STUDY = "under_study", _("Under study")
    REFERRED = "referred", _("Referred to the competent authority")
    REJECTED = "rejected", _("Not accepted")


POSITIVE_RESPONSES = frozenset({Response.ACCEPTED, Response.ACCEPTED_MODIFIED, Response.PARTIAL})
#: Answers that settle the matter: after one of these no decision is owed any more.
DECIDED_RESPONSES = POSITIVE_RESPONSES | {Response.REFERRED, Response.REJECTED}


class Implementation(TextChoices):
    """How far a measure (or a recommendation without measures) has been carried out."""

    NOT_STARTED = "not_started", _("Not started")
    PREPARATION = "preparation", _("In preparation")
    UNDER_WAY = "under_way", _("Under way")
    PARTLY = "partly", _("Partly delivered")
    DELIVERED = "delivered", _("Delivered")
    CONTINUOUS = "continuous", _("Continuous")
    STOPPED = "stopped", _("Stopped")
    VOID = "void", _("No longer applicable")


#: What counts in "2 of 5 delivered".
DONE_IMPLEMENTATIONS = frozenset({Implementation.DELIVERED, Implementation.CONTINUOUS})
#: No further step is expected.
CLOSED_IMPLEMENTATIONS = DONE_IMPLEMENTATIONS | {Implementation.STOPPED, Implementation.VOID}


class Opinion(TextChoices):
    """What the follow-up committee of drawn citizens thinks of the answer or of what was done."""

    NOT_EXAMINED = "not_examined", _("Not yet examined")
    SATISFACTORY = "satisfactory", pgettext_lazy("opinion", "Satisfactory")
    TO_CLARIFY = "to_clarify", _("To be clarified")
    INSUFFICIENT = "insufficient", pgettext_lazy("opinion", "Insufficient")


class OpinionObject(TextChoices):
    """What an opinion judges."""

    ANSWER = "answer", pgettext_lazy("judged", "The answer")
    DELIVERY = "delivery", pgettext_lazy("judged", "The delivery")
    WHOLE = "whole", pgettext_lazy("judged", "The whole")


class Stage(TextChoices):
    """Which of the successive responses this is; all are kept."""

    INITIAL = "initial", _("First response")
    INTERIM = "interim", _("Interim response")
    FINAL = "final", _("Final response")


class Reason(TextChoices):
    """Why a recommendation was refused, wholly or in part."""

    REMIT = "remit", _("Outside the authority's remit")
    LAW = "law", pgettext_lazy("reason", "Law")
    BUDGET = "budget", pgettext_lazy("reason", "Budget")
    TECHNICAL = "technical", _("Technical reason")
    CONFLICT = "conflict", _("Conflicts with a decision")
    COVERED = "covered", _("Already covered")
    OTHER = "other", _("Other reason")


class PassageState(TextChoices):
    """What became of a passage of the citizens' words; computed from what it is tied to."""

    COVERED = "covered", pgettext_lazy("passage", "Taken up")
    PARTLY = "partly", pgettext_lazy("passage", "Taken up in part")
    REFUSED = "refused", pgettext_lazy("passage", "Not accepted")
    UNANSWERED = "unanswered", pgettext_lazy("passage", "Without answer")


class Link(TextChoices):
    """What a positive response adds to what exists already; asked when the answer is entered."""

    NEW = "new", pgettext_lazy("link with what exists", "New")
    STRENGTHENED = "strengthened", pgettext_lazy("link with what exists", "Strengthened")
    PLANNED = "planned", pgettext_lazy("link with what exists", "Already planned")
    DONE = "done", pgettext_lazy("link with what exists", "Already done")


class Kind(TextChoices):
    """The kinds of follow-up action."""

    HANDOVER = "handover", _("Handover")
    RESPONSE = "response", _("Response")
    VOTE = "vote", _("Council vote")
    LEAD = "lead", _("Lead body named")
    PROGRESS = "progress", _("Progress update")
    UNCHANGED = "unchanged", _("Confirmed unchanged")
    DECISION = "decision", _("Decision or regulation")
    BUDGET = "budget", pgettext_lazy("action", "Budget")
    WORKS = "works", _("Works or tender")
    REPORT = "report", _("Report or evaluation")
    MEETING = "meeting", _("Meeting")
    QUESTION = "question", _("Question and answer")
    OPINION = "opinion", _("Opinion of the follow-up committee")
    POSTPONED = "postponed", _("Date postponed")
    SUSPENSION = "suspension", _("Suspension or change of mandate")
    OUTCOME = "outcome", _("Measure delivered or stopped")
    REFERRAL = "referral", _("Referral")
    MERGE = "merge", _("Merge or split")
    END = "end", _("End of follow-up")
    CORRECTION = "correction", _("Correction")


class BodyKind(TextChoices):
    """What sort of body acts, leads, answers or speaks; never a person."""

    GOVERNMENT = "government", _("Government")
    COUNCIL = "council", _("Council")
    ADMINISTRATION = "administration", _("Administration")
    DIRECTORATE = "directorate", _("Directorate")
    ASSEMBLY = "assembly", _("Citizens' assembly")
    COMMITTEE = "committee", _("Follow-up committee")
    OTHER_LEVEL = "other_level", _("Other level of power")
    PRIVATE = "private", _("Private body")


#: Bodies through which drawn citizens speak; nobody of the authority corrects their words.
CITIZENS_BODIES = frozenset({BodyKind.ASSEMBLY, BodyKind.COMMITTEE})


class Result(TextChoices):
    """How a council decided on an act."""

    ADOPTED = "adopted", _("Adopted")
    ADOPTED_AMENDED = "adopted_amended", _("Adopted as amended")
    NOT_ADOPTED = "not_adopted", _("Not adopted")


#: A vote fills the response axis.
RESPONSE_OF_RESULT = {
    Result.ADOPTED: Response.ACCEPTED,
    Result.ADOPTED_AMENDED: Response.ACCEPTED_MODIFIED,
    Result.NOT_ADOPTED: Response.REJECTED,
}


class Trigger(TextChoices):
    """What starts a duty's clock."""

    HANDOVER = "handover", pgettext_lazy("trigger", "Handover of the recommendations")
    ADOPTION = "adoption", pgettext_lazy("trigger", "Adoption of the act")
    PUBLICATION = "publication", pgettext_lazy("trigger", "Announcement of the measure")


class Subject(TextChoices):
    """What a duty is owed for."""

    CYCLE = "cycle", _("Cycle")
    RECOMMENDATION = "recommendation", _("Recommendation")
    MEASURE = "measure", _("Measure")


class Unit(TextChoices):
    """Months are calendar months: 31 August + 6 months = 28 or 29 February."""

    MONTHS = "months", pgettext_lazy("unit", "months")
    DAYS = "days", pgettext_lazy("unit", "days")


#: Value of an axis → names of the action's fields that it demands. Drives form, import, and
#: database constraint alike. ``sources`` is checked at publication (it lives in another table).
DEMANDS: dict[str, dict[str, tuple[str, ...]]] = {
    Axis.RESPONSE: {
        Response.AWAITING: ("decision_due",),
        Response.ACCEPTED: ("concerned_body", "link"),
        Response.ACCEPTED_MODIFIED: ("what_changed", "link"),
        Response.PARTIAL: ("reason_text", "link"),
        Response.UNDER_STUDY: ("decision_due",),
        Response.REFERRED: ("concerned_body",),
        Response.REJECTED: ("reason_text", "reason"),
    },
    Axis.IMPLEMENTATION: {
        Implementation.NOT_STARTED: (),
        Implementation.PREPARATION: (),
        Implementation.UNDER_WAY: (),
        Implementation.PARTLY: ("what_is_missing",),
        Implementation.DELIVERED: ("sources",),
        Implementation.CONTINUOUS: ("sources",),
        Implementation.STOPPED: ("reason_text",),
        Implementation.VOID: ("reason_text",),
    },
    Axis.OPINION: {
        Opinion.NOT_EXAMINED: (),
        Opinion.SATISFACTORY: ("opinion_object",),
        Opinion.TO_CLARIFY: ("opinion_object",),
        Opinion.INSUFFICIENT: ("opinion_object",),
    },
}

VALUES: dict[str, type[TextChoices]] = {
    Axis.RESPONSE: Response,
    Axis.IMPLEMENTATION: Implementation,
    Axis.OPINION: Opinion,
}

#: The ink of a value: how far, never good or bad. Template classes ``state--<tone>``.
TONES: dict[str, dict[str, str]] = {
    Axis.RESPONSE: {
        Response.AWAITING: "open",
        Response.ACCEPTED: "full",
        Response.ACCEPTED_MODIFIED: "full",
        Response.PARTIAL: "part",
        Response.UNDER_STUDY: "going",
        Response.REFERRED: "plain",
        Response.REJECTED: "no",
    },
    Axis.IMPLEMENTATION: {
        Implementation.NOT_STARTED: "open",
        Implementation.PREPARATION: "going",
        Implementation.UNDER_WAY: "going",
        Implementation.PARTLY: "part",
        Implementation.DELIVERED: "full",
        Implementation.CONTINUOUS: "full",
        Implementation.STOPPED: "no",
        Implementation.VOID: "no",
    },
    Axis.OPINION: {
        Opinion.NOT_EXAMINED: "open",
        Opinion.SATISFACTORY: "full",
        Opinion.TO_CLARIFY: "part",
        Opinion.INSUFFICIENT: "no",
    },
}
