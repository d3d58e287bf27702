"""The understudy: a deterministic, rule-based stand-in for a language model."""

from deploy.local.bedrock.understudy.reply import MODEL_ID, Reply
from deploy.local.bedrock.understudy.respond import respond

__all__ = ["MODEL_ID", "Reply", "respond"]
