"""The facts a rep can want and the words that ask for them, the more particular ones first.

A line ``= name: kinds`` begins a want; ``+`` says that it can be asked of everybody at once. The
lines below it are phrases; `phrases.compiled` says how they are written. They are made of whole
words, because the keywords that typing mistakes are compared with are taken from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from deploy.local.bedrock.understudy.reading.particular_wants import PARTICULAR_WANTS

_TABLE = r"""
= birth: customer
date of birth|birth date|birthdate|birthdays?|born|how old|birth year|year of birth|birth
(?<!account )(?<!profile )(?<!bership )(?<!order )ages?(?! of( [^ .]+){1,3} (account|profile))
(years|yrs) old|star sign|zodiac|(under|over|of) age|a minor|an adult
(is|are|was) (he|she|they|<customer>|the caller) (over|under|at least) <number>(?= \.| ,|$)
(is|are|was) (he|she|they|<customer>|the caller) (older|younger) than <number>
= verify: customer
verify|verification|authenticate|identity check|verified caller|(check|confirm|prove)~identity
identity|is it really (him|her|them|<name>)(?! (name|own))|security questions?
= differences: customer product
differences?|differ|differs|differing|discrepancy|discrepancies|discrepant
mismatch|mismatches|mismatched|inconsistent|inconsistency|inconsistencies
conflict|conflicts|conflicting|contradict|contradicts|contradictions?
(systems?|records?|data|everything) (all )?(agree|match|disagree|consistent)
(odd|off|wrong|strange|weird|fishy|suspicious|unusual) (with|about|in|on)
(anything|something|nothing) (odd|off|wrong|strange|weird|fishy|suspicious|unusual)
(anything|something|nothing) (that is )?(different|differing) (between|in|across|among)
(problems?|issues?|errors?|mistakes?) (with|in) (his|her|their|the|its) (data|records?|details)
changed? between|(the )?same (person|customer|name|data|details|record) (in|across|everywhere|on)
(sources|aurora|databases|we) (all )?(agree|match|disagree|consistent)
(agree|agrees|match|matches|tally|tallies|consistent)|(the )?same (in|across|everywhere)
(back|backs|backed|bear|bears) (it|that|this|them|those)( all)?( really| actually)? (up|out)
up to date in all|out of sync|in sync|sync
= everything: customer
everything
(?<!warranties )all (about|on) (<name>|<customer>|him|her|them)
what (else )?(has|have|does) (he|she|they)( also| all)? (got|have)( with us| here)?(?= ,| \.|$)
what (is|has been) (going on|happening|up) with (him|her|them)(?= ,| \.|$)
full (picture|profile|overview|story|history|record|file|account|view|details|information)
complete (picture|profile|overview|record|file|history|view)|whole (picture|story|file|record)
lowdown|rundown
overview|360|all (the )?(information|details|data|facts)|the lot|summary( of| for| on| about)?
summarise|summarize|brief me|all (that )?(you|we) (have|know|got)|fill me in|background
what do (we|you) (know|have) (on|about|of|for)|what (information|data|details) do (we|you) have
= top_spenders: +
(each|every|per) customer
(spent|spend|spends|spending|ordered|orders|bought|buys|paid) (the )?most|most orders
(top|best|biggest|highest) (<number> )?(buyers?|spenders?|orderers?)
(highest|biggest|largest) (total )?(spend|spending|order totals?|order volume|order sum)
top (<number> )?customers by (orders?|order totals?|spend|spending|sales|revenue|order value)
(orders?|revenue|sales) (by|per|for each) customers?
(best|top|biggest) (<number> )?customers by (orders?|order totals?|spend|spending|sales|revenue)
= top_lifetime: +
most valuable( <number>)?( customers?)?|<number> most valuable( customers?)?
(least|less) valuable( <number>)?( of our)?( customers?)?|(lowest|smallest) lifetime( value)?s?
(smallest|poorest|lowest value|least profitable) customers?
(top|best|biggest|richest)( <number>)?( of our)? customers?( by lifetime value)?
(largest|highest value|valuable)( <number>)?( of our)? customers?( by lifetime value)?
(top|best) (two|three|four|five|ten) customers?
customers? with the (highest|biggest|largest|most) lifetime( value)?
(highest|biggest|largest|greatest) lifetime( value)?s?|who is worth (the )?most
who (are|is) our (best|top|biggest)
= no_orders: +
(anyone|anybody|someone|somebody|people|who|those)( (has|have|is|are))? with (no|zero) orders?
(anyone|anybody|someone|somebody|people|who|those)( (has|have|is|are))? without( any| an)? orders?
(spent|ordered|bought|placed) nothing|nothing (spent|ordered|bought)
customers? (without|with no|with zero)( any)? orders?|(never|not) (ordered|placed|bought)~anything
customers? (who|that) (have|has|did)? ?(never|not)( yet)? (ordered|placed an order|order|bought)
(who|which customers?) (has|have|did)?( never| not)( yet)? (ordered|placed|order)
(who|which customers?) (has|have|had|got) (no|zero|not any) (\w+ )?orders?
= order_customer: order
who (placed|ordered|made|bought|is)~<order>|whose order|<order> (belongs?|belonging) to
who (placed|made|ordered)|(which|what) customer (placed|made|ordered)
who (owns|does)~<order>~belong|customer (of|for|behind) <order>
= holder: serial
who (is )?(the )?(holder|owner|owns|holds)|holder|whose (is )?<serial>|whose warranty|registered to
(in|under|on) (his|her|their|whose|what) (own )?name
= reviewer: review
who (wrote|left|posted|gave|made)|author|whose review|reviewer
= username: customer
user ?names?|login( name)?|user handle|user id
= tier: customer
tier|tiers|loyalty (level|status|tier)|(customer|membership|member|service) (level|status|class)
level
= registration: customer
with us( the)? longest|longest~(with us|customer)
registration( date)?|who (registered|joined|signed up)
(when|since when)~(register|registered|join|joined|sign up|signed up)
(been |customer |here )?(longer|longest) with us|with us (the )?(longer|longest)
(customer|member|user|with us) since|since when( is| are| has)?~(customer|member|with us|registered)
how long~(customer|member|with us|been with)|registered since|signed up|joined|join date
account (created|opened|age)|sign ?up( date)?|when~(become|became)~customer
= review: review
verified( purchases?| buyers?)?|purchase verified
= preferences: customer
(likes?|wants?|minds?|hates?|prefer)~(called|phoned|texted|emailed|contacted|messaged)
(contact|communication|communications|contacting|marketing) (preferences?|settings?|channels?)
preferences?|prefer|prefers|preferred
how (do|should|can|may|to|best|would)~(contact|contacted|reached)
(gets?|receives?|getting|receiving|takes?|accepts?)( our| any| the| your)? (email|calls|texts|sms)
(gets?|receives?|takes?|accepts?)( our| any| the)? (phone calls|messages|marketing|newsletters?)
best (way|channel)~(contact|reach)
(may|can|could|should) (we|i|you)? ?(not )?(call|text|sms|email|phone|ring|message)
(allowed to|ok to|okay to|do) (we|i|you)? ?(not )?(call|text|sms|email|phone|ring|message)
opted? (in|out)|opt (in|out)|sms
(allowed|want|wants|like|likes|ok|okay|agree|agreed)~(to be )?(called|texted|emailed|phone calls?)
(allowed|want|wants|like|likes|ok|okay|agree|agreed)~(to be )?(text messages?|texts|calls)
text messages?|newsletter|do not (call|contact)|contacted by
(want|wants|like|likes|mind|minds|hate|hates)( to get| to receive| getting)?( any| our)? email(?! a)
= lifetime: customer
worth (more|most|less|least)|(more|less) valuable
lifetime (value|spend|total|worth)|lifetime|customer value|how valuable|how much is~worth( to us)?
= purchases: customer
total purchases|number of purchases|how many purchases|purchase count|<number> purchases
how many times~(bought|purchased)
= cases: customer
(complained|complains|complain)(?! (about|on|of|that))
support (cases?|tickets?|requests?|contacts?|history)|cases|tickets?
(open|how many) (cases?|tickets?)|complaints?|contacted (our )?support|(called|needed|used) support
= contact: customer
contact (details?|data|information|info)|how to reach
how (do|can|could|should|would|may) (i|we|one)~(reach|get hold of|get in touch)
= email: customer
email address(es)?|email
= phone: customer
phone numbers?|phone|(contact|call ?back|his|her|their) number|number to call
= address: customer
(home|postal|street|shipping|billing|full|mailing|their|his|her)? ?address
where (does|do|is)~(live|lives|living|located|based|from)
(what|which) (city|town|state|country|street)|city|zip( code)?|(lives|living|live) (in|at)
from (what|which|where)|residence|cities|addresses|towns
= notes: customer
anything~(should|need to|ought to) know
notes?( on| about| for)?|remarks?|annotations?|anything (special|to know|i should know|noted)|noted
= spent: customer
(spends?|spent|spending|pays|paid) (more|less)
how much (money )?(has|have|is|was)( (?!and |how )[^ .]+){0,5}? (spent|spend|spending|paid|pay)
how much (money )?(did|does|do)( (?!and |how )[^ .]+){0,5}? (spent|spend|spending|paid|pay)
how much (money )?(has|have|did|does|do|is|was)( (?!and )[^ .]+){0,5}? (bought|ordered) for
(has|have|did)~(spent|spend)|(total )?(spend|spending|spent|expenditure)
= revenue: +
how (are|did|were|do|have|is) (we|business|the shop|trade) (doing|do|done|been doing|been|going)?
how (did|was|were|is|does|has) <period>( (look|go|going|looking|do|doing|compare|perform))?
revenue|turnover|sales|takings|income
how much (money )?(did|have|do) we (made|make|earn|earned|sell|sold|take|taken)|earned|earnings
= order_breakdown: +
orders? (by|per|for each|in each|grouped by|split by|broken down by) (status|month|months|states?)
(by|per) (status|month)|(each|every) (status|month)|monthly|month by month
break ?down of( the| all| our)? orders?|order statistics|order stats
= order_count: customer +
how many (\w+ ){0,2}orders|number of (\w+ )?orders|orders? count|count~orders|how many~ordered
(more|fewer|less) orders|how often~(ordered|order|bought)|how many times~(ordered|order)
= order_total: customer order +
(my|his|her|their|the) total|total of (his|hers|theirs|him|her|them)(?= ,| \.|$)
how much (is|are|was) (that|it|this) (in total|altogether|in all|all together|together|in sum)
how much (are|were) (they|those|these) (in total|altogether|in all|all together|together)
(in total|altogether|all together)$|(total|sum|amount|value|worth|volume) of (\w+ ){0,4}orders?
(total|sum|value|amount) of (the )?<order>
orders? (totals?|sum|value|worth|volume)|total order (value|amount|sum)
orders? (in total|altogether|all together|combined|added up|come to|add up)
how much~orders? (come|add|amount|worth|total)|how much (are|is|were) (\w+ ){0,3}orders
= rating: product customer
(rating|ratings|stars|score|rated)~on average|(what is |and |is )?the average$|^average$
(what|which) stars|average (rating|ratings|score|stars|review score|review)|ratings?|rated|rates?
how (good|well|is|are)~(rated|reviewed|scored|received)|how (good|bad|popular) is
(star|overall) (score|rating)|score|how many stars|review average
(better|best|worse|worst|highest|lowest) (rated|reviewed|rating)
= review_count: product customer +
how many (\w+ )?reviews?|number of reviews?|review count
= reviews: product customer +
reviews?|reviewed|review (of|on|for|by|from)|feedback|opinions?
(say|said|says|think|thinks|thought|write|wrote|written) (about|of|on)
(what do|what did)~(say|think|write)|comments?|(good|bad|negative|positive|critical) things
= warranties: customer product serial
warranty|warranties|warrantied|guarantee|guaranteed|coverage|covered|cover|covers|insured
days left|(still|under) (covered|warranty|guarantee)|(until|till) when|how much longer
(still|is (it|that|this)) valid|valid (until|till)
expire|expires|expired|expiry|expiring|expiration|run out|runs out|ran out|protection|protected
serial( numbers?)?|devices?|registered devices
= superlative_product: +
(cheapest|least expensive)(?! orders?)( <number>)?( products?| items?| articles?| thing| one)?
lowest priced?( <number>)?( products?| items?| articles?| thing| one)?
lowest price(?! orders?)|most expensive(?! orders?)( <number>)?( products?| items?| thing| one)?
(priciest|dearest)(?! orders?)( <number>)?( products?| items?| articles?| thing| one)?
(highest priced?|highest price)( <number>)?( products?| items?| articles?| thing| one)?
= superlative_stock: +
(is|are|running|runs|getting|gets|looking) (a bit |quite |very |rather )?low(?= ,| \.|$)
(nearly|almost|close to being|about to be) (out|sold out|gone)
running low|runs low|low (on|in) stock|low stock
(most|least|fewest|highest|lowest|biggest|largest|smallest) (stock|units|quantity|inventory)
(most|least|fewest|more|less) (pieces |units |items |left |left over )?(in stock|on stock|on hand)
= stock: product +
out of (at|right|now|stock|today)|(are|is) (we|it) out|out of$
stock|stocked|instock|in stock|inventory
(how many|any|are|is|more|units|pieces)~(left|in stock|on hand|available|on stock)
how many (?!(\w+ )?(customer|user|account|people|order|review|product|item))(\w+ ){1,3}(do )?we have
availability|available|units|on hand|quantity|sold out|out of stock|pieces
(?<!what |tier |name |otes |mail |hone |mber |ders |iews )do we have(?! (an?y? )?(orders?|\w+er) )
(?<!what )do we still have(?! (a|any|an|the) (customer|user|account|order|review))
(?<!what )do you have(?! (a|any|an|the) (customer|user|account|order|review|tracking|invoice|email))
have we got(?! (a|any|an|the) (customer|user|account|order|review))
got any (?!customer|user|account|person|order|review|warrant)
= price: product +
how much$|price|prices|priced|pricing|cost|costs|costing|how much (is|are|for|does|do|was|were)
how expensive|what do we charge|charge|charges|cheaper|pricier|more expensive|dearer
= category: product
category|categories|department|section|what (kind|type|sort) of (product|item|thing)
= description: product
description|descriptions|describe|described|specs?|specifications?|features?
= listed: product
(in|listed in|part of|on) (the|our) catalogue|catalogued
= sell: product
(do|does|can) (we|you|the shop|the store|anyone) (sell|carry|offer|stock)|sell|sells|selling|carry
in (the|our) (range|assortment)
= product_count: +
how many (\w+ ){0,2}?(products|items|articles)|number of (products|items|articles)
= products: product +
products?(?! (is|has|goes with) (the )?(serial|<serial>))|items|articles|assortment|range|catalogue
= customer_count: +
how many (\w+ ){0,2}?(customers|users|accounts|people)|number of (customers|users|accounts)
count~(customers|users)
how many( of (them|those|these|our customers))? (are|is) (gold|silver|bronze|platinum|premium)
how many( of (them|those|these|our customers))? (are|is) (vip|vips|standard|basic|diamond)
= orders: customer order +
orders?|ordered|purchases?|purchased|bought|buy|buys|buying|order history|placed
= status: order customer
status|where is (\w+ )?<order>|state of|progress
= identity: customer
who <customer>|who <name>( <name>)?( <name>)? is
who is|who are|who was|who has|who does|who uses|who owns|who might|whose
(which|what) (customer|user|person|account)
(find|look up|lookup|search|search for)( me)?( the| a)? (customer|user|account|person)
(identify|locate|pull up|open|get)( me)?( the| a)? (customer|user|account|person)|account
customer (details?|data|information|record|file)|details? (on|of|about|for)|profile
(is|are) <customer>~customers?
(is|are) (<customer>|<phone>|<email>|<name>) (one|any) of (ours|our customers)|(one|any) of ours
is (\w+ ){0,4}customer|customers? (named|called|with the)|name of|lookup|look up
(first|last|full|real) name|know (him|her|them)|(do|did) (you|we)( happen to)? know
= customers: +
customers|users|accounts|members|clientele
(newest|latest|oldest|longest|youngest|most recent|first) (customer|account|user|member)
= about: customer product order review serial
is there an?|(in|on) (our|the|your) (system|systems|records|database|files|books)|on file
(update|news|updates) (me |us )?(on|about|for|from)
(tell|show|give|know|more)( me)?( something| a bit| a little| more| all)? (about|on|of)|about
details?|more|information|what is|what are|describe
"""


@dataclass(frozen=True, slots=True)
class Want:
    """One kind of fact: what it can be a fact of, and the phrases that ask for it."""

    name: str
    of: tuple[str, ...]
    group: bool
    phrases: tuple[str, ...]


def _wants(table: str) -> Iterator[Want]:
    for block in table.split("\n= ")[1:]:
        head, *phrases = block.strip().splitlines()
        name, _, kinds = head.partition(":")
        of = tuple(kind for kind in kinds.split() if kind != "+")
        yield Want(name=name, of=of, group="+" in kinds, phrases=tuple(phrases))


WANTS: tuple[Want, ...] = tuple(_wants(PARTICULAR_WANTS + _TABLE))
