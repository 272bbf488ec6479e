"""Django choices out of a framework-free vocabulary."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from hongtu.engines.vocabulary import Labelled


def choices(vocabulary: type[Labelled]) -> list[tuple[str, Promise]]:
    """`[(value, translated label), ...]` in the order of declaration."""
    return [(member.value, gettext_lazy(member.label)) for member in vocabulary]
