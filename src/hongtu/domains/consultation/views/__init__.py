"""Pages of the consultation room that a ledger cannot express."""
