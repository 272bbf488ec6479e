from tests.ledger.cast import centre, client_of, helper  # noqa: F401
