"""Every write on projects."""

from hongtu.domains.projects.actions.chains import (
    add_step,
    chain_from_template,
    dragged,
    make_chains,
    move_promise,
    remove_step,
    revise_step,
)
from hongtu.domains.projects.actions.changes import (
    add_evidence,
    ask_light_change,
    change_stage,
    decide_light_change,
)
from hongtu.domains.projects.actions.face_edits import remove_face, revise_face
from hongtu.domains.projects.actions.faces import (
    FaceFaults,
    ask_joint_schedule,
    propose_agreement,
    read_document,
    sign_agreement,
    stop_joint_schedule,
    upload_faces,
    withdraw_agreement,
)
from hongtu.domains.projects.actions.files import chain_from_file, chain_to_mspdi
from hongtu.domains.projects.actions.ledger import (
    chain_templates,
    import_rows,
    load_templates,
    plan_months,
    register,
    revise,
)
from hongtu.domains.projects.actions.lights import refresh, refresh_lights
from hongtu.domains.projects.actions.registers import (
    estimate_durations,
    remove_risk_branch,
    remove_risk_event,
    save_risk_branch,
    save_risk_event,
)
from hongtu.domains.projects.actions.reports import decide_report, load_history, save_report, submit_report
from hongtu.domains.projects.actions.rescue import rescue_chain
from hongtu.domains.projects.actions.risk import refresh_risks

__all__ = [
    "FaceFaults",
    "add_evidence",
    "add_step",
    "ask_joint_schedule",
    "ask_light_change",
    "chain_from_file",
    "chain_from_template",
    "chain_templates",
    "chain_to_mspdi",
    "change_stage",
    "decide_light_change",
    "decide_report",
    "dragged",
    "estimate_durations",
    "import_rows",
    "load_history",
    "load_templates",
    "make_chains",
    "move_promise",
    "plan_months",
    "propose_agreement",
    "read_document",
    "refresh",
    "refresh_lights",
    "refresh_risks",
    "register",
    "remove_face",
    "remove_risk_branch",
    "remove_risk_event",
    "remove_step",
    "rescue_chain",
    "revise",
    "revise_face",
    "revise_step",
    "save_report",
    "save_risk_branch",
    "save_risk_event",
    "sign_agreement",
    "stop_joint_schedule",
    "submit_report",
    "upload_faces",
    "withdraw_agreement",
]
