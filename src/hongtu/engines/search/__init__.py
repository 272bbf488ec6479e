"""Search over a knowledge base of short official texts: by characters, by sound, by meaning.

>>> from hongtu.engines.search import Index, Passage
>>> passages = [Passage("a", "办理居住证需要身份证和租房合同"), Passage("b", "老年人优待证免费乘车")]
>>> Index.build(passages).search("居主证", k=1)[0].id
'a'
"""

from .cache import VectorCache, default_cache_folder
from .encoder import Encoder
from .errors import SearchError
from .fusion import Calibration
from .index import Index
from .normalise import normalise
from .passages import Hit, Hits, Passage, Snippet

__all__ = [
    "Calibration",
    "Encoder",
    "Hit",
    "Hits",
    "Index",
    "Passage",
    "SearchError",
    "Snippet",
    "VectorCache",
    "default_cache_folder",
    "normalise",
]
