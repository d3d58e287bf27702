"""Everyday words that are never a name, and short forms written out: what small talk is made of."""

from __future__ import annotations

SHORT_FORMS: dict[str, str] = {
    "whats": "what is",
    "what's": "what is",
    "wheres": "where is",
    "where's": "where is",
    "whos": "who is",
    "who's": "who is",
    "whens": "when is",
    "when's": "when is",
    "hows": "how is",
    "how's": "how is",
    "hes": "he is",
    "he's": "he is",
    "shes": "she is",
    "she's": "she is",
    "it's": "it is",
    "there's": "there is",
    "theres": "there is",
    "that's": "that is",
    "thats": "that is",
    "itll": "it will",
    "it'll": "it will",
    "theyll": "they will",
    "they'll": "they will",
    "he'll": "he will",
    "she'll": "she will",
    "we'll": "we will",
    "you'll": "you will",
    "that'll": "that will",
    "b4": "before",
    "til": "until",
    "ta": "thanks",
    "tnx": "thanks",
    "sth": "something",
    "smth": "something",
    "nth": "nothing",
    "rly": "really",
    "sry": "sorry",
    "soz": "sorry",
    "wld": "would",
    "cld": "could",
    "shld": "should",
    "cuz": "because",
    "coz": "because",
    "msg": "message",
    "fwd": "forward",
    "insurance": "warranty",
    "arive": "arrive",
    "arives": "arrives",
    "arived": "arrived",
    "recieve": "receive",
    "recieved": "received",
    "delivry": "delivery",
    "tomorow": "tomorrow",
    "tommorow": "tomorrow",
    "tommorrow": "tomorrow",
    "tmrw": "tomorrow",
    "tmr": "tomorrow",
    "alredy": "already",
    "allready": "already",
    "youre": "you are",
    "theyre": "they are",
    "whatll": "what will",
    "im": "i am",
    "i'm": "i am",
    "ive": "i have",
    "i've": "i have",
    "i'd": "i would",
    "we've": "we have",
    "they've": "they have",
    "he'd": "he would",
    "she'd": "she would",
    "i'll": "i will",
    "let's": "let us",
    "dont": "do not",
    "don't": "do not",
    "doesnt": "does not",
    "doesn't": "does not",
    "didnt": "did not",
    "didn't": "did not",
    "isnt": "is not",
    "isn't": "is not",
    "arent": "are not",
    "aren't": "are not",
    "wasn't": "was not",
    "wasnt": "was not",
    "hasn't": "has not",
    "hasnt": "has not",
    "haven't": "have not",
    "havent": "have not",
    "can't": "can not",
    "cant": "can not",
    "cannot": "can not",
    "won't": "will not",
    "wouldn't": "would not",
    "couldn't": "could not",
    "shouldn't": "should not",
    "pls": "please",
    "plz": "please",
    "plse": "please",
    "thx": "thanks",
    "thnx": "thanks",
    "ty": "thanks",
    "u": "you",
    "ur": "your",
    "r": "are",
    "y": "why",
    "n": "and",
    "w": "with",
    "abt": "about",
    "ppl": "people",
    "bout": "about",
    "cust": "customer",
    "custs": "customers",
    "username": "user name",
    "usernames": "user names",
    "nr": "number",
    "nbr": "number",
    "client": "customer",
    "clients": "customers",
    "acct": "account",
    "acc": "account",
    "tel": "phone",
    "telephone": "phone",
    "mobile": "phone",
    "cell": "phone",
    "cellphone": "phone",
    "fone": "phone",
    "phones": "phone",
    "addr": "address",
    "adress": "address",
    "addy": "address",
    "qty": "quantity",
    "ltv": "lifetime value",
    "clv": "lifetime value",
    "mail": "email",
    "mails": "email",
    "emails": "email",
    "txt": "text",
    "sn": "serial",
    "prod": "product",
    "prods": "products",
    "info": "information",
    "dob": "date of birth",
    "bday": "birthday",
    "gimme": "give me",
    "lemme": "let me",
    "wanna": "want to",
    "gonna": "going to",
    "gotta": "have to",
    "dunno": "do not know",
    "prefs": "preferences",
    "pref": "preference",
    "lvl": "level",
    "amt": "amount",
    "avg": "average",
    "purch": "purchases",
    "cat": "category",
    "desc": "description",
    "catalog": "catalogue",
    "db": "database",
    "ordr": "order",
    "ords": "orders",
    "ratng": "rating",
    "diffs": "differences",
    "diff": "difference",
    "bestsellers": "bestseller",
    "postcode": "zip",
    "zipcode": "zip",
    "postal": "zip",
    "warrantys": "warranties",
    "warrenty": "warranty",
    "guarantee": "warranty",
    "guarantees": "warranties",
}

