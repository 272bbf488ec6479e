"""The REST API of every ledger, typed out of its declaration; mounted at `/api/v1/`."""
