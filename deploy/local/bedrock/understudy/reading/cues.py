"""Turns of phrase that steer how a question is read: requests, bounds, stars, places."""

from __future__ import annotations

from deploy.local.bedrock.understudy.reading import groups


def _any(lines: str) -> str:
    """Any of the phrases, of which there are one or more a line."""
    return "(" + "|".join(line.strip() for line in lines.strip().splitlines()) + ")"


# What is not worked out here; a want that stands for one of these has taken the word.
NOT_WORKED_OUT = (
    "median|percentages?|percent|ratio|proportion|trends?|growth|forecast|average|averages|deviation"
    "|variance|correlation|growing|typical"
    "|which (tier|category|month|status|day|year) (has|have|had|is|was)( the)?"
    " (most|fewest|best|biggest|highest|lowest|worst)"
)

# How a request begins, before its verb.
_OPENER = _any("ok|so|hi|hello|hey|no|yes|great|but|hi ,|hello ,|fine|thanks")
_POLITE = _any("""
    please|pls|can you|could you|would you|will you|can we|could we|can i|let us|go ahead and
    (can|could|may) (he|she|they|the customer|<customer>|<name>)
    i (want|need) you to|i (need|want) to|i would like (you )?to|we (need|want|have) to
    you (should|must|need to|have to)|just|now|then|and|also|kindly|not|,|to|<customer>|<name>
    (he|she|they|the customer|<customer>|<name>) (wants?|would like|needs?) (me |us |you )?to
    (he|she|they|the customer|<customer>|<name>) (asks?|asked|asked me|wishes) (me |us |you )?to
    help me( to)?|help (him|her|them)|have to|how (do|can|could) (i|we|you)|want to|like to
""")
_ASKED = _any("""
    (can|could|would|will) (you|we|i)( please| also| just| now| maybe| quickly)?|please|then|to
    i (want|need|would like) (you )?to( please| also| just)?|wants? (me |us |you )?to
    asked (me |us )?to|go ahead and|and( then)?( please)?
""")
REQUEST = rf"((^|\. )({_OPENER} )?({_POLITE} ){{0,2}}|{_ASKED} )"
# Whom we may call is a question about preferences; only these make it a request.
CONTACT_REQUEST = r"(^|\. |(can|could|would|will) you (please )?|please |go ahead and )"

# Bounds of amounts.
MORE = _any("""
    over|above|more than|greater than|higher than|exceeding|exceeds?|from|at least|minimum( of)?
    min|starting at|upwards of|beyond|bigger than|larger than|worth more than|costing more than
    not less than
""")
LESS = _any("""
    under|below|less than|cheaper than|lower than|up to|at most|maximum( of)?|max|no more than
    not more than|smaller than|within|fewer than|costing less than
""")
AND_MORE = "(or|and) (more|above|up|over|higher)"
AND_LESS = "(or|and) (less|below|under|lower|cheaper)"
STRICT = (
    "over|above|(?<!no )(?<!not )more than|greater|higher|exceed|exceeds|exceeding|beyond|bigger"
    "|larger|under|below|(?<!not )less than|cheaper than|lower|smaller|fewer"
)

# Stars.
STAR = "(stars?|star reviews?|points?)"
STARS_LEAST = "(at least|minimum|min|from|over|above|more than|better than)"
STARS_MOST = "(at most|maximum|max|up to|under|below|less than|worse than|fewer than)"
STARS_STRICT = "over|above|more than|better than|under|below|less than|worse than|fewer than"
RATED = "rat(ed|ing|ings)( of| with| as| at)?"
OF_REVIEWS = "reviews?|reviewed|feedback|ratings?|rated|comments?|opinions?|things|said|say"

# ``less than 50 in stock``, ``stock below 50``: how many there are, not what they cost.
_BOUND = "(over|above|more|less|fewer|under|below|at least|at most|up to|between|from)"
# ``more than 2 orders`` counts them; it says nothing of amounts.
BOUND_OF_COUNT = f"{_BOUND}( than)? <number> (orders?|reviews?|warranties|devices)"
BOUND_OF_STOCK = (
    f"{_BOUND}( than)? <number>( and <number>)?"
    " (in stock|units|pieces|left|on hand|available|items left)"
    "|(stock|inventory|units|quantity)( level| levels)?( (is|are|of|at))?"
    f" {_BOUND}( than)? <number>"
    "|<number> or (less|more|fewer) (in stock|units|pieces|left|on hand|available)"
)
OUT_OF_STOCK = _any("""
    out of stock|(are|is) (we|it) out|(we|it) (are|is) out|what~out of|sold out|run out
    not (in stock|available)|unavailable|no stock|zero stock|no longer (in stock|available)
    ran out of stock
""")
SINCE_REGISTRATION = _any("""
    since (his |her |their |the )?(registration|registering|signing up|joining)
    since (he|she|they)~(registered|joined|signed up)
""")
# ``the newest 3``, ``5 orders``.
COUNT_BEFORE = _any("""
    top|last|latest|first|newest|recent|best|biggest|largest|most valuable|cheapest|priciest
    most expensive|oldest|highest|bottom|the|our|show me|list|give me|name
""")
COUNT_AFTER = _any("""
    customers|orders|reviews|products|buyers|most valuable|biggest|best|newest|latest|cheapest
    largest|spenders|items
""")

