"""What must not stand in a log: the private links of residents, which open their reports to whoever holds
them."""

import logging
import re

PRIVATE = re.compile(r"(/problems/mine/)[^/\s\"'?#]+")
HIDDEN = r"\1…"


class PrivateLinks(logging.Filter):
    """Writes `/problems/mine/…` for the address of a private link, in the text and in what comes with it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true: the line is written, without the link."""
        said = record.getMessage()
        if PRIVATE.search(said):
            record.msg, record.args = PRIVATE.sub(HIDDEN, said), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = PRIVATE.sub(HIDDEN, record.exc_text)
        return True
