"""What is no question about data: greetings, questions about the desk, requests it declines."""

from __future__ import annotations


def _phrases(lines: str) -> tuple[str, ...]:
    """One phrase a line."""
    return tuple(line.strip() for line in lines.strip().splitlines())


# Declined whatever else is asked: bending the rules, seeing them, carrying data off in bulk.
ATTACKS: tuple[str, ...] = _phrases(
    r"""
    (?:ignore|disregard|forget|override|bypass|skip)~(?:instructions?|rules?|prompts?|policy|policies|guidelines|restrictions|safety|above|previous)
    (?:system|hidden|secret|initial|original|developer|your) (?:prompts?|instructions?|rules|guidelines|policy|configuration)
    (?:show|reveal|print|repeat|output|display|tell|give|dump|leak|paste)~(?:prompt|instructions|rules|policy|above|configuration|tool definitions|tool schemas?)
    you are now|act as|pretend (?:to be|you|that)|role ?play|jailbreak|developer mode|debug mode
    dan mode|god mode|sudo|admin mode|maintenance mode
    hidden (?:fields?|notes?|data|columns?)
    (?:without|no) (?:restrictions|filters?|limits|safety)
    (?:enable|unlock|grant|give me|switch to|activate)~(?:admin|root|full access|lead rights|rights|write access)
    (?:dump|export|download|extract|leak|list|print|give me|show me|send me)~(?:all|every|entire|whole|complete)~(?:emails|email|email addresses|phone|phone numbers?|addresses|personal data|database|profiles|customer data|customer records|tables|data)
    (?:all|every)~(?:customers|users|customer)~(?:emails?|email addresses|phone|phone numbers?|addresses|personal data|contact data|birthdays?)
    (?:environment|env) variables?|api keys?|access tokens?|secret keys?|credentials
    bearer token|connection string|etc passwd
    end of untrusted data|new instructions?
    instructions? from (?:the|your) (?:operator|developer|admin|administrator|system)
    """
)
SQL: tuple[str, ...] = _phrases(
    r"""
    select [^.]*? from
    drop (?:table|database|schema|view)
    delete from
    insert into
    update \w+ set
    union (?:all )?select
    truncate(?: table)?
    alter (?:table|role|user)
    (?:run|execute|use) (?:this |the |a |some |following )*(?:sql|query|statement)
    raw sql
    sql query|sql statement
    pg sleep|information schema|pg catalog
    """
)
WRITE_VERBS: tuple[str, ...] = tuple(
    """
    change update cancel delete remove refund set edit modify correct fix add create book
    place reset upgrade downgrade promote demote extend renew apply approve issue merge
    move mark reopen close block unblock lock unlock deactivate activate reactivate
    replace ship reship resend send email text call notify forward subscribe unsubscribe
    credit charge reimburse compensate discount waive transfer assign schedule order
    reorder register write rename swap switch escalate return exchange post save insert
    overwrite erase wipe purge restock reserve give grant offer make put enter log open
    tell raise lower reduce increase stop expedite rush deliver
    """.split()
)
# These verbs begin many harmless questions too, so they need one of the objects after them.
NEEDS_OBJECT: dict[str, str] = {
    "give": (
        r"refunds?|discounts?|credits?|vouchers?|coupons?|money|upgrade|points|free|gift"
        r"|access|\d+ percent|<money>~(?:off|back)|<number>~(?:off|percent)"
    ),
    "grant": r"refunds?|discounts?|credits?|vouchers?|upgrade|access|extension",
    "offer": r"refunds?|discounts?|credits?|vouchers?|upgrade|money|free",
    "make": (
        r"(?:him|her|them|<customer>|<name>)~(?:vip|gold|premium|standard|silver|platinum)"
        r"|inactive|active|refund|exception|a new order|an order"
    ),
    "put": r"(?:through|into|on hold|a note|order|back|in the system)|note",
    "enter": r"note|order|address|review|data",
    "log": r"case|ticket|complaint|call|note",
    "open": r"(?:a|an|another|new) (?:support )?(?:case|ticket|account|order|complaint)",
    "tell": r"(?:him|her|them|the customer|<customer>|<name>) (?:that|to|we)",
    "send": (
        r"him|her|them|<customer>|<name>|<email>|email|letter|sms|text|invoice|parcel"
        r"|package|replacement|out|link|it|confirmation|reminder|copy|another|new|the"
    ),
    "email": (
        r"(?:him|her|them|<customer>|<name>|the customer) (?:that|to|about|and|the|a)"
        r"|(?:him|her|them|<email>|the customer)$"
    ),
    "text": r"him|her|them|<customer>|<name>|the customer",
    "call": r"him|her|them|<customer>|<name>|the customer|back",
    "order": r"(?:a|an|another|one|two|some|new|<number>|me|him|her)",
    "book": r"(?:a|an|the|him|her|<order>)",
    "post": r"review|letter|parcel|it",
    "save": r"note|it|this|that|changes?",
    "write": r"review|note|email|letter|to (?:him|her|them)|down",
    "return": r"<order>|it|product|item|order|the",
    "move": r"<order>|to|delivery|order",
    "set": r"to|as|tier|status|price|stock|address|email|phone|preference|note",
    "close": r"case|ticket|account|<order>|<customer>|order",
    "stop": r"<order>|order|delivery|shipment|sending|calling|emails|newsletter|subscription",
    "place": r"(?:a|an|another|the|new|this|that|his|her) ?(?:new|same)? ?order|<order>|order",
    "register": r"(?:a|an|the|him|her|new|warranty|<serial>|<customer>|product|device)",
    "ship": r"<order>|it|order|the|today|now|that|this",
    "mark": r"as|<order>|<customer>|order|it|him|her|<name>",
    "fix": r"email|address|stock|price|it|this|that|the|name|record",
    "correct": r"email|address|stock|price|it|this|that|the|name|record",
    "issue": r"refund|credit|voucher|replacement|invoice|a|the",
    "credit": r"<money>|him|her|them|account|<customer>|<name>",
    "charge": r"him|her|them|card|account|<customer>|<name>",
    "transfer": r"<order>|money|the|it|him|her|account|order",
    "switch": r"to",
    "swap": r"it|the|<order>|his|her",
    "exchange": r"it|the|<order>|his|her",
    "check": r"in",
    "lower": r"price|the",
    "raise": r"price|case|ticket|the",
    "reduce": r"price|the",
    "increase": r"price|stock|limit|the",
    "forward": r"to|it|email|this",
    "lock": r"account|<customer>|him|her|<name>|the",
    "discount": r"<order>|order|it|the|price|his|her",
    "deliver": r"<order>|it|order|the|today|tomorrow",
    "assign": r"to",
    "schedule": r"a|the|call|delivery|pickup",
    "update": (
        r"address|email|phone|tier|status|stock|price|name|record|note|notes|profile"
        r"|account|warranty|details|preferences?|order|<order>|<customer>|<name>|<product>"
        r"|<serial>|database|system|the|his|her|their|it"
    ),
    "add": (
        r"to|a|an|note|notes|review|order|product|<money>|<number>|credit|points|new"
        r"|another|him|her"
    ),
    "apply": r"discount|coupon|voucher|credit|the|a|refund|code",
    "replace": r"it|the|<order>|his|her|with|<serial>",
}
NOUN_REQUESTS: tuple[str, ...] = _phrases(
    r"""
    (?:can|could|may|should|will|would|want|wants|need|needs|get|gets|give|issue|claim|entitled|eligible|request|requests|asks? for|asking for)~(?:refunds?|discount|compensation|credit note|voucher|money back|reimbursement|replacement)
    (?:refund|money back|discount|voucher|coupon) (?:for|of|to|please)
    promise|guarantee (?:him|her|them|that)
    """
)
WHO_ARE_YOU: tuple[str, ...] = _phrases(
    r"""
    who are you
    what are you
    are you (?:a |an )?(?:human|bot|robot|ai|real|person|machine|computer|language model|llm|chatbot|gpt|chatgpt|claude|model|program)
    your name
    what (?:is|are) (?:you|your name)
    which (?:language |ai )?model
    what (?:language |ai )?model
    (?:what|which) llm
    introduce yourself
    about yourself
    are you (?:chat ?gpt|claude|gpt|gemini|siri|alexa)
    am i (?:talking|speaking|chatting) (?:to|with)
    understudy
    who (?:made|built|wrote|programmed) you
    language model
    """
)
HELP: tuple[str, ...] = _phrases(
    r"""
    what (?:all )?can (?:you|i|this|deskhand) (?:do|ask|answer|help|find|tell)
    how (?:can|do) (?:you help|i use|i ask|you work|i work)
    what do you (?:do|know about)
    help(?: me)?$
    ^help
    what (?:else )?(?:questions|things) can
    how does (?:this|it) work
    what (?:may|could|should) i ask
    instructions for me|commands|examples
    what (?:systems|tools|data) (?:do|can) you (?:have|use|see|access|ask)
    which (?:systems|tools|data) (?:do|can) you
    what are you able to
    capabilities|features of yours
    """
)
GREETINGS: tuple[str, ...] = _phrases(
    r"""
    hello|hi|hey|hallo|hiya|howdy|greetings|morning|servus|moin
    good (?:morning|afternoon|evening|day)
    how are you(?: doing)?(?: today)?
    how is it going
    nice to meet you
    what is up
    """
)
THANKS: tuple[str, ...] = _phrases(
    r"""
    thanks?(?: you)?(?: very much| so much| a lot)?
    cheers
    great(?: job| work)?|perfect|awesome|brilliant|wonderful|excellent|nice|cool|super|lovely
    that is all|that was all|that will be all|nothing else|all good|got it|understood
    makes sense
    bye|goodbye|see you|good night|have a nice day|ciao
    ok|okay|alright|right|fine|yes|yep|no|nope|sure|well done|good|very good|noted
    """
)
OFF_TOPIC: tuple[str, ...] = _phrases(
    r"""
    weather|forecast|rain|sunny|temperature outside
    jokes?|poems?|song|lyrics|story about|limerick|haiku|riddle|fairy tale
    recipes?|cook|restaurant|pizza|lunch|dinner|coffee break
    (?:capital|president|population|history|king|queen|prime minister) of
    football|soccer|basketball|olympics|world cup|baseball|tennis|match result
    news|politics|election|stock market|bitcoin|crypto|shares|exchange rate|lottery
    translate|translation|essay|homework|python|javascript|code for|program(?:ming)?|algorithm
    regex|function that|script that
    what time is it|what day is it|what is the time|what is the date|todays date
    meaning of life|horoscope|dream|god|love me|marry|feelings?|girlfriend|boyfriend
    movies?|films?|netflix|music|game|play a|sing
    how (?:do|can) i (?:lose|fix my|install|become|learn|get rich|bake|make a)
    flights?|hotel|holiday|vacation|train|traffic|taxi
    square root|calculate|\d+ ?[x*+/] ?\d+|plus \d+|times \d+|derivative|integral|equation
    doctor|medicine|headache|legal advice|lawyer|sue|tax advice|diagnos\w+
    competitors?|amazon|ebay|walmart|google|facebook|tiktok
    write (?:me )?(?:a|an|some) (?:poem|song|story|essay|email|letter|text|joke|haiku)
    salary|vacation days|my manager|my shift|my schedule|sick leave|payslip
    """
)
ROLE_CLAIMS: tuple[str, ...] = _phrases(
    r"""
    (?:i am|this is|as|speaking as) (?:the|an|a|your|their|his|her)? ?(?:system |database |it |site |shift |team |head )?(?:admin|administrator|supervisor|developer|owner|ceo|root|operator|auditor|police|engineer|security|lead|boss|manager|lawyer|wife|husband|mother|father|son|daughter)
    (?:supervisor|manager|admin|administrator|boss|legal|ceo) (?:has |have )?(?:said|approved|authorised|authorized|allowed|told|okayed)
    i (?:have|got) (?:admin|special|full|lead|root) (?:rights|access|permission|clearance)
    authori[sz]ed to
    """
)
