"""Every write on projects."""

from hongtu.domains.projects.actions.chains import chain_from_template, make_chains
from hongtu.domains.projects.actions.changes import (
    add_evidence,
    ask_light_change,
    change_stage,
    decide_light_change,
)
from hongtu.domains.projects.actions.ledger import (
    import_rows,
    import_templates,
    load_templates,
    plan_months,
    register,
    register_template,
    revise,
    revise_template,
)
from hongtu.domains.projects.actions.lights import refresh, refresh_lights
from hongtu.domains.projects.actions.reports import decide_report, load_history, save_report, submit_report

__all__ = [
    "add_evidence",
    "ask_light_change",
    "chain_from_template",
    "change_stage",
    "decide_light_change",
    "decide_report",
    "import_rows",
    "import_templates",
    "load_history",
    "load_templates",
    "make_chains",
    "plan_months",
    "refresh",
    "refresh_lights",
    "register",
    "register_template",
    "revise",
    "revise_template",
    "save_report",
    "submit_report",
]
