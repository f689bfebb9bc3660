"""The nouns of the domain, one a file."""

from assemblies.models.act import Act, ActAdopts
from assemblies.models.action import Action, ActionTarget
from assemblies.models.assembly import Assembly, AssemblyPage, Ink
from assemblies.models.change import Change, ChangeKind
from assemblies.models.cycle import AnnouncedCount, Counted, Cycle, CyclePage, Group
from assemblies.models.fact import Fact, FactPart
from assemblies.models.kind import KindWord, RecommendationKind
from assemblies.models.measure import Measure, MeasureServes
from assemblies.models.passage import Passage, PassageMeasure
from assemblies.models.past_address import PastAddress
from assemblies.models.recommendation import Recommendation, RecommendationPage
from assemblies.models.regime import DutyRule, Regime
from assemblies.models.rewording import Rewording
from assemblies.models.role import Role, RoleName
from assemblies.models.source import Source
from assemblies.models.span import DueSpan, StateSpan
from assemblies.models.taxonomy import Body, Topic
from assemblies.models.withdrawal import Withdrawal

__all__ = [
    "Act",
    "ActAdopts",
    "Action",
    "ActionTarget",
    "AnnouncedCount",
    "Assembly",
    "AssemblyPage",
    "Body",
    "Change",
    "ChangeKind",
    "Counted",
    "Cycle",
    "CyclePage",
    "DueSpan",
    "DutyRule",
    "Fact",
    "FactPart",
    "Group",
    "Ink",
    "KindWord",
    "Measure",
    "MeasureServes",
    "Passage",
    "PassageMeasure",
    "PastAddress",
    "Recommendation",
    "RecommendationKind",
    "RecommendationPage",
    "Regime",
    "Rewording",
    "Role",
    "RoleName",
    "Source",
    "StateSpan",
    "Topic",
    "Withdrawal",
]

#: Everything that is published once and then stays.
FACTS = (Action, Measure, Act, AnnouncedCount, Withdrawal, Passage)
#: One row a thing, whatever the languages.
REGISTERS = (Assembly, Cycle, Recommendation)
#: The rows that are part of a fact.
FACT_PARTS = (ActionTarget, Source, MeasureServes, ActAdopts, PassageMeasure)
