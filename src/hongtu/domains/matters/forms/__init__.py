"""Forms of the matters room."""

from hongtu.domains.matters.forms.elements import FileForm, MaterialForm
from hongtu.domains.matters.forms.guide import DecisionForm, GuideForm, initial_of

__all__ = ["DecisionForm", "FileForm", "GuideForm", "MaterialForm", "initial_of"]