# Words of everyday talk that carry no fact. What is neither here nor a keyword may be a name.
PLAIN: frozenset[str] = frozenset(
    """
    a an the this that these those some any no not none nothing anything something everything
    every each all both either neither other another others one ones same such own only just
    also too very much many more most less least few several lot lots bit quite really rather
    so then than as if whether because while when where who whom whose which what how why
    whatever whichever i me my mine myself we us our ours you your yours he him his himself
    she her hers herself it its they them their theirs someone somebody anyone anybody
    everyone everybody nobody be am is are was were been being do does did done doing have has
    had having can could will would shall should may might must ought need needs needed want
    wants wanted like likes liked love loves wish hope think thinks thought know knows knew
    known guess believe say says said tell tells told ask asks asked asking talk talking speak
    speaking call calls called calling caller callers give gives gave given get gets got
    getting gotten go goes going gone went come comes came coming make makes made making take
    takes took taken taking see sees saw seen look looks looked looking find finds found
    finding show shows showed shown list lists listed let lets pull bring put keep keeps kept
    run runs use uses used using try tries tried trying help helps helping work works worked
    working happen happens happened wonder wondering check checks checked checking please
    kindly sorry thanks thank hi hello hey hallo good morning afternoon evening night day days
    dear ok okay yes yeah yep yup nope sure fine great cool perfect nice alright right well oh
    ah hm hmm um uh wow ugh argh aargh grr huh meh oof phew whoa yikes duh aw ouch geez
    and or but nor yet for of to in on at by with without from into onto
    off out over under up down about above below between among against during before after
    since until till through across near per via within around along upto upon now today
    tomorrow yesterday currently current recently ever never always still already again once
    twice soon later earlier ago here there back away first second third fourth fifth last
    next previous latest newest oldest early late plus else instead maybe perhaps probably
    actually basically exactly simply quickly quick moment minute minutes sec seconds time
    times week weeks weekly month months monthly year years yearly daily hour hours far long
    short big small large high low higher lower highest lowest biggest smallest largest best
    better worst worse greater fewer top bottom main new old young full whole entire complete
    total sum amount amounts number numbers count counts value values figure figures id ids
    name names named man woman guy lady gentleman sir madam mr mrs ms miss dr person people
    folks buddy mate friend boss colleague team line phone hold holding waiting wait waits
    urgent asap question questions answer answers thing things stuff detail details
    information data fact facts record records file files system systems database databases
    table tables entry entries row rows side part parts kind kinds type types sort way ways
    case reason reasons problem problems issue issues matter mind idea point read reading
    write wrote written contact contacts contacted reach reached regarding concerning related
    relating connected belong belongs belonging behind associated respectively respective mean
    means meant meaning understand understood remember remembered mention mentioned sound
    sounds seem seems seemed feel feels felt turn turns start starts started end ends ended
    ending begin begins began stop stops stopped leave left stay stays stayed live lives
    living move moved set sets send sends sent receive received receives buy buys bought
    buying purchase purchased purchases sell sells sold selling pay pays paid paying spend
    spends spent spending cost costs placed place places placing ordered ordering ship ships
    shipped shipping deliver delivers delivered delivery arrive arrives arrived arriving
    return returned returns owns owned owner holder held true false correct wrong different
    similar close exact real usd dollar dollars euro euros bucks percent star stars points
    bounce bounced bounces bouncing undelivered
    equal equals equalling exceed exceeds exceeding worth pm eg ie etc vs versus compared
    compare comparing comparison available availability exist exists existing registered
    register overall altogether combined together separately hear heard sitting standing
    phoned rang ringing rung complained complaining saying claims claiming claim insists
    insisting shopping shop store business company bothering bother busy hurry fast brief
    briefly summary two three four five six seven eight nine ten dozen couple half twos whats
    rest whoever weekend addresses usually normally typically generally often sometimes
    possibly apparently supposedly frequently mostly mainly especially finally initially
    originally previously directly immediately truly surely hopefully unfortunately obviously
    definitely certainly honestly literally regards cheers forget nevermind according
    depending besides except including include lately sadly luckily nearly hardly shortly
    partly fully highly totally completely properly correctly seriously extremely roughly
    likely unlikely newly friendly bunch pair piece afterwards meanwhile somehow somewhere
    anyway indeed rude upset angry furious annoyed happy worried confused polite onwards
    onward genuine fake broken damaged defective faulty lost legit suspicious strange weird
    odd common popular rare special important necessary possible impossible easy hard
    difficult simple clear obvious ready able unable sick ill dead alive open closed free
    unpaid slow loud quiet clean dirty empty heavy cheap expensive pricey affordable favourite
    favorite recommended likewise opposite extra additional further remaining double triple
    single multiple various certain major minor general specific particular usual normal
    typical average final initial original former latter recent modern ancient serial parcel
    package message voicemail ticket website online app account login logging link
    older younger bigger smaller larger longer shorter cheaper richer newer earlier higher lower
    fewest longest shortest heaviest lightest strongest weakest cheapest nicest easiest hardest
    pick picks picked picking ignore ignores odd off delete deleted fit fits suit suits suited
    keep keen ring bell carry carries wear wears break breaks broke hit hits win wins lose loses
    transferable blocked late delayed overdue due wrapped gift gifts actual actively
    contain contains include seller buyer user reviewer guys girl boy kid kids lad
    whichever whole opinion opinions feel feeling glad happened hasnt shouldnt okay kind
    shared joint separate joined split merged outstanding forgotten refused denied
    allowed forbidden legal illegal illegally approved rejected accepted declined
    extended extension
    median percentage percentages ratio proportion trend trends growth growing forecast deviation
    variance correlation averages
    oops whoops typo mistake scratch misspoke misread mixed swears reckons believes assumes
    figured supposedly allegedly apparently staff employee colleague agent reps rep
    username usernames login logins haha hahaha hehe lol lmao omg wtf tbh btw fyi idk imo jeez
    geez gosh yay duh meh argh grr phew whoa yikes aha ahem eh erm er mhm nah yea yeh ya okey huh
    ugh uhm hmmm hell damn damned bloody fuck fucking shit crap crappy stupid idiot idiots useless
    dumb itself tomorow tmrw
    heavier lighter stronger weaker nicer busier fuller emptier
    dates jk nvm alternative alternatives substitute substitutes anymore
    """.split()
)
