"""What happens to chains, told to whoever reacts."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ChainsChanged:
    """Dates, steps or relations of these chains (primary keys) changed."""

    chains: tuple[int, ...]


@dataclass(frozen=True)
class NeighboursChanged:
    """What ties chains to each other changed: work faces moved, an agreement came into force."""
