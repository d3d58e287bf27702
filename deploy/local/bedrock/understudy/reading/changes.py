"""Requests to change, send or promise something, which the desk declines: it only reads."""

from __future__ import annotations

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
_OBJECTS = r"""
give: refunds?|discounts?|credits?|vouchers?|coupons?|money|upgrade|points|free|gift|access
give: \d+ percent|<money>~(off|back)|<number>~(off|percent)
grant: refunds?|discounts?|credits?|vouchers?|upgrade|access|extension
offer: refunds?|discounts?|credits?|vouchers?|upgrade|money|free
make: (him|her|them|<customer>|<name>)~(vip|gold|premium|standard|silver|platinum)|inactive|active
make: refund|exception|a new order|an order
put: ((?<!me )through|into|on hold|a note|order|back|in the system)|note
enter: note|order|address|review|data
log: case|ticket|complaint|call|note
open: (a|an|another|new) (support )?(case|ticket|account|order|complaint)
tell: (him|her|them|the customer|<customer>|<name>) (that|to|we)
send: him|her|them|<customer>|<name>|<email>|email|letter|sms|text|invoice|parcel|package
send: replacement|out|link|it|confirmation|reminder|copy|another|new|the
email: (him|her|them|<customer>|<name>|<name> <name>|the customer) (that|to|about|and|the|a|an)
email: (him|her|them|<customer>|<name>|<name> <name>|the customer) (his|her|their|it|this|one)
email: (his|her|their|the|this|that|it|a|an)~(to|over|out)
email: (him|her|them|<email>|the customer)$
text: him|her|them|<customer>|<name>|the customer
call: him|her|them|<customer>|<name>|the customer|back
order: (a|an|another|one|two|some|new|<number>|me|him|her)
book: (a|an|the|him|her|<order>)
post: review|letter|parcel|it
save: note|it|this|that|changes?
write: review|note|email|letter|to (him|her|them)|down
return: <order>|it|product|item|order|the
move: <order>|to|delivery|order
set: to|as|tier|status|price|stock|address|email|phone|preference|note
close: case|ticket|account|<order>|<customer>|order
stop: <order>|order|delivery|shipment|sending|calling|emails|newsletter|subscription
place: (a|an|another|the|new|this|that|his|her) ?(new|same)? ?order|<order>|order
register: (a|an|the|him|her|new|warranty|<serial>|<customer>|product|device)
ship: <order>|it|order|the|today|now|that|this
mark: as|<order>|<customer>|order|it|him|her|<name>
fix: email|address|stock|price|it|this|that|the|name|record
correct: email|address|stock|price|it|this|that|the|name|record
issue: refund|credit|voucher|replacement|invoice|a|the
credit: <money>|him|her|them|account|<customer>|<name>
charge: him|her|them|card|account|<customer>|<name>
transfer: <order>|money|the|it|him|her|account|order
switch: to
swap: it|the|<order>|his|her
exchange: it|the|<order>|his|her
check: in
lower: price|the
raise: price|case|ticket|the
reduce: price|the
increase: price|stock|limit|the
forward: to|it|email|this
lock: account|<customer>|him|her|<name>|the
discount: <order>|order|it|the|price|his|her
deliver: <order>|it|order|the|today|tomorrow
assign: to
schedule: a|the|call|delivery|pickup
update: address|email|phone|tier|status|stock|price|name|record|note|notes|profile|account
update: warranty|details|preferences?|order|<order>|<customer>|<name>|<product>|<serial>|database
update: system|the|his|her|their|it
add: to|a|an|note|notes|review|order|product|<money>|<number>|credit|points|new|another|him|her
apply: discount|coupon|voucher|credit|the|a|refund|code
replace: it|the|<order>|his|her|with|<serial>
"""
NEEDS_OBJECT: dict[str, str] = {
    verb: "|".join(
        line.partition(": ")[2] for line in _OBJECTS.splitlines() if line.startswith(f"{verb}:")
    )
    for verb in WRITE_VERBS
    if f"\n{verb}:" in _OBJECTS
}
# ``Let her know``, ``drop him a line``.
_ASKED = "(^|(please|then|and|so|ok|just|also|,|\\.|(can|could|will|would) you) )"
_WHOM = "(him|her|them|<name>|<customer>|<name> <name>)"
# ``She wants it cancelled`` asks for it just as ``cancel it`` does.
_WANTS = "(wants?|needs?|wishes|would like|like)"
_ALL_OF_IT = "(it|this|that|them|everything)( all)?"
_ORDERS = "(<order>|(the|his|her|their) orders?)"
_DONE = (
    "(cancelled|canceled|refunded|returned|changed|updated|replaced|deleted|removed|resent"
    "|reshipped|expedited|corrected|shipped|sent|fixed|exchanged)"
)
NOUN_REQUESTS: tuple[str, ...] = tuple(
    r"""
(can|could|may|should|will|would)~(refunds?|discount|compensation|credit note)
(want|wants|need|needs|get)~(refunds?|discount|compensation|credit note)
(can|could|may|should|will|would)~(voucher|money back|reimbursement|replacement)
(want|wants|need|needs|get)~(voucher|money back|reimbursement|replacement)
(gets|give|issue|claim|entitled)~(refunds?|discount|compensation|credit note)
(eligible|request|requests|asks? for|asking for)~(refunds?|discount|compensation|credit note)
(gets|give|issue|claim|entitled)~(voucher|money back|reimbursement|replacement)
(eligible|request|requests|asks? for|asking for)~(voucher|money back|reimbursement|replacement)
(refund|money back|discount|voucher|coupon) (for|of|to|please)
promise|guarantee (him|her|them|that)
(^|please |can (you|we|i) |could (you|we|i) )(speed|hurry|push)( [^ .]+){1,3} (up|along|through)
(^|please |\. )tell ((<name> ){1,4}|<customer> |him |her |them )(his|her|their|our) (order|refund)
""".strip().splitlines()
) + (
    *(f"{_WANTS} {things} (to be )?{_DONE}" for things in (_ALL_OF_IT, _ORDERS)),
    f"{_ASKED}let {_WHOM} know",
    f"{_ASKED}(drop|shoot|ping) {_WHOM}",
)
