"""The understudy: a deterministic, rule-based stand-in that answers where no language model is at hand."""

from deploy.local.bedrock.understudy.reply import MODEL_ID, Reply
from deploy.local.bedrock.understudy.respond import respond

__all__ = ["MODEL_ID", "Reply", "respond"]
