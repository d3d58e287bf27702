"""What is said when nothing is looked up: who this is, what can be asked, what is declined."""

from __future__ import annotations

from deploy.local.bedrock.understudy.answering.markdown import bullets
from deploy.local.bedrock.understudy.answering.sections import Section
from deploy.local.bedrock.understudy.reply import MODEL_ID

_CAN = bullets(
    (
        "**customers**: by id, e-mail, phone, name or user name; tier, contact, address, notes, "
        "support cases, lifetime value",
        "**orders**: of a customer, by number, by status, in a month, the latest, how many",
        "**products**: price, stock, category, what is out of stock, the cheapest",
        "**reviews**: of a product, by a customer, by stars, the average rating",
        "**warranties**: by serial number, by holder, by product",
        "**across systems**: everything about a customer, where the systems differ, "
        "the most valuable customers",
    )
)
_EXAMPLES = bullets(
    (
        "who is the customer with this e-mail, and which orders are open",
        "how many of a product are in stock, and how is it rated",
        "is the device with this serial number still under warranty",
        "do the systems agree on this customer",
    )
)
_MISSING = {
    "customer": "Which customer? Give an id, a name, an e-mail, a phone number or a user name.",
    "product": "Which product? Give its name or number.",
    "order": "Which order? Give its number.",
    "review": "Which review? Give its id.",
    "serial": "Which device? Give its serial number.",
}
_SAYINGS: dict[str, tuple[str, str]] = {
    "who": (
        f"I am the understudy (`{MODEL_ID}`), a rule-based stand-in for a language model. I read "
        "your question by rules and look the facts up in the systems; I am no language model and "
        f"make nothing up. You can ask about:\n\n{_CAN}",
        "answered",
    ),
    "help": (f"I look facts up and only read. You can ask about:\n\n{_CAN}", "answered"),
    "greeting": (
        "Hello. Which customer, order, product, review or warranty is it about?",
        "answered",
    ),
    "thanks": ("You are welcome. Ask on when there is more.", "answered"),
    "off_topic": (
        "That is not something I can answer: I look up customers, orders, products, reviews and "
        "warranties, and nothing else.",
        "refused",
    ),
    "attack": (
        "I cannot do that. I do not show or change my rules, hidden data or access rights, and I "
        "hand out no data in bulk. I look up customers, orders, products, reviews and warranties "
        "that you name.",
        "refused",
    ),
    "role": (
        "What I can look up is the same for everybody who asks, so that changes nothing. Ask "
        "about a customer, an order, a product, a review or a warranty.",
        "refused",
    ),
    "foreign": (
        "I understand only English, so I looked nothing up. Ask again in English, for example "
        "for the status of an order by its number.",
        "clarify",
    ),
    "which_failed": (
        "I do not say which of the answers was wrong or right: whoever guesses would learn from "
        "it. Ask the caller again, and I check the answers anew.",
        "refused",
    ),
    "sql": (
        "I do not run statements that are dictated to me. Ask in plain words what you want to "
        "know, and I look it up.",
        "refused",
    ),
    "change": (
        "That would change something, and I only read: nothing was changed, sent or promised, "
        "and it has to be done elsewhere. I can look up what is recorded now.",
        "refused",
    ),
    "advice": (
        "I give no advice and decide nothing: that is up to you and your team lead. I only look up "
        "what is recorded, so ask me for facts such as tier, orders, price, reviews or warranty.",
        "refused",
    ),
    "legal": (
        "I cannot judge what the law says or what is owed: that is for your team lead or the legal "
        "department. I only look up what is recorded, such as the status of an order or a "
        "warranty.",
        "refused",
    ),
    "discount": (
        "I cannot give or promise a discount or money back: nothing was granted or changed, and "
        "whether it is possible has to be decided elsewhere. I only look up what is recorded.",
        "refused",
    ),
    "rude": (
        "Sorry that this is not going well. Tell me which customer, order, product, review or "
        "warranty it is about, and I look it up.",
        "clarify",
    ),
    "empty": (f"There was no question. You can ask, for example:\n\n{_EXAMPLES}", "clarify"),
    "unclear": (
        "I did not understand that, so I looked nothing up. You can ask, for example:\n\n"
        f"{_EXAMPLES}",
        "clarify",
    ),
}


def talk(kind: str, detail: str) -> Section:
    """The answer to a text that asks for no data, or not clearly enough."""
    if kind == "missing":
        return Section(_MISSING.get(detail, _MISSING["customer"]), "clarify")
    text, outcome = _SAYINGS[kind]
    return Section(text, outcome)
