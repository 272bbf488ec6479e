"""Runs in a process of its own: Java reads what Python cannot. Started by `java_bridge`, never imported.

    java_worker.py MEGABYTES convert IN OUT     .mpp to Microsoft Project XML
    java_worker.py MEGABYTES schedule IN...     dates by the schedulers of MPXJ, as JSON (the oracle)

Only the standard library and the optional extra are used, so that it starts quickly and holds nothing of the
server. The last line of standard output is one JSON object; exit code 0 means it holds a result.
"""

import contextlib
import json
import sys
import traceback

EXTRA_MISSING, JAVA_MISSING, FAILED, NO_MEMORY = 3, 4, 5, 6


def answer(code: int, **values: object) -> int:
    """Print the JSON object and hand back the exit code."""
    print(json.dumps(values))
    return code


def start_java(megabytes: int) -> None:
    """The Java machine with a bounded heap; `mpxj` puts its archives on the class path when imported."""
    import jpype
    import mpxj  # noqa: F401

    options = [f"-Xmx{megabytes}m", "-Xss4m", "-XX:+UseSerialGC", "-Djava.awt.headless=true"]
    jpype.startJVM(jpype.getDefaultJVMPath(), *options)


def convert(source: str, target: str) -> int:
    """Read a Microsoft Project binary and write Microsoft Project XML."""
    import jpype

    reader = jpype.JClass("org.mpxj.mpp.MPPReader")()
    project = reader.read(source)
    if project is None:
        return answer(FAILED, detail="not a Microsoft Project file")
    properties = project.getProjectProperties()
    writer = jpype.JClass("org.mpxj.mspdi.MSPDIWriter")()
    writer.write(project, target)
    return answer(
        0, application=str(properties.getFullApplicationName() or ""), tasks=int(project.getTasks().size())
    )


def schedule(*sources: str) -> int:
    """Dates of every file's tasks, as saved and as MPXJ computes them; a fault of one stays its own."""
    found = {}
    for source in sources:
        try:
            found[source] = scheduled(source)
        except Exception as fault:
            found[source] = {"error": str(fault).strip() or type(fault).__name__}
    return answer(0, files=found)


def scheduled(source: str) -> dict[str, object]:
    """One file."""
    import jpype

    reader = jpype.JClass("org.mpxj.reader.UniversalProjectReader")
    saved, computed = reader().read(source), reader().read(source)
    if saved is None:
        raise ValueError("not a schedule file")
    properties = saved.getProjectProperties()
    primavera = str(properties.getFileType()) in ("XER", "PMXML")
    name = "PrimaveraScheduler" if primavera else "MicrosoftScheduler"
    start = (properties.getPlannedStart() if primavera else None) or properties.getStartDate()
    jpype.JClass(f"org.mpxj.cpm.{name}")().schedule(computed, start)
    unit = jpype.JClass("org.mpxj.TimeUnit").MINUTES
    tasks = []
    for task in saved.getTasks():
        other = computed.getTaskByUniqueID(task.getUniqueID())
        tasks.append(
            {
                "unique_id": str(task.getUniqueID()),
                "row": None if task.getID() is None else int(task.getID()),
                "id": str(task.getActivityID() or task.getUniqueID()),
                "name": str(task.getName() or ""),
                "summary": bool(task.getSummary()),
                "saved": dates(task, unit),
                "oracle": dates(other, unit),
            }
        )
    return {"scheduler": name, "tasks": tasks}


def dates(task: object, unit: object) -> dict[str, object]:
    """Dates as ISO text, float in worked minutes."""
    getters = ("EarlyStart", "EarlyFinish", "LateStart", "LateFinish", "Start", "Finish")
    found: dict[str, object] = {}
    for name in getters:
        value = getattr(task, f"get{name}")()
        found[name] = None if value is None else str(value)[:16]
    properties = task.getParentFile().getProjectProperties()  # type: ignore[attr-defined]
    for name in ("TotalSlack", "FreeSlack"):
        value = getattr(task, f"get{name}")()
        minutes = None if value is None else value.convertUnits(unit, properties).getDuration()
        found[name] = None if minutes is None else round(float(minutes), 2)
    return found


def main(arguments: list[str]) -> int:
    """Dispatch; every fault becomes a code and a line of text."""
    megabytes, command, *rest = arguments
    try:
        start_java(int(megabytes))
    except ModuleNotFoundError as fault:
        return answer(EXTRA_MISSING, detail=str(fault))
    except Exception as fault:
        return answer(JAVA_MISSING, detail=f"{type(fault).__name__}: {fault}")
    try:
        return convert(*rest) if command == "convert" else schedule(*rest)
    except Exception as fault:
        kind = type(fault).__name__
        if "OutOfMemory" in kind:
            return answer(NO_MEMORY, detail=kind)
        if "UnsupportedClassVersion" in kind:
            return answer(JAVA_MISSING, detail=str(fault))
        traceback.print_exc()
        return answer(FAILED, detail=str(fault).strip() or kind)


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        sys.exit(main(sys.argv[1:]))
