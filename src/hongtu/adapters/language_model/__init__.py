"""An OpenAI-compatible server, when an installation names one: chat and embeddings. Always optional.

It is given the published text of a record and nothing else: no question, no name, no conversation.
"""

from hongtu.adapters.language_model.chat import stream_chat
from hongtu.adapters.language_model.embeddings import RemoteEncoder
from hongtu.adapters.language_model.endpoint import Endpoint, ModelFault

__all__ = ["Endpoint", "ModelFault", "RemoteEncoder", "stream_chat"]
