"""XML as a stream of records, so that memory does not grow with the file and nothing unsafe is expanded."""

from __future__ import annotations

import io
from collections.abc import Iterator, Set
from functools import lru_cache
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from .errors import refuse
from .limits import Limits


def tag_of(element: Element) -> str:
    """The tag without its namespace."""
    return _local(element.tag)


@lru_cache(maxsize=4096)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def fields_of(element: Element) -> dict[str, str]:
    """Text of the child elements without children of their own, by tag; the first of a name wins."""
    found: dict[str, str] = {}
    for child in element:
        if len(child) == 0 and child.text:
            found.setdefault(tag_of(child), child.text)
    return found


def children(element: Element, *path: str) -> Iterator[Element]:
    """Descendants reached by one tag after the other, namespaces ignored."""
    if not path:
        yield element
        return
    for child in element:
        if tag_of(child) == path[0]:
            yield from children(child, *path[1:])


def stream(
    data: bytes, wanted: Set[str], *, file: str, limits: Limits, openings: Set[str] = frozenset()
) -> Iterator[tuple[str, Element]]:
    """Elements whose path below the root is in `wanted` (`Tasks/Task`), in file order, whole.

    Those in `openings` are announced when they begin, still empty. Each is emptied after the caller has seen
    it. Refuses document types, entities, broken or too deep XML and more than `limits.records` elements of
    one path.
    """
    stack: list[Element] = []
    tags: list[str] = []
    depth = inside = 0  # `inside`: the depth of the record being read, 0 outside of one
    counts: dict[str, int] = {}
    try:
        for event, element in iterparse(io.BytesIO(data), events=("start", "end"), forbid_dtd=True):
            if event == "start":
                depth += 1
                if depth > limits.depth:
                    raise refuse("schedule-file.xml-too-deep", file=file, limit=limits.depth)
                if inside:
                    continue
                stack.append(element)
                tags.append(tag_of(element))
                path = "/".join(tags[1:])
                if path in wanted:
                    inside = depth
                elif path in openings:
                    yield path, element
                continue
            depth -= 1
            if inside and depth >= inside:
                continue
            if inside:
                path = "/".join(tags[1:])
                counts[path] = counts.get(path, 0) + 1
                if counts[path] > limits.records:
                    raise refuse("schedule-file.too-many-records", file=file, limit=limits.records, kind=path)
                yield path, element
                inside = 0
            stack.pop()
            tags.pop()
            if stack:
                stack[-1].remove(element)
    except ParseError as fault:
        raise refuse("schedule-file.xml-broken", file=file, detail=str(fault)) from fault
    except DefusedXmlException as fault:
        raise refuse("schedule-file.xml-unsafe", file=file, detail=type(fault).__name__) from fault
