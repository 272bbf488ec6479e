"""The pages of every ledger."""
