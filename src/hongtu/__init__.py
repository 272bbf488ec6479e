"""Hongtu (宏图): the platform on which a district keeps its promises."""

__version__ = "0.1.0"
