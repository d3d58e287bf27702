"""The facts a rep can want and the words that ask for them, the more particular ones first.

In a pattern ``~`` stands for up to five words in between, and ``<customer>``, ``<order>``, ``<day>`` …
stand for what has a shape of its own. Patterns are made of whole words, because the list of keywords
that typing mistakes are compared with is taken from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["customer", "product", "order", "review", "serial"]


@dataclass(frozen=True, slots=True)
class Want:
    """One kind of fact: what it can be a fact of, and the phrases that ask for it."""

    name: str
    of: tuple[Kind, ...]
    phrases: tuple[str, ...]
    group: bool = False


def _phrases(lines: str) -> tuple[str, ...]:
    """One phrase a line."""
    return tuple(line.strip() for line in lines.strip().splitlines())


WANTS: tuple[Want, ...] = (
    Want(
        "birth",
        ("customer",),
        _phrases(
            r"""
            date of birth
            birth date
            birthdate
            birthday
            born
            how old
            birth year
            year of birth
            birth
            """
        ),
    ),
    Want(
        "verify",
        ("customer",),
        _phrases(
            r"""
            verify
            verification
            authenticate
            identity check
            verified caller
            (?:check|confirm|prove)~identity
            identity
            is it really (?:him|her|them|<name>)
            security questions?
            """
        ),
    ),
    Want(
        "differences",
        ("customer", "product"),
        _phrases(
            r"""
            differences?
            differ|differs|differing
            discrepancy|discrepancies|discrepant
            mismatch|mismatches|mismatched
            inconsistent|inconsistency|inconsistencies
            conflict|conflicts|conflicting|contradict|contradicts|contradictions?
            (?:systems?|records?|data|everything|sources|aurora|databases|we) (?:all )?(?:agree|match|disagree|consistent)
            (?:agree|agrees|match|matches|tally|tallies|consistent)
            (?:the )?same (?:in|across|everywhere)
            up to date in all
            out of sync|in sync|sync
            """
        ),
    ),
    Want(
        "everything",
        ("customer",),
        _phrases(
            r"""
            everything
            full (?:picture|profile|overview|story|history|record|file|account|view|details|information)
            complete (?:picture|profile|overview|record|file|history|view)
            whole (?:picture|story|file|record)
            overview
            360
            all (?:the )?(?:information|details|data|facts)
            the lot
            summary of
            summarise|summarize
            brief me
            all (?:that )?(?:you|we) (?:have|know|got)
            fill me in
            background
            what do (?:we|you) (?:know|have)
            what (?:information|data|details) do (?:we|you) have
            """
        ),
    ),
    Want(
        "top_spenders",
        (),
        _phrases(
            r"""
            (?:spent|spend|spends|spending|ordered|orders|bought|buys|paid) (?:the )?most
            most orders
            (?:top|best|biggest|highest) (?:<number> )?(?:buyers?|spenders?|orderers?)
            (?:highest|biggest|largest) (?:total )?(?:spend|spending|order totals?|order volume|order sum)
            top (?:<number> )?customers by (?:orders?|order totals?|spend|spending|sales|revenue|order value)
            (?:orders?|revenue|sales) (?:by|per|for each) customers?
            (?:best|top|biggest) (?:<number> )?customers by (?:orders?|order totals?|spend|spending|sales|revenue)
            """
        ),
        group=True,
    ),
    Want(
        "top_lifetime",
        (),
        _phrases(
            r"""
            most valuable(?: <number>)?(?: customers?)?
            <number> most valuable(?: customers?)?
            (?:top|best|biggest|richest|largest|highest value|valuable)(?: <number>)?(?: of our)? customers?(?: by lifetime value)?
            (?:top|best) (?:two|three|four|five|ten) customers?
            customers? with the (?:highest|biggest|largest|most) lifetime(?: value)?
            (?:highest|biggest|largest|greatest) lifetime(?: value)?s?
            who is worth (?:the )?most
            who (?:are|is) our (?:best|top|biggest)
            """
        ),
        group=True,
    ),
    Want(
        "no_orders",
        (),
        _phrases(
            r"""
            customers? (?:without|with no|with zero)(?: any)? orders?
            (?:never|not) (?:ordered|placed|bought)~anything
            customers? (?:who|that) (?:have|has|did)? ?(?:never|not)(?: yet)? (?:ordered|placed an order|order|bought)
            (?:who|which customers?) (?:has|have|did)?(?: never| not)(?: yet)? (?:ordered|placed|order)
            """
        ),
        group=True,
    ),
    Want(
        "order_customer",
        ("order",),
        _phrases(
            r"""
            who (?:placed|ordered|made|bought|is)~<order>
            whose order
            <order> (?:belongs?|belonging) to
            who (?:placed|made|ordered)
            (?:which|what) customer (?:placed|made|ordered)
            who (?:owns|does)~<order>~belong
            customer (?:of|for|behind) <order>
            """
        ),
    ),
    Want(
        "holder",
        ("serial",),
        _phrases(
            r"""
            who (?:is )?(?:the )?(?:holder|owner|owns|holds)
            holder
            whose (?:is )?<serial>
            whose warranty
            registered to
            """
        ),
    ),
    Want(
        "reviewer",
        ("review",),
        _phrases(
            r"""
            who (?:wrote|left|posted|gave|made)
            author
            whose review
            reviewer
            """
        ),
    ),
    Want(
        "username",
        ("customer",),
        _phrases(
            r"""
            user ?names?
            login(?: name)?
            user handle
            user id
            """
        ),
    ),
    Want(
        "tier",
        ("customer",),
        _phrases(
            r"""
            tier|tiers
            loyalty (?:level|status|tier)
            (?:customer|membership|member|service) (?:level|status|class)
            level
            """
        ),
    ),
    Want(
        "registration",
        ("customer",),
        _phrases(
            r"""
            registration(?: date)?
            (?:when|since when)~(?:register|registered|join|joined|sign up|signed up)
            (?:customer|member|user|with us) since
            since when(?: is| are| has)?~(?:customer|member|with us|registered)
            how long~(?:customer|member|with us|been with)
            registered since
            signed up
            joined
            join date
            account (?:created|opened|age)
            sign ?up(?: date)?
            when~(?:become|became)~customer
            """
        ),
    ),
    Want(
        "preferences",
        ("customer",),
        _phrases(
            r"""
            (?:contact|communication|communications|contacting|marketing) (?:preferences?|settings?|channels?)
            preferences?
            prefer|prefers|preferred
            how (?:do|should|can|may|to|best|would)~(?:contact|reach|contacted|reached)
            best (?:way|channel)~(?:contact|reach)
            (?:may|can|could|should|allowed to|ok to|okay to|do) (?:we|i|you)? ?(?:not )?(?:call|text|sms|email|phone|ring|message)
            opted? (?:in|out)
            opt (?:in|out)
            sms
            (?:allowed|want|wants|like|likes|ok|okay|agree|agreed)~(?:to be )?(?:called|texted|emailed|phone calls?|text messages?|texts|calls)
            text messages?
            newsletter
            do not (?:call|contact)
            contacted by
            """
        ),
    ),
    Want(
        "lifetime",
        ("customer",),
        _phrases(
            r"""
            lifetime (?:value|spend|total|worth)
            lifetime
            customer value
            how valuable
            how much is~worth(?: to us)?
            """
        ),
    ),
    Want(
        "purchases",
        ("customer",),
        _phrases(
            r"""
            total purchases
            number of purchases
            how many purchases
            purchase count
            how many times~(?:bought|purchased)
            """
        ),
    ),
    Want(
        "cases",
        ("customer",),
        _phrases(
            r"""
            support (?:cases?|tickets?|requests?|contacts?|history)
            cases
            tickets?
            (?:open|how many) (?:cases?|tickets?)
            complaints?
            contacted (?:our )?support
            (?:called|needed|used) support
            """
        ),
    ),
    Want(
        "contact",
        ("customer",),
        _phrases(
            r"""
            contact (?:details?|data|information|info)
            how to reach
            """
        ),
    ),
    Want(
        "email",
        ("customer",),
        _phrases(
            r"""
            email address(?:es)?
            email
            """
        ),
    ),
    Want(
        "phone",
        ("customer",),
        _phrases(
            r"""
            phone numbers?
            phone
            (?:contact|call ?back|his|her|their) number
            number to call
            """
        ),
    ),
    Want(
        "address",
        ("customer",),
        _phrases(
            r"""
            (?:home|postal|street|shipping|billing|full|mailing|their|his|her)? ?address
            where (?:does|do|is)~(?:live|lives|living|located|based|from)
            (?:what|which) (?:city|town|state|country|street)
            city
            zip(?: code)?
            (?:lives|living|live) (?:in|at)
            from (?:what|which|where)
            residence
            """
        ),
    ),
    Want(
        "notes",
        ("customer",),
        _phrases(
            r"""
            notes?(?: on| about| for)?
            remarks?
            annotations?
            anything (?:special|to know|i should know|noted)
            noted
            """
        ),
    ),
    Want(
        "order_average",
        ("customer",),
        _phrases(
            r"""
            average (?:order|order value|basket|order size|order total)
            """
        ),
        group=True,
    ),
    Want(
        "spent",
        ("customer",),
        _phrases(
            r"""
            how much (?:money )?(?:has|have|did|does|do|is|was)~(?:spent|spend|spending|paid|pay|bought for|ordered for)
            (?:has|have|did)~(?:spent|spend)
            (?:total )?(?:spend|spending|spent|expenditure)
            """
        ),
    ),
    Want(
        "revenue",
        (),
        _phrases(
            r"""
            revenue
            turnover
            sales
            takings
            income
            how much (?:money )?(?:did|have|do) we (?:made|make|earn|earned|sell|sold)
            earned
            earnings
            """
        ),
        group=True,
    ),
    Want(
        "order_breakdown",
        (),
        _phrases(
            r"""
            orders? (?:by|per|for each|in each|grouped by|split by|broken down by) (?:status|month|months|states?)
            (?:by|per) (?:status|month)
            (?:each|every) (?:status|month)
            monthly
            month by month
            break ?down of(?: the| all| our)? orders?
            order statistics|order stats
            """
        ),
        group=True,
    ),
    Want(
        "order_count",
        ("customer",),
        _phrases(
            r"""
            how many (?:\w+ ){0,2}orders
            number of (?:\w+ )?orders
            orders? count
            count~orders
            how many~ordered
            how often~(?:ordered|order|bought)
            how many times~(?:ordered|order)
            """
        ),
        group=True,
    ),
    Want(
        "order_total",
        ("customer",),
        _phrases(
            r"""
            (?:total|sum|amount|value|worth|volume) of (?:\w+ ){0,4}orders?
            orders? (?:totals?|sum|value|worth|volume)
            total order (?:value|amount|sum)
            orders? (?:in total|altogether|all together|combined|added up|come to|add up)
            how much~orders? (?:come|add|amount|worth|total)
            how much (?:are|is|were) (?:\w+ ){0,3}orders
            """
        ),
        group=True,
    ),
    Want(
        "rating",
        ("product", "customer"),
        _phrases(
            r"""
            average (?:rating|ratings|score|stars|review score|review)
            ratings?
            rated
            how (?:good|well|is|are)~(?:rated|reviewed|scored|received)
            how (?:good|bad|popular) is
            (?:star|overall) (?:score|rating)
            score
            how many stars
            review average
            (?:better|best|worse|worst|highest|lowest) (?:rated|reviewed|rating)
            """
        ),
    ),
    Want(
        "review_count",
        ("product", "customer"),
        _phrases(
            r"""
            how many (?:\w+ )?reviews?
            number of reviews?
            review count
            """
        ),
        group=True,
    ),
    Want(
        "reviews",
        ("product", "customer"),
        _phrases(
            r"""
            reviews?
            reviewed
            review (?:of|on|for|by|from)
            feedback
            opinions?
            (?:say|said|says|think|thinks|thought|write|wrote|written) (?:about|of|on)
            (?:what do|what did)~(?:say|think|write)
            comments?
            (?:good|bad|negative|positive|critical) things
            """
        ),
        group=True,
    ),
    Want(
        "warranties",
        ("customer", "product", "serial"),
        _phrases(
            r"""
            warranty|warranties|warrantied
            guarantee|guaranteed
            coverage|covered|cover|covers|insured
            days left
            (?:still|under) (?:covered|warranty|guarantee)
            expire|expires|expired|expiry|expiring|expiration
            run out|runs out|ran out
            protection|protected
            serial(?: numbers?)?
            devices?
            registered devices
            """
        ),
    ),
    Want(
        "stock",
        ("product",),
        _phrases(
            r"""
            stock|stocked|instock
            in stock
            inventory
            (?:how many|any|are|is|more|units|pieces)~(?:left|in stock|on hand|available|on stock)
            availability|available
            units
            on hand
            quantity
            sold out|out of stock
            do we (?:still )?have
            do you have
            have we got
            got any
            pieces
            run low|running low|low on
            """
        ),
        group=True,
    ),
    Want(
        "price",
        ("product",),
        _phrases(
            r"""
            price|prices|priced|pricing
            cost|costs|costing
            how much (?:is|are|for|does|do|was|were)
            how expensive
            what do we charge
            charge|charges
            cheaper|pricier|more expensive|dearer
            """
        ),
        group=True,
    ),
    Want(
        "category",
        ("product",),
        _phrases(
            r"""
            category
            categories
            department|section
            what (?:kind|type|sort) of (?:product|item|thing)
            """
        ),
    ),
    Want(
        "description",
        ("product",),
        _phrases(
            r"""
            description|descriptions
            describe
            described
            specs?|specifications?|features?
            """
        ),
    ),
    Want(
        "sell",
        ("product",),
        _phrases(
            r"""
            (?:do|does|can) (?:we|you|the shop|the store|anyone) (?:sell|carry|offer|stock)
            sell|sells|selling|carry
            in (?:the|our) (?:range|assortment)
            (?:in|listed in|part of) (?:the|our) catalogue
            """
        ),
    ),
    Want(
        "superlative_product",
        (),
        _phrases(
            r"""
            (?:cheapest|least expensive|lowest priced?|lowest price|most expensive|priciest|dearest|highest priced?|highest price)(?: <number>)?(?: products?| items?| articles?| thing| one)?
            (?:most|least|highest|lowest|biggest|largest) (?:stock|in stock|units|quantity|inventory)(?: products?)?
            """
        ),
        group=True,
    ),
    Want(
        "product_count",
        (),
        _phrases(
            r"""
            how many (?:\w+ ){0,2}?(?:products|items|articles)
            number of (?:products|items|articles)
            """
        ),
        group=True,
    ),
    Want(
        "products",
        (),
        _phrases(
            r"""
            products?
            items
            articles
            assortment|range
            catalogue
            """
        ),
        group=True,
    ),
    Want(
        "customer_count",
        (),
        _phrases(
            r"""
            how many (?:\w+ ){0,2}?(?:customers|users|accounts|people)
            number of (?:customers|users|accounts)
            count~(?:customers|users)
            """
        ),
        group=True,
    ),
    Want(
        "orders",
        ("customer", "order"),
        _phrases(
            r"""
            orders?
            ordered
            purchases?|purchased
            bought|buy|buys|buying
            order history
            placed
            """
        ),
        group=True,
    ),
    Want(
        "status",
        ("order",),
        _phrases(
            r"""
            status
            where is (?:\w+ )?<order>
            state of
            progress
            """
        ),
    ),
    Want(
        "identity",
        ("customer",),
        _phrases(
            r"""
            who is|who are|who was|who has|who does|who uses|who owns|who might
            whose
            (?:which|what) (?:customer|user|person|account)
            (?:find|look up|lookup|search|search for|identify|locate|pull up|open|get)(?: me)?(?: the| a)? (?:customer|user|account|person)
            account
            customer (?:details?|data|information|record|file)
            details? (?:on|of|about|for)
            profile
            is (?:\w+ ){0,4}customer
            customers? (?:named|called|with the)
            name of
            lookup|look up
            (?:first|last|full|real) name
            know
            """
        ),
    ),
    Want(
        "customers",
        (),
        _phrases(
            r"""
            customers
            users
            accounts
            people
            members|clientele
            """
        ),
        group=True,
    ),
    Want(
        "about",
        ("customer", "product", "order", "review", "serial"),
        _phrases(
            r"""
            (?:tell|show|give|know|more)(?: me)?(?: something| a bit| a little| more| all)? (?:about|on|of)
            about
            details?
            more
            information
            what is|what are
            describe
            """
        ),
    ),
)
