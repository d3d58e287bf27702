"""The wants whose phrases hold others in them: they are looked for before `wants` has its turn."""

from __future__ import annotations

PARTICULAR_WANTS = r"""
= nothing:
(actually|really|even|truly) (buy|bought|purchase|purchased) (it|that|this|one)
phone(?= ((?!and |or |, )[^ .]+ ){0,3}(warranty|covered|cover|guarantee|guaranteed|insured))
(?<=warranty )(on|for|of|covering) (his|her|their|the|a) phone|phone(?= warrant)
(?<=covers )(his|her|their|the|a) phone|(?<=warranties )(on|for) (his|her|their|the|a) phones?
on (the|a) (phone|line|call|mobile|cell)|by phone|over the phone|phone call|phone line
(with|whose|by|under|using|customer|user|account|from) (the |this )?email( address)?( is)? <email>
(with|whose|by|under|using|customer|user|account|from) (the |this )?phone( number)?( is)? <phone>
(person|caller) email( is)? <email>
(with|whose|by|under|using|customer|account|person|caller|the) user ?name( is)? <name>
do we have(?= (for|on|about) )
about (<number>|<money>)(?! (order|product|customer))
what about|how about|what of|^and (also )?(about|for|of|on|with)
(can|could|would|will) (you|u) (please |also |just |maybe )?(find|look|check|tell|show|give|see|get)
= products: product +
(what|which|anything)( else| other)?( is| are| do we have| have we got)?( there)? in <name>
= about: customer product order review serial
(do|did|have) (we|you) (still )?(have|got) (a|an) <name>( <name>)?( ,| \.)?$
= products: product +
everything (in|from|under)
everything( (with|that|which|having|has|have|is|are|we))* (less|more|fewer|over|below|above)
everything( (with|that|which|having|has|have|is|are|we))* (at least|at most|between|out of)
everything( (with|that|which|having|has|have|is|are|we))* (sold out|in stock)
everything( (with|that|which|having|has|have|is|are|we))* (cheaper|dearer|costing|low on|available)
(in|from|of) (the |our )?<name>( <name>)? category|(list|show|all)~<name> category|category <name>
= reviews: product customer
who (likes?|liked|loves?|loved|hates?|hated|dislikes?|disliked) (the|our|that|this|it|<name>)
complaints? (about|on|with|over|regarding|for) (the|our|product|his|her|their|<product>)
(how|what) (do|did|does) (the )?(buyers?|customers?|people|users?|they)~(like|find|think of|rate)
(titles?|headlines?|headings?)~reviews?|review (titles?|headlines?)
unverified (reviews?|purchases?)|(never|not)( been)? verified (his|her|their|the)? ?purchases?
= rating: product customer
reviews?~average
= phone: customer
(which|what) number(?= (can|should|do|to)|$| \.)
= other_price: product
(anything|something|any|some)( (that )?is| else)? (cheaper|dearer|pricier)(?! than <)
(anything|something|any|some)( (that )?is| else)? (more|less) expensive(?! than <)
(anything|something|any|some)( is| else)? (cheaper|dearer|pricier) than (<name>|<product>)
= customer_count: +
how many (vips?|golds?|platinums?|premiums?|standards?)( (do|have) we| are there| ,| \.|$)
= spent: customer
why( [^ .]+){0,6} purchases
why( [^ .]+){0,4} (more|less|higher|lower|different)( [^ .]+){0,3} (orders|purchases|lifetime)
= top_lifetime: +
(top|best|biggest|richest) (\w+ )?customers? by (lifetime( value)?|value)
= verify: customer
(caller|customer|person|he|she|they|<customer>|<name>) (is |was |been |already |now )?verified
= orders: customer order +
when (was|is) (his|her|their) (last|latest|newest|most recent|first|oldest)( one)?(?= ,| \.|$)
= identity: customer
(anyone|anybody|somebody|someone|a customer|people|customers) (here )?(called|named|by the name of)
= differences: customer product
(agree|agrees|disagree|match|differ|tally) (on|about|in|for|regarding) ((the|its) )?(stock|price)
(same|different|identical) \w+ in (both|all|the two|every)|compare~records
in both (systems|places|of them)
both systems (have|hold|say|show|agree)
= warranties: customer product serial
(which|what) (product|item|article|device|thing) (is|has|was|belongs to)~<serial>
(standard|premium|extended|basic) (,|or|and)~(standard|premium|extended|basic)(?= warrant)
how many (days|weeks|months)~(left|remain|remains|remaining)
= review_count: product customer +
(by )?how many (people|customers|buyers|users|reviewers|others) (rated|reviewed|wrote|left)
how many (people|customers|buyers|users|reviewers|others) (gave|give|given)
by how many( (people|customers|buyers|users|reviewers))?$
= average_lifetime: customer +
average (customer )?(lifetime( value)?|customer value|value of (a|our|all|the)? ?(\w+ )?customers?)
lifetime values? on average
= average_purchases: customer +
average (number of |count of )?purchases|purchases on average
= average_cases: customer +
average (number of |count of )?(support )?(cases|tickets)|(cases|tickets) on average
= average_spent: +
average (spend|spending|order total|revenue) (per|of a|by) customer
average customer (spend|spends|spending)|customers? spend on average
= order_average: customer +
average (cost|price|value|amount|size|total|worth) (of|per) (an |the |our |all |his |her )?orders?
average (\w+ )?(order|order value|basket|order size|order total|orders|spend|spending)
average (\w+ )?(order|basket) (cost|price|amount|sum|worth)|orders?~on average
(spend|spends|spent|pay|pays|order|orders)~on average|(spend|spends|spent|order|orders) per order
= average_price: product +
average (\w+ ){0,3}?(price|prices|cost|costs)|(price|prices|cost|costs|costing)~on average
= average_stock: product +
average (\w+ ){0,3}?(stock|stock level|inventory|units)|(stock|units) on average
= ranked_rating: product +
(best|highest|top|worst|lowest|least|poorest)( <number>)?( average)? (rated|rating|ratings|scored)
(best|highest|top|worst|lowest|poorest)( <number>)? reviewed
products?~(best|highest|worst|lowest|poorest) (reviews|rating|ratings|score|scores|feedback|stars)
items?~(best|highest|worst|lowest|poorest) (reviews|rating|ratings|score|scores|feedback|stars)
(which|what)~(has|have|got|gets?)~(best|highest|worst|lowest) (reviews|rating|ratings|score|stars)
(ranked|sorted|ordered|products|items|ranking|top <number>) by (rating|ratings|stars|score|reviews)
(most|least) (liked|loved|popular by rating)
= average_rating: product +
(overall|all|our|everything|company) average (rating|score)|average rating (overall|in general)
average (rating|score) (of|across|over|for) (all|our|every)( the)?( our)?( \w+)?
= ranked_reviews: product +
(most|least|fewest) (often )?reviewed|(most|least|fewest) (number of )?reviews
(which|what)( ones?| products?| items?)?( of our products)? (has|have|got|had)( got)?( any)? reviews
= registration: customer
how old~(account|profile|membership)
"""
