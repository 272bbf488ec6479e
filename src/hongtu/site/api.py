"""The API of the house: every ledger's operations; further routers are added here."""

from hongtu.ledger.api.build import build

api = build()
