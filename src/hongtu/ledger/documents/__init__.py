"""Documents people write by hand: Word and PDF read into paragraphs and table rows. Plain Python.

The guards are those of the sheets; a file that could harm is refused before anything opens it.
"""

from hongtu.ledger.documents.blocks import Block, Document
from hongtu.ledger.documents.reading import open_document
from hongtu.ledger.documents.safety import check_document
from hongtu.ledger.sheets.messages import Refusal

__all__ = ["Block", "Document", "Refusal", "check_document", "open_document"]
