"""The one door for schedule files: what kind it is, whether it is acceptable, and the reader for it."""

from __future__ import annotations

from pathlib import Path

from .document import FileFormat, ScheduleFile
from .encodings import in_utf8
from .limits import Limits, detect, read_bytes


def read_schedule(path: Path, *, limits: Limits | None = None, project: str | None = None) -> ScheduleFile:
    """Read a schedule file of any accepted kind.

    `project` chooses in a Primavera file with several. Raises `ScheduleFileError`, nothing imported, when the
    file is too large, of a wrong kind, damaged, unsafe or contradicts itself.
    """
    bounds = limits or Limits()
    data = read_bytes(path, bounds)
    return parse_schedule(path.name, data, limits=bounds, project=project)


def parse_schedule(
    name: str, data: bytes, *, limits: Limits | None = None, project: str | None = None
) -> ScheduleFile:
    """Like `read_schedule` for bytes already in memory, such as an upload; `name` is the file's name."""
    bounds = limits or Limits()
    data = in_utf8(name, data)
    kind = detect(name, data, bounds)
    if kind is FileFormat.XER:
        from .xer_reader import read_xer

        return read_xer(data, file=name, limits=bounds, project=project)
    if kind is FileFormat.PMXML:
        from .pmxml_reader import read_pmxml

        return read_pmxml(data, file=name, limits=bounds, project=project)
    if kind is FileFormat.XLSX:
        from .table_reader import read_table

        return read_table(data, file=name, limits=bounds)
    from .mspdi_reader import from_converted, read_mspdi

    if kind is FileFormat.MPP:
        from .java_bridge import mpp_to_mspdi

        converted = mpp_to_mspdi(data, file=name, limits=bounds)
        return from_converted(read_mspdi(converted, file=name, limits=bounds))
    return read_mspdi(data, file=name, limits=bounds)
