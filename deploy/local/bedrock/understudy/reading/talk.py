"""What is no question about data: greetings, questions about the desk, attacks."""

from __future__ import annotations

# Declined whatever else is asked: bending the rules, seeing them, carrying data off in bulk.
ATTACKS: tuple[str, ...] = tuple(
    r"""
(ignore|disregard|forget|override|bypass|skip)~(instructions?|rules?|prompts?|policy|policies)
(ignore|disregard|forget|override|bypass|skip)~(guidelines|restrictions|safety|above|previous)
(system|hidden|secret|initial|original|developer|your) (prompts?|instructions?|rules)
(system|hidden|secret|initial|original|developer|your) (guidelines|policy|configuration)
(show|reveal|print|repeat|output|display)~(prompt|instructions|rules|policy)
(tell|give|dump|leak|paste)~(prompt|instructions|rules|policy)
(show|reveal|print|repeat|output|display)~(above|configuration|tool definitions|tool schemas?)
(tell|give|dump|leak|paste)~(above|configuration|tool definitions|tool schemas?)
you are now|act as|pretend (to be|you|that)|role ?play|jailbreak|developer mode|debug mode
dan mode|god mode|sudo|admin mode|maintenance mode|hidden (fields?|notes?|data|columns?)
(emails?|email addresses) (of|for|from) (everybody|everyone)( else)?( you| please| ,| \.|$)
(phone|phone numbers?) (of|for|from) (everybody|everyone)( else)?( you| please| ,| \.|$)
(addresses|birthdays?) (of|for|from) (everybody|everyone)( else)?( you| please| ,| \.|$)
(everybody|everyone|all customers)( else)? (emails?|phone|phone numbers?|addresses|birthdays?)
(phone|email|phone numbers?|addresses|birthdays?) of (all )?(the |our )?(others?|rest|remaining)
(emails?|email addresses) of (all|every|each|our)( of)?( our| the)? (customers?|users?)
(phone numbers?|phone|addresses) of (all|every|each|our)( of)?( our| the)? (customers?|users?)
(birthdays?|passwords?|personal data) of (all|every|each|our|the) (our |the )?(customers?|users?)
(without|no) (restrictions|filters?|limits|safety)
(enable|unlock|grant|give me|switch to|activate)~(admin|root|full access)
(enable|unlock|grant|give me|switch to|activate)~(lead rights|rights|write access)
(dump|export|download|extract|leak)~(all|every|entire|whole|complete)~(emails|email)
(dump|export|download|extract|leak)~(all|every|entire|whole|complete)~(email addresses|phone)
(list|print|give me)~(all|every|entire|whole|complete)~(emails|email|email addresses|phone)
(show me|send me)~(all|every|entire|whole|complete)~(emails|email|email addresses|phone)
(dump|export|download|extract|leak)~(all|every|entire|whole|complete)~(phone numbers?|addresses)
(dump|export|download|extract|leak)~(all|every|entire|whole|complete)~personal data
(list|print|give me|show me|send me)~(all|every|entire|whole|complete)~(phone numbers?|addresses)
(list|print|give me|show me|send me)~(all|every|entire|whole|complete)~personal data
(dump|export|download)~(all|every|entire|whole|complete)~(database|profiles|customer data)
(extract|leak)~(all|every|entire|whole|complete)~(database|profiles|customer data)
(dump|export|download)~(all|every|entire|whole|complete)~(customer records|tables|data)
(extract|leak)~(all|every|entire|whole|complete)~(customer records|tables|data)
(list|print|give me)~(all|every|entire|whole|complete)~(database|profiles|customer data)
(show me|send me)~(all|every|entire|whole|complete)~(database|profiles|customer data)
(list|print|give me)~(all|every|entire|whole|complete)~(customer records|tables|data)
(show me|send me)~(all|every|entire|whole|complete)~(customer records|tables|data)
(all|every)~(customers|users|customer)~(emails?|email addresses|phone|phone numbers?)
(all|every)~(customers|users|customer)~(addresses|personal data|contact data|birthdays?)
(environment|env) variables?|api keys?|access tokens?|secret keys?|credentials
bearer token|connection string|etc passwd|end of untrusted data|new instructions?
instructions? from (the|your) (operator|developer|admin|administrator|system)
""".strip().splitlines()
)
SQL: tuple[str, ...] = tuple(
    r"""
select [^.]*? from|drop (table|database|schema|view)|delete from|insert into|update \w+ set
union (all )?select|truncate( table)?|alter (table|role|user)
(run|execute|use) (this |the |a |some |following )*(sql|query|statement)|raw sql
sql query|sql statement|pg sleep|information schema|pg catalog
""".strip().splitlines()
)
WHO_ARE_YOU: tuple[str, ...] = tuple(
    r"""
who are you|what are you|are you (a |an )?(human|bot|robot|ai|real|person|machine|computer)
are you (a |an )?(language model|llm|chatbot|gpt|chatgpt|claude|model|program)|your name
what (is|are) (you|your name)|which (language |ai )?model|what (language |ai )?model
(what|which) llm|introduce yourself|about yourself
are you (chat ?gpt|claude|gpt|gemini|siri|alexa)|am i (talking|speaking|chatting) (to|with)
understudy|who (made|built|wrote|programmed) you|language model
""".strip().splitlines()
)
HELP: tuple[str, ...] = tuple(
    r"""
what (all )?can (you|i|this|deskhand) (do|ask|answer|help|find|tell)
what can (you|i|this|deskhand) (actually|really|even|all|also) (do|ask|answer|help|find|tell)
how (can|do) (you help|i use|i ask|you work|i work)|what do you (do|know about$|know$)|help( me)?$
^help|what (else )?(questions|things) can|how does (this|it) work|what (may|could|should) i ask
instructions for me|commands|examples
what (systems|tools|data) (do|can) you (have|use|see|access|ask)
which (systems|tools|data) (do|can) you|what are you able to|capabilities|features of yours
""".strip().splitlines()
)
GREETINGS: tuple[str, ...] = tuple(
    r"""
hello|hi|hey|hallo|hiya|howdy|greetings|morning|servus|moin|good (morning|afternoon|evening|day)
how are you( doing)?( today)?|how is it going|nice to meet you|what is up
""".strip().splitlines()
)
THANKS: tuple[str, ...] = tuple(
    r"""
thanks?( you)?( very much| so much| a lot)?|cheers
great( job| work)?|perfect|awesome|brilliant|wonderful|excellent|nice|cool|super|lovely
that is all|that was all|that will be all|nothing else|all good|got it|understood|makes sense
bye|goodbye|see you|good night|have a nice day|ciao
ok|okay|alright|right|fine|yes|yep|no|nope|sure|well done|good|very good|noted
""".strip().splitlines()
)
OFF_TOPIC: tuple[str, ...] = tuple(
    r"""
who (won|wins|is winning)|how (was|is) your
what is <number> <number>|<number> (plus|minus|times|x|divided by) <number>
weather|forecast|rain|sunny|temperature outside
jokes?|poems?|song|lyrics|story about|limerick|haiku|riddle|fairy tale
recipes?|cook|restaurant|pizza|lunch|dinner|coffee break
(capital|president|population|history|king|queen|prime minister) of
football|soccer|basketball|olympics|world cup|baseball|tennis|match result
news|politics|election|stock market|bitcoin|crypto|shares|exchange rate|lottery
translate|translation|essay|homework|python|javascript|code for|program(ming)?|algorithm
regex|function that|script that
what time is it|what day is it|what is the time|what is the date|todays date
meaning of life|horoscope|dream|god|love me|marry|feelings?|girlfriend|boyfriend
movies?|films?|netflix|music|game|play a|sing
how (do|can) i (lose|fix my|install|become|learn|get rich|bake|make a)
flights?|hotel|holiday|vacation|train|traffic|taxi
square root|calculate|\d+ ?[x*+/] ?\d+|plus \d+|times \d+|derivative|integral|equation
doctor|medicine|headache|legal advice|lawyer|sue|tax advice|diagnos\w+
competitors?|amazon|ebay|walmart|google|facebook|tiktok
write (me )?(a|an|some) (poem|song|story|essay|email|letter|text|joke|haiku)
salary|vacation days|my manager|my shift|my schedule|sick leave|payslip
""".strip().splitlines()
)
ROLE_CLAIMS: tuple[str, ...] = tuple(
    r"""
i am (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?admin
this is (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?admin
i am (the|an|a|your|their|his|her)? ?(system |database |it |site )?administrator
i am (the|an|a|your|their|his|her)? ?(shift |team |head )?administrator
this is (the|an|a|your|their|his|her)? ?(system |database |it |site )?administrator
this is (the|an|a|your|their|his|her)? ?(shift |team |head )?administrator
as (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?admin
speaking as (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?admin
as (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?administrator
speaking as (the|an|a|your|their|his|her)? ?(system |database |it |site )?administrator
speaking as (the|an|a|your|their|his|her)? ?(shift |team |head )?administrator
i am (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?supervisor
this is (the|an|a|your|their|his|her)? ?(system |database |it |site )?supervisor
this is (the|an|a|your|their|his|her)? ?(shift |team |head )?supervisor
as (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?supervisor
speaking as (the|an|a|your|their|his|her)? ?(system |database |it |site )?supervisor
speaking as (the|an|a|your|their|his|her)? ?(shift |team |head )?supervisor
i am (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?developer
this is (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?developer
i am (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?owner
this is (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?owner
i am (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?ceo
this is (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?ceo
as (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?developer
speaking as (the|an|a|your|their|his|her)? ?(system |database |it |site )?developer
speaking as (the|an|a|your|their|his|her)? ?(shift |team |head )?developer
as (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?owner
speaking as (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?owner
as (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?ceo
speaking as (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?ceo
i am (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?root
this is (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?root
i am (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?operator
this is (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?operator
i am (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?auditor
this is (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?auditor
as (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?root
as (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?operator
speaking as (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?root
speaking as (the|an|a|your|their|his|her)? ?(system |database |it |site )?operator
speaking as (the|an|a|your|their|his|her)? ?(shift |team |head )?operator
as (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?auditor
speaking as (the|an|a|your|their|his|her)? ?(system |database |it |site )?auditor
speaking as (the|an|a|your|their|his|her)? ?(shift |team |head )?auditor
i am (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?police
this is (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?police
i am (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?engineer
this is (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?engineer
as (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?police
speaking as (the|an|a|your|their|his|her)? ?(system |database |it |site )?police
speaking as (the|an|a|your|their|his|her)? ?(shift |team |head )?police
as (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?engineer
speaking as (the|an|a|your|their|his|her)? ?(system |database |it |site )?engineer
speaking as (the|an|a|your|their|his|her)? ?(shift |team |head )?engineer
i am (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?security
this is (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?security
i am (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?lead
this is (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?lead
i am (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?boss
this is (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?boss
as (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?security
as (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?lead
speaking as (the|an|a|your|their|his|her)? ?(system |database |it |site )?security
speaking as (the|an|a|your|their|his|her)? ?(shift |team |head )?security
speaking as (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?lead
as (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?boss
speaking as (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?boss
i am (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?manager
this is (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?manager
i am (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?lawyer
this is (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?lawyer
i am (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?wife
this is (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?wife
as (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?manager
as (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?lawyer
speaking as (the|an|a|your|their|his|her)? ?(system |database |it |site )?manager
speaking as (the|an|a|your|their|his|her)? ?(shift |team |head )?manager
speaking as (the|an|a|your|their|his|her)? ?(system |database |it |site )?lawyer
speaking as (the|an|a|your|their|his|her)? ?(shift |team |head )?lawyer
as (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?wife
speaking as (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?wife
i am (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?husband
this is (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?husband
i am (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?mother
this is (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?mother
i am (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?father
this is (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?father
as (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?husband
as (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?mother
speaking as (the|an|a|your|their|his|her)? ?(system |database |it |site )?husband
speaking as (the|an|a|your|their|his|her)? ?(shift |team |head )?husband
speaking as (the|an|a|your|their|his|her)? ?(system |database |it |site )?mother
speaking as (the|an|a|your|their|his|her)? ?(shift |team |head )?mother
as (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?father
speaking as (the|an|a|your|their|his|her)? ?(system |database |it |site )?father
speaking as (the|an|a|your|their|his|her)? ?(shift |team |head )?father
i am (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?son
i am (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?daughter
this is (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?son
this is (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?daughter
as (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?(son|daughter)
speaking as (the|an|a|your|their|his|her)? ?(system |database |it |site |shift |team |head )?son
speaking as (the|an|a|your|their|his|her)? ?(system |database |it |site )?daughter
speaking as (the|an|a|your|their|his|her)? ?(shift |team |head )?daughter
(supervisor|manager|admin|administrator) (has |have )?(said|approved|authorised|authorized)
(boss|legal|ceo) (has |have )?(said|approved|authorised|authorized)
(supervisor|manager|admin|administrator|boss|legal|ceo) (has |have )?(allowed|told|okayed)
i (have|got) (admin|special|full|lead|root) (rights|access|permission|clearance)|authori[sz]ed to
""".strip().splitlines()
)
