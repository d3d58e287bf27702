"""What the desk declines beside changes: advice, judgements of law, discounts, rude words."""

from __future__ import annotations

_PERSON = "(i|we|you|he|she|they|one|it|the customer|the caller|<customer>|<name>|<name> <name>)"
_TO_DO = (
    "give|gives|refund|buy|get|take|choose|pick|offer|let|trust|believe|accept|do|say|sell|grant"
    "|apologi[sz]e|escalate|approve|compensate|pay|return|send|replace|cancel|wait|upgrade|go|try"
    "|recommend|suggest|prefer|worry|complain|sue|keep|switch|insist|make|handle|react|respond"
    "|downgrade|extend|reject|decline|bother|rather"
)
ADVICE: tuple[str, ...] = tuple(
    rf"""
should {_PERSON} (rather |better |really |just |now |maybe |not )?({_TO_DO})
(what|which|who|how|when|where)( [^ .]+)?? should {_PERSON} (rather |better )?({_TO_DO})
what would you (do|recommend|suggest|choose|buy|take|pick|advise)|in my (place|shoes|position)
(would|do|can|could) you( rather| personally)? (recommend|advise|suggest)
(any|your|some) (advice|recommendations?)
what if|what (would )?happens? (if|when)
(good|better|nice|similar|decent|cheaper|an|any|other|some|the) (alternatives?|substitutes?)
(alternatives?|substitutes?) (to|for|instead)
what (do|would) you (recommend|suggest|advise)|what is your (opinion|advice|take|view|gut feeling)
do you think( that)? (we|i|he|she|they) (should|ought|could|can)
is it (fair|wise|smart|sensible|reasonable|a good idea|worth it|okay if|ok if) (to|if|for|that)
(had|would) (he|she|they|i|we) (better|be better off)|better off (with|buying|taking)
(which|what)( one)?( [^ .]+)?? (would|do) you (buy|take|choose|pick|prefer|like|get)
""".strip().splitlines()
)
LEGAL: tuple[str, ...] = tuple(
    r"""
legal|legally|illegal|illegally|lawful|unlawful|lawsuits?|lawyers?|attorneys?|solicitors?|in court
(threatens?|threatened|threatening|going|wants?|able|right|could|can|will|may|might) (to )?sue
(take|taking|takes) us to court|liable|liability|consumer (rights?|law|protection)|small claims
(are|is) (we|he|she|they) (obliged|obligated|required|entitled)|(by|under) law|against the law
(do|does|did) (we|he|she|they|the company) owe~(compensation|damages|anything|money|something)
""".strip().splitlines()
)
_GETS = "gives?|gets?|grant|offer|want|wants|wanted|needs?|asks? for|asking for|deserves?"
_OFF = "(<number>|<money>|half|something|a bit|some money|a third)( percent)? off"
DISCOUNT: tuple[str, ...] = tuple(
    rf"""
({_GETS}|do|knock|take|shave|with|has|have)( [^ .]+){{0,4}}? {_OFF}
{_OFF} (his|her|their|the|this|that|it|for|because|as|since|on|order|next)
hook (him|her|them|<name>|<customer>)( <name>)? up|cut (him|her|them) (a deal|some slack)
(make|do) (him|her|them|<name>) a (deal|special|better) (price)?|knock (it|that|the price) down
({_GETS})( [^ .]+){{0,4}}? (discounts?|cheaper|better price|special price|freebie|for free)
({_GETS})( [^ .]+){{0,4}}? (his|her|their|the) money back
""".strip().splitlines()
)
_RUDE_WORD = (
    "stupid|useless|dumb|idiot|idiotic|moron|rubbish|crap|crappy|shit|shitty|worthless|pathetic"
    "|garbage|trash|silly|lame|incompetent|fool|damn|bloody|fucking|hopeless|terrible"
)
RUDE: tuple[str, ...] = tuple(
    rf"""
(you|your|u)( are| is| really| such| a| an| the)* ({_RUDE_WORD})
({_RUDE_WORD})( [^ .]+)?? (bot|machine|computer|thing|system|assistant|software|program|robot|tool)
shut up|piss off|bugger off|fuck you|fuck off|fuck this|screw you|go to hell|get lost|i hate you
(you|this|that) (are|is)( being)?( so| too| very| really| rather)? (slow|no help|not helping)
you suck|this sucks|what the (fuck|hell|heck)$|^(fuck|shit|crap|damn|damn it|bloody hell)$|wtf$
""".strip().splitlines()
)
# Words that only let off steam; they name nothing.
STEAM: frozenset[str] = frozenset(
    """
    damn damned dammit hell heck bloody fucking fuck fucks fucked shit shitty crap crappy wtf omg
    ass arse asshole bastard bitch piss pissed sucks suck screw screwed freaking frigging goddamn
    idiot idiots idiotic moron stupid dumb pathetic garbage trash lame fool hopeless furious livid
    freebie sue sues sued suing threatens threatened threatening legally compensation
    lawsuit lawsuits lawyers attorney attorneys solicitor liable liability obliged obligated
    entitled damages advise advises recommend recommends suggest suggests
    haha hehe lol lmao ugh argh hmm meh phew sigh grr pff yikes
    """.split()
)
