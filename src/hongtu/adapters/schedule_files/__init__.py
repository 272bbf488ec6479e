"""Schedule files in and out: Microsoft Project XML and .mpp, Primavera XER and PMXML, tables in workbooks."""

from .document import FileFormat, Rules, ScheduleFile
from .errors import ScheduleFileError
from .limits import Limits
from .reading import parse_schedule, read_schedule

__all__ = [
    "FileFormat",
    "Limits",
    "Rules",
    "ScheduleFile",
    "ScheduleFileError",
    "parse_schedule",
    "read_schedule",
]
