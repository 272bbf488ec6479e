"""Compilation of the number-crunching functions, with a cache on disk where one can be kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """`numba.njit` without the global interpreter lock, cached between processes.

    numba refuses to decorate when neither the source folder nor the user's cache folder can be written (a
    read-only container, say); the function is then compiled anew in each process, which costs seconds once.
    """
    try:
        return cast(Function, numba.njit(cache=True, nogil=True)(function))
    except RuntimeError:
        return cast(Function, numba.njit(nogil=True)(function))
