"""Every write of consultation. Keyword-only, `by=`, atomic, audited."""

from hongtu.domains.consultation import queries  # noqa: F401 - the policies of the room are registered there
from hongtu.domains.consultation.actions.after import (
    answer_objection,
    archive,
    evaluate,
    inspect,
    make_objection,
    post,
)
from hongtu.domains.consultation.actions.core import words
from hongtu.domains.consultation.actions.owners import (
    cast,
    close_poll,
    estates,
    households,
    open_poll,
)
from hongtu.domains.consultation.actions.table import (
    add_option,
    conclude,
    declare,
    drop_option,
    give_notice,
    invite,
    note_differences,
    sign_in,
    speak,
    uninvite,
    vote,
)
from hongtu.domains.consultation.actions.tasks import (
    adopt_problem,
    follow_problem,
    hand_over,
    revise_task,
    set_task,
)
from hongtu.domains.consultation.actions.topics import (
    advance,
    merge_proposals,
    proposals,
    reconsider,
    register,
    revise,
    screen,
)

__all__ = [
    "add_option",
    "adopt_problem",
    "advance",
    "answer_objection",
    "archive",
    "cast",
    "close_poll",
    "conclude",
    "declare",
    "drop_option",
    "estates",
    "evaluate",
    "follow_problem",
    "give_notice",
    "hand_over",
    "households",
    "inspect",
    "invite",
    "make_objection",
    "merge_proposals",
    "note_differences",
    "open_poll",
    "post",
    "proposals",
    "reconsider",
    "register",
    "revise",
    "revise_task",
    "screen",
    "set_task",
    "sign_in",
    "speak",
    "uninvite",
    "vote",
    "words",
]
