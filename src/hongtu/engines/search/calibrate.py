from __future__ import annotations
from .fusion import Calibration
def calibrate(index, progress=None):
    return Calibration()
