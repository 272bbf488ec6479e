"""The records of a consultation: topic and proposals, table and meeting, owners and their vote, what
follows."""

from hongtu.domains.consultation.models.after import (
    Evaluation,
    Inspection,
    Objection,
    Posting,
    Task,
)
from hongtu.domains.consultation.models.owners import Ballot, Estate, Household, Poll
from hongtu.domains.consultation.models.table import (
    Conclusion,
    Fund,
    Meeting,
    Option,
    Participant,
    Speech,
    Vote,
)
from hongtu.domains.consultation.models.topics import Proposal, Topic

__all__ = [
    "Ballot",
    "Conclusion",
    "Estate",
    "Evaluation",
    "Fund",
    "Household",
    "Inspection",
    "Meeting",
    "Objection",
    "Option",
    "Participant",
    "Poll",
    "Posting",
    "Proposal",
    "Speech",
    "Task",
    "Topic",
    "Vote",
]
