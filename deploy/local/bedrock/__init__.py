"""The local Converse endpoint and the rule-based understudy that answers behind it."""
