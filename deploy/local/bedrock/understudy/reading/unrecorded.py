"""Facts that reps ask for and that no system holds, each with what to say about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """A kind of fact that is not recorded anywhere, and whether order or product facts help instead."""

    phrases: tuple[str, ...]
    says: str
    instead: str = ""


def _phrases(lines: str) -> tuple[str, ...]:
    """One phrase a line."""
    return tuple(line.strip() for line in lines.strip().splitlines())


UNRECORDED: tuple[Unrecorded, ...] = (
    Unrecorded(
        _phrases(
            r"""
            (?:what|which)~(?:in|inside|part of)~(?:<order>|orders?)
            (?:items?|products?|articles?|things) (?:in|of|on|inside|from|within|did)~(?:<order>|orders?)
            order (?:lines?|items?|contents?|positions?)
            (?:contents?|items) of
            (?:what|which products?|which items?)~(?:contain|contains|contained|include|includes|included|consist|consists)
            <order>~(?:contain|contains|contained|include|includes|included)
            what (?:is|was|were)~(?:ordered|bought)
            what (?:did|has|have)~(?:buy|bought|purchase|purchased)
            (?:which|what) (?:products?|items?|articles?)~(?:buy|bought|purchase|purchased|order|ordered)
            (?:did|has|have)~(?:buy|bought|purchase|purchased|ordered?)~<name>
            <order>~(?:for|of) a
            """
        ),
        (
            "What was in an order is not recorded: orders have no lines here, only a total, a"
            " status and a date."
        ),
        "orders",
    ),
    Unrecorded(
        _phrases(
            r"""
            who (?:has |have |all )?(?:bought|buys|purchased|ordered)~<name>
            who (?:has |have )?(?:bought|purchased)
            (?:which|what) customers?~(?:bought|buys|purchased|own|owns|have bought)
            (?:buyers?|purchasers?) of
            (?:best|top|worst) ?sell(?:ing|ers?)
            bestsell\w+
            how many~(?:sold|been sold)
            how (?:often|many times)~(?:sold|bought|purchased)~<name>
            sales (?:of|for) (?:the )?<name>
            (?:units|copies) sold
            most (?:sold|bought|popular|ordered) (?:product|item)?
            sells? (?:best|most)
            popular
            """
        ),
        (
            "Who bought a product, or how often it was sold, is not recorded: orders have no "
            "lines here."
        ),
    ),
    Unrecorded(
        _phrases(
            r"""
            track|tracking|tracked
            courier|carrier|ups|dhl|fedex|usps
            parcels?|packages?|shipments?
            where (?:is|are)~(?:<order>|orders?)(?: now)?
            (?:deliver|delivered|delivery|deliveries)
            eta
            (?:when|what date|what day|how soon|how long)~(?:arrive|arrives|arrived|arriving|get here|come|reach|be there)
            arrive|arrives|arrived|arrival
            (?:when|what date)~(?:shipped|dispatched|ship|sent)
            shipping date|ship date
            shipping (?:method|cost|fee|speed)
            """
        ),
        "Delivery dates, shipping dates, carriers and tracking are not recorded in any system.",
        "orders",
    ),
    Unrecorded(
        _phrases(
            r"""
            warehouses?|depot|storage location|shelf|aisle|branch|which store
            where (?:is|are)~(?:stored|kept|stocked|located in)
            restock|restocked|restocking|back in stock|next delivery|replenish\w*
            (?:when|next)~(?:in stock|available) again
            """
        ),
        (
            "Warehouses, storage places and restocking dates are not recorded in any system: "
            "only how many there are."
        ),
        "products",
    ),
    Unrecorded(
        _phrases(
            r"""
            payments?|paid (?:with|by|via)|how (?:did|does|has|was)~(?:pay|paid)(?! for)
            has~(?:paid|been paid)
            credit cards?|debit card|card numbers?|bank (?:account|details|data)|iban|paypal
            visa|mastercard
            invoices?|billing|bill|receipt
            owe|owes|outstanding (?:balance|amount)|balance|debt|overdue|credit limit
            credit score
            """
        ),
        "Payments, cards, invoices and balances are not recorded in any system of the desk.",
        "orders",
    ),
    Unrecorded(
        _phrases(
            r"""
            margins?|profit\w*|cost price|purchase price|wholesale|markup|buying price
            suppliers?|vendors?|manufacturers?|brand|made by|made in|who makes|country of origin
            weight|weigh|weighs|dimensions?|height|width|colou?rs?|material|size|ean|barcode
            discounts?|coupons?|vouchers?|promo\w*|on sale|special offer|price history
            previous price|old price|price drop
            """
        ),
        (
            "That is not recorded: of a product the systems hold name, description, price, "
            "category and stock."
        ),
        "products",
    ),
    Unrecorded(
        _phrases(
            r"""
            (?:been |was |were |status of the |any |a )?(?:refund|refunds|refunded)(?: status)?
            returns?(?: status)?|sent back|exchange[sd]?
            cancelled|canceled|cancellations?
            """
        ),
        (
            "Refunds, returns and cancellations are not recorded: an order is pending, "
            "completed or shipped."
        ),
        "orders",
    ),
    Unrecorded(
        _phrases(
            r"""
            passwords?|passcode|pin(?: code| number)?|ssn|social security(?: number)?
            passport(?: number)?|driv\w+ licen[sc]e|security code|cvv
            """
        ),
        "No system of the desk holds passwords, PINs or identity papers.",
    ),
    Unrecorded(
        _phrases(
            r"""
            (?:what|which)~(?:cases?|tickets?|complaints?)~about
            (?:reason|subject|topic|details?|content|status|history) (?:of|for|about)~(?:cases?|tickets?|complaints?)
            (?:last|latest|open|newest|recent) (?:support )?(?:case|ticket)
            why (?:did|has|does)~(?:call|contact|complain|support)
            who handled
            when~(?:last )?(?:contacted|called)~(?:support|us)?
            """
        ),
        "What support cases were about is not recorded, only how many there were.",
        "cases",
    ),
    Unrecorded(
        _phrases(
            r"""
            why (?:is|was|are|were|did|does|has|have|can|do)
            """
        ),
        "Reasons are not recorded in any system.",
        "same",
    ),
    Unrecorded(
        _phrases(
            r"""
            gender|sex|married|marital|children|kids|job|occupation|profession|employer
            income of|nationality|religion|language|ethnicity|photo|picture of|hobby|hobbies
            last (?:login|logged in|visit|seen)|logged in|online
            loyalty points|points balance|bonus points|reward points|rewards|membership card
            referral\w*|referred by|sales rep|account manager|assigned to
            next of kin|emergency contact|spouse
            """
        ),
        "That is not recorded in any system of the desk.",
    ),
)
