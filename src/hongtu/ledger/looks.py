"""From the lights of records to the statuses the interface draws."""

from hongtu.ui.status import Status

STATUS_OF_LIGHT = {
    "normal": Status.OK,
    "warning": Status.WARN,
    "late": Status.LATE,
    "done": Status.DONE,
    "not_due": Status.PENDING,
    "excused": Status.EXEMPT,
}
