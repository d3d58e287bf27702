"""Facts that reps ask for and that no system holds, each with what to say about it.

A line ``= kind`` begins one, with what helps instead after the colon; then comes what is said, and
below ``--`` the phrases.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from deploy.local.bedrock.understudy.reading.phrases import PhraseBook

_TABLE = r"""
= contents: orders
What was in an order is not recorded: orders have no lines here, only a total, a status and a
date.
--
(what|which)~(in|inside|part of)~(<order>|orders?)
what (is|was|were|are) (in|inside) (it|that|this|there|the (box|parcel|package))(?= ,| \.|$)
(items?|products?|articles?|things) (in|of|on|inside|from|within|did)~(<order>|orders?)
order (lines?|items?|contents?|positions?)|(contents?|items) of
(what|which products?|which items?)~(contain|contains|contained|include)
(what|which products?|which items?)~(includes|included|consist|consists)
<order>~(contain|contains|contained|include|includes|included)|what (is|was|were)~(ordered|bought)
what (else )?(did|has|have)~(order|ordered)
what (else )?did (he|she|they|<name>|<name> <name>|<customer>) (get|receive)
what (else )?(did|has|have)~(buy|bought|purchase|purchased)
(which|what) (products?|items?|articles?)~(buy|bought|purchase|purchased|order|ordered)
(did|has|have) (he|she|they) (order|ordered|buy|bought|purchased?) (it|that|this)( here| from us)?
(did|has|have)~(buy|bought|purchase|purchased|ordered?)~<name>|<order>~(for|of) a
= future: products
What will be on a day to come is not recorded and not forecast here: only how it is now.
--
(will|shall|would|going to)( (?!how |and )[^ .]+){0,4} (left|remain|available|on hand|in stock)
(left|remaining|available|in stock|stock|inventory|price|cost)~(tomorrow|next (day|week|month|year))
(tomorrows?|next (day|week|month|year)s?)( evening| morning)? (stock|price|inventory)
(will|going to)~(cheaper|dearer|pricier|more expensive|sell out|run out|last until)
= buyers:
Who bought a product, or how often it was sold, is not recorded: orders have no lines here.
--
who (has |have |all )?(bought|buys|purchased|ordered)~<name>|who (has |have )?(bought|purchased)
(which|what) customers?~(bought|buys|purchased|own|owns|have bought)|(buyers?|purchasers?) of
(best|top|worst) ?sell(ing|ers?)|bestsell\w+|how many~(sold|been sold)
how (often|many times)~(sold|bought|purchased)~<name>|sales (of|for) (the )?<name>
(units|copies) sold|most (sold|bought|popular|ordered) (product|item)?|sells? (best|most)|popular
= storage: products
Warehouses, storage places and restocking dates are not recorded in any system: only how many
there are.
--
warehouses?|depot|storage location|shelf|aisle|branch|which store
where (is|are)~(stored|kept|stocked|located in)
restock|restocked|restocking|back in stock|next delivery|replenish\w*
when~back in stock|(when|next)~(in stock|available) again
when~(be |come |coming |get )?back( in)?$|when~get more
= delivery: orders
Delivery dates, shipping dates, carriers and tracking are not recorded in any system.
--
(who|which company|which service)~(delivers|delivered|ships|transports|brings)
track|tracking|tracked|courier|carrier|ups|dhl|fedex|usps|parcels?|packages?|shipments?
where (is|are)~(<order>|orders?)( now)?|(deliver|delivered|delivery|deliveries)|eta
(when|what date|what day|how soon|how long)~(arrive|arrives|arrived|arriving)
(when|what date|what day|how soon|how long)~(get here|come|reach|be there)
(when|how soon)~(get|gets|receive|receives|have)( [^ .]+)? (orders?|parcel|package|delivery|<order>)
(never|not)( even| ever| yet| actually)? (got|gotten|get|received?|came|come|turned up|showed up)
(when|how soon|what day)~(it|they|that|order|<order>|one) (comes|coming)
(did|has|have) (he|she|they) (get|got|received?) (it|them|those|these)( all| yet)?(?= ,| \.|$)
(did|has|have) (it|they|those|these|that|all) (get|got|come|arrive|arrived) (there|through)
arrive|arrives|arrived|arrival|(when|what date)~(shipped|dispatched|ship|sent)
(is|was|are|be|been|being|got) (it |that |they |this |<order> )?(delayed|held up|stuck|running late)
doorstep|(at|on|to) (his|her|their|the|my) door|in (his|her|their|my) hands|mailbox|letterbox
will be (there|here|with (him|her|them))|be (there|here) (by|on|before|in time|tomorrow|today)
(has|have|have|does) (it|that|they) by|out for delivery|customs|(in|on) transit
shipping date|ship date|shipping (method|cost|fee|speed)
= payment: orders
Payments, cards, invoices and balances are not recorded in any system of the desk.
--
^paid|paid (yet|already)|already paid
(is|are|been|was|were) (it|that|this|they|<order>)~paid|paid for
(did|has|have|does)~pay for|unpaid|not paid
charged|overcharged|billed|double charged|charged twice|paid twice
payments?|paid (with|by|via)|how (did|does|has|was)~(pay|paid)(?! for)|has~(paid|been paid)
credit cards?|debit card|card numbers?|bank (account|details|data)|iban|paypal|visa|mastercard
invoices?|billing|bill|receipt
owe|owes|outstanding (balance|amount)|balance|debt|overdue|credit limit|credit score
= product_facts:
Weight, size, colour, brand, supplier, margin and discounts are not recorded: of a product the
systems hold name, description, price, category and stock.
--
margins?|profit\w*|cost price|purchase price|wholesale|markup|buying price
made (of|from|out of)
suppliers?|vendors?|manufacturers?|brand|made by|made in|who makes|country of origin
weight|weigh|weighs|dimensions?|height|width|colours?|colors?|material|size|ean|barcode
discounts?|coupons?|vouchers?|promo\w*|on sale|special offer|price history
previous price|old price|price drop
= refunds: orders
Refunds, returns and cancellations are not recorded: an order is pending, completed or shipped.
--
(been |was |were |status of the |any |a )?(refund|refunds|refunded)( status)?
(has|have|did|does) (he|she|they|<name>|<customer>)( ever| already)? (return|returned|sent? back)
(he|she|they|<name>)( has| have)?( already)? (returned|sent) (it|that|this|them|one|<order>)
returns?( status)?|sent back|exchange[sd]?|cancelled|canceled|cancellations?
= secrets:
No system of the desk holds passwords, PINs or identity papers.
--
passwords?|passcode|pin( code| number)?|ssn|social security( number)?
passport( number)?|driv\w+ licen[sc]e|security code|cvv
= case_details: cases
What support cases were about is not recorded, only how many there were.
--
(what|which)~(cases?|tickets?|complaints?)~about
(reason|subject|topic|details?) (of|for|about)~(cases?|tickets?|complaints?)
(content|status|history) (of|for|about)~(cases?|tickets?|complaints?)
(last|latest|open|newest|recent) (support )?(case|ticket)
why (did|has|does)~(call|contact|complain|support)|(who|which)~(handled|handles)~(cases?|tickets?)
when~(last )?(contacted|called)~(support|us)?
= case_staff: same
Who of the staff took a call or a case is not recorded in any system.
--
who (of|from|among|in) (us|you|our team|the team|our staff|support)
(who|which (agent|rep|person|one))~(took|takes|dealt with|worked on|closed|answered)~(case|call|it)
(who|which (agent|rep|person|one))~(took|takes|dealt with|worked on|closed|answered)~(cases|ticket)
= changed: same
Who changed a record, and when, is not recorded: only what it says now.
--
(when|who)( [^ .]+){0,3} (changed?|updated?|edit|edited)( [^ .]+){0,3} (address|email|phone)
(when|who)( [^ .]+){0,3} (changed?|updated?|edit|edited)( [^ .]+){0,3} (tier|note|notes)
(when|who)( [^ .]+){0,3} (change|changed|update|updated|raised|lowered)( [^ .]+){0,3} (price|stock)
= staff: orders
Who of the staff did something is not recorded in any system.
--
(who|which person|which one of (us|you))~(handled|handles|processed|packed|approved|dispatched)
(who|which person|which one of (us|you))~(served|serves|entered|booked|signed off|fulfilled)
(?<!my )(?<!our )(staff|employees?|colleagues?|account manager|sales (rep|person|agent)|case worker)
(handled|served|processed|packed|approved|entered|dispatched) by
= matter: same
What a support case or a call was about is not recorded, only how many cases there were.
--
what (was|is|were|are) (it|that|this|they|those|these|the (last|first|latest|other) one) about
what (it|that|they|those|these|each|the (last|first|latest|other) one) (was|is|were|are) about
what (about|for)$|why (he|she|they) (called|contacted us|rang|wrote in)
= prompted: same
Whether anybody asked for a review or an order, and who, is not recorded in any system.
--
(did|has|had|have|was)( [^ .]+){0,5}? (ask|asked|tell|told|get|push|pushed|invite) (him|her|them)
(did|has|had|have|was)( [^ .]+){0,5}? (invited|urge|urged|beg|begged|force|forced) (him|her|them)
(did|has|had|have)( [^ .]+){0,5}? (paid?|bribed?|prompt|prompted|encouraged?) (him|her|them)
(was|were) (he|she|they|<customer>|<name>) (asked|told|paid|invited|prompted|encouraged|forced)
who( [^ .]+){0,3}? (asked|told|invited|paid|prompted) (him|her|them|<name>)|whose idea
on (whose|somebodys|anybodys) (request|behalf)|of (his|her|their) own accord
= reasons: same
Reasons are not recorded in any system.
--
why (is|was|are|were|did|does|has|have|can|do)|how come
= right: same
Where systems differ, nothing that is recorded says which of them is right.
--
(which|what)( one| of them| of the two| address| value| email)? is (the )?(right|correct)
(which|what)( one| of them| of the two| system)? is (the )?(true|real|actual|wrong)( one)?
= tier_since: registration
Since when a customer has a tier is not recorded, only since when there is an account.
--
(been|is|was) (a |an )?(vip|gold|premium|platinum|standard)( \w+){0,2} long
how long~(vip|gold|premium|platinum|standard)
^since when$|since when (gold|vip|premium|standard|platinum)|when~(get|got|become) (gold|vip)
= tier_rules:
What a customer needs for a tier is not recorded, only which tier each one has.
--
(how much|how many|what)~(until|till|to|for|become|reach) (vip|gold|premium|platinum|standard)
(needs?|takes|requirements?|missing|short)~(to|for|of|be|become) (vip|gold|premium|platinum)
= ago: orders
How long ago a day is, is not worked out here; the day itself is recorded.
--
how long~(sitting|waiting|waited|pending|lying|stuck|hanging)|since when~(pending|waiting|open)
how long ago|how many days (ago|since)
= other:
That is not recorded in any system of the desk.
--
gender|sex|married|marital|children|kids|job|occupation|profession|employer
income of|nationality|religion|language|ethnicity|photo|picture of|hobby|hobbies
last (login|logged in|visit|seen)|logged in|online
loyalty points|points balance|bonus points|reward points|rewards|membership card
referral\w*|referred by|assigned to|next of kin|emergency contact|spouse
"""


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """A kind of fact that is recorded nowhere, what is said about it, and what helps instead."""

    name: str
    instead: str
    says: str
    phrases: tuple[str, ...]


def _kinds(table: str) -> Iterator[Unrecorded]:
    for block in table.split("\n= ")[1:]:
        head, _, rest = block.partition("\n")
        said, _, phrases = rest.partition("\n--\n")
        name, _, instead = head.partition(":")
        yield Unrecorded(
            name, instead.strip(), " ".join(said.split()), tuple(phrases.strip().splitlines())
        )


UNRECORDED: tuple[Unrecorded, ...] = tuple(_kinds(_TABLE))
UNRECORDED_BOOK = PhraseBook(phrase for kind in UNRECORDED for phrase in kind.phrases)
