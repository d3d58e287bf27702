"""Turns of phrase about identity checks and dates of birth, which are never told."""

from __future__ import annotations

_BIRTH = "(date of birth|birth ?date|birthday|birth|born)"
# Asked for, not given: ``I need his date of birth``, ``when was she born``.
BIRTH_WANTED = (
    f"(need|needs|want|wants|give|tell|show|get|know|see|read|find|look up|send|what|when|which"
    f"|how)( (?!verify|by)[^ .]+){{0,6}}? {_BIRTH}"
)
# A part of it, or the same once more, after it was refused.
BIRTH_AGAIN = (
    "(just|only|at least|even|then|but|or|and|what about|how about|come on)( [^ .]+){0,4}?"
    " (month|year|day|decade|century|season|weekday|age|digits?|number|hint|guess|half|part)"
    "|(nobody|no one|noone|they) (will|would|does|has to) (ever )?(know|find out|tell|notice)"
    "|(you|u) (have|need|ought|are (allowed|obliged|supposed)) to"
    "|(my|the) (boss|manager|lead|supervisor) (says|said)"
    "|policy|trust me|just (this )?once|between (us|you and me)|exception|i swear|pretty please"
    "|^(come on|please|pls|oh come on|why not|but why|why)( please)?( ,| \\.)?$"
)
_WRONG = (
    "wrong|incorrect|right|correct|off|false|failed|fail|fails|match|matched|matches|fit|fits"
    "|fitting|mismatch|mistaken|bad|different"
)
_FIELD = "zip|zip code|phone|number|digits|date of birth|birthday|birth date|address|post ?code"
# Which part of a check did not fit, which would help whoever guesses.
WHICH_WRONG = (
    f"(which|what)( [^ .]+){{0,6}}? ({_WRONG})|(was|is|were|are) (it )?(the|his|her|their)"
    f" ({_FIELD})( [^ .]+){{0,4}}?( ({_WRONG}))?( \\.| ,|$)|({_FIELD})( [^ .]+){{0,3}}? ({_WRONG})"
    "|(what|which)( [^ .]+)? did (he|she|they|the caller|the customer) get (wrong|right)|was it the"
)
_WHO = (
    "(he|she|they|<customer>|<name>|<name> <name>|(my|the|this|our|that) (caller|customer|person))"
)
# Whether somebody was checked before; reviews are of verified purchases.
CHECKED_BEFORE = (
    f"(is|was|has|are|were|have) {_WHO}( been| already| now| still| properly| yet){{0,3}}"
    " (verified|authenticated)(?! (buyer|purchase|review))"
    "|(did|have|has) (i|we|you|anybody|anyone|somebody)( already)? (verify|verified)( [^ .]+){0,3}"
    "|(caller|customer|he|she) verified( yet| already)?( \\.)?$"
)
