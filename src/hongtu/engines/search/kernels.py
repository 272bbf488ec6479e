"""Compiled inner loops (numba). They replace chains of NumPy passes that would be bound by memory."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

FloatArray = npt.NDArray[np.float32]


@njit(cache=True, fastmath=True, nogil=True)
def add_bias_gelu(x: FloatArray, bias: FloatArray) -> None:
    """``x = gelu(x + bias)`` in place; erf by the rational approximation of Eigen (error below 1e-6)."""
    one = np.float32(1.0)
    half = np.float32(0.5)
    root = np.float32(0.7071067811865476)
    four = np.float32(4.0)
    for row in range(x.shape[0]):
        line = x[row]
        for column in range(line.shape[0]):
            value = line[column] + bias[column]
            z = min(max(value * root, -four), four)
            z2 = z * z
            top = np.float32(-2.72614225801306e-10)
            top = top * z2 + np.float32(2.77068142495902e-08)
            top = top * z2 + np.float32(-2.10102402082508e-06)
            top = top * z2 + np.float32(-5.69250639462346e-05)
            top = top * z2 + np.float32(-7.34990630326855e-04)
            top = top * z2 + np.float32(-2.95459980854025e-03)
            top = top * z2 + np.float32(-1.60960333262415e-02)
            low = np.float32(-1.45660718464996e-05)
            low = low * z2 + np.float32(-2.13374055278905e-04)
            low = low * z2 + np.float32(-1.68282697438203e-03)
            low = low * z2 + np.float32(-7.37332916720468e-03)
            low = low * z2 + np.float32(-1.42647390514189e-02)
            line[column] = half * value * (one + z * top / low)


@njit(cache=True, fastmath=True, nogil=True)
def layer_norm(x: FloatArray, weight: FloatArray, bias: FloatArray, epsilon: np.float32) -> None:
    """Layer normalisation of each row of ``x`` in place."""
    size = x.shape[1]
    count = np.float32(size)
    for row in range(x.shape[0]):
        line = x[row]
        total = np.float32(0.0)
        for column in range(size):
            total += line[column]
        mean = total / count
        spread = np.float32(0.0)
        for column in range(size):
            gap = line[column] - mean
            spread += gap * gap
        factor = np.float32(1.0) / np.sqrt(spread / count + epsilon)
        for column in range(size):
            line[column] = (line[column] - mean) * factor * weight[column] + bias[column]