# What somebody believes is no fact: it is compared with what is recorded.
_WHO_CLAIMS = "(i|he|she|they|it|customer|caller|guy|lady|man|woman|<name>|<customer>)"
CLAIM = _any(rf"""
    {_WHO_CLAIMS} (also |now |still )?(says?|said|claims?|claimed|thinks?|thought|insists?|insisted)
    {_WHO_CLAIMS} (also |now |still )?(swears?|reckons?|believes?|assumes?|remembers?|tells? me)
    {_WHO_CLAIMS} (is (sure|certain|convinced)|told (me|us)|was told|complains?|complained)
    (right|correct|true|yes|no)( \?| \.)?$|(is|was) (that|it|this) (right|correct|true|so)
    apparently|supposedly|allegedly|according to (him|her|them|the customer|<name>|<customer>)
    (can|could) (you|we|i) confirm|confirm (that|whether|if)|(is it|it is) true that
    (he|she|they) (is|are|was|were) saying|he says|claiming|insisting
""")

# What points back at earlier turns.
THAT_PERSON = (
    "(that|this|the same) (person|guy|man|woman|lady|gentleman|customer|caller|buyer|reviewer)"
)
OTHER = _any("""
    (the |an)?other( one| <name>| customer| person| woman| man)?|not (that|this) one
    not (him|her|them)|wrong (one|customer|person)|different one
""")
AGAIN = _any("""
    what about|how about|and|same|no|not|mean|meant|sorry|instead|or|also|now|next|then
    correction|actually|rather|as well|too|scratch that|make (that|it)|my (mistake|bad)|typo
    wrong (customer|one|person|guy|name|caller|order|product|item|id|number|account)|oops
""")
# A new caller is announced: nothing that was said of the one before holds any longer.
_LEAD = (
    r"(^|\. |, )((ok|okay|so|now|right|and|cool|great|thanks|fine|the|a|got|hi|hello|well|alright"
    "|perfect|done|good|nice|yes|no|i have|we have|there is|here is|then|have|got|,) )*"
)
_CALLER = "(caller|customer|call|client|person|guy|lady|woman|man|in line|on the line|up|ticket)"
NEXT_CALLER = (
    f"{_LEAD}next( one| please)?( {_CALLER})*( is| we have| i have| on)?( ,| \\.)?"
    " (<name>|<customer>|<email>|<phone>|<order>|<serial>|mr|mrs|ms|miss|customer|order|user)"
    f"|{_LEAD}(next|new|another|different) (caller|call|customer)(?! (id|name|email|number))"
)
NEXT_CUSTOMER = f"(next|new|another|different) (one )?{_CALLER}"
DESCRIBES = "one (with|whose|who|from|called|named|since)|with|whose"
_ORDINAL = "|".join(groups.ORDINALS)
PLACES = _any(rf"""
    ({_ORDINAL}) (one|of (them|those|these)|in the list|entry|result|guy|hit)
    (the|number) ({_ORDINAL})$|^({_ORDINAL})$|(number|no|option|nr) <number>$|^<number>$
    (the )?(second|third|fourth|fifth|2nd|3rd|4th|5th)( (order|customer|product|review))?
""")
EVERYBODY = _any("""
    all|every|overall|our|we|us|across|everyone|anyone|in general|company|shop
    altogether|list|per|by|show all
""")

# ``Do we have any left``: of what was named before.
SOME_LEFT = (
    "(any|some|enough|many) (left|more|of (it|them|those)|in stock|available|on hand)( \\.)?$"
    "|how many (do we (still |even )?have|have we got|we got|are there|are|do we (still )?stock)"
    "( left| in stock| available| on hand| in total| altogether| now| still)*( \\.)?$"
)

# ``orders of will young``: somebody is meant, though the words are everyday ones.
OF_SOMEBODY = (
    "(orders?|reviews?|warranties|warranty) (of|by|for) (?!all|every|everyone|everybody|the|our|us"
    "|this|last|previous|past|each|any|today|yesterday|both|these|those|customers|more|less|over"
    "|under|at|him|her|them|his|their|it|that|a|an|what|which|whom|me|status|month|<)[^ .]+"
)

COMPARE = _any("""
    compare|compared|comparing|comparison|versus|vs|difference between|differences between
    side by side|against|how~differ
""")
# ``More than bob``; a number after it is a bound and no comparison.
_THAN = r" (\w+ ){0,4}?than(?! (<number>|<money>))"
COMPARED_MORE = (
    "(more|higher|bigger|larger|greater|dearer|pricier|better|longer|longer standing|older|richer)"
    + _THAN
)
COMPARED_LESS = (
    "(less|lower|smaller|fewer|cheaper|worse|shorter|poorer|not as \\w+|younger)" + _THAN
)
_RANKS = "(second|third|fourth|fifth|2nd|3rd|4th|5th|<number>)"
RANKED = (
    f"{_RANKS} (most|least|best|worst|cheapest|dearest|priciest|biggest|largest|smallest|highest"
    "|lowest|fewest|newest|latest|oldest)"
)
LOWER_END = "less|fewer|lower|cheaper|smaller|least|fewest|lowest|cheapest|smallest|worse|worst"

VERIFY = _any("""
    (check|confirm|do)( the| an?| his| her)? id( check)?( of| for| on)?(?! <number>)|id check
    verify|verification|authenticate|identity|(confirm|check)~(identity|dob|date of birth)
    is it really (him|her|them|<name>|<customer>|the (customer|caller))(?! (name|own|account|order))
""")
