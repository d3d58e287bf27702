"""More that is no question about data: other languages, which part of a check failed."""

from __future__ import annotations

# After a check that failed: which of the answers it was.
WHICH_FAILED = (
    "(which|what|was it|is it|where|did|does|is|was)~(wrong|right|incorrect|correct|failed|fits?"
    "|fit|match(es|ed)?|mismatch|off|true|false)"
    "|(was|is) (it )?(the )?(zip|phone|date of birth|birth date|birthday|digits)"
    "|(which|what) (one|part|answer|field|of (the two|them|those|these))"
)
# After a date of birth was asked for: a part of it, or the same in other words.
PART_OF_BIRTH = (
    "(only|just|at least|even|roughly|approximately|about|the|which|what|or) (the )?"
    "(month|year|day|decade|age|zodiac|star sign|season)|(over|under|older|younger|above|below)"
    "( than)? <number>|(a )?hint|come on|old enough|an adult|a minor"
)

# Words of other languages that are no English ones, nor parts of names.
FOREIGN: frozenset[str] = frozenset(
    """
    wie viele welche welcher ist und für mit nicht haben eine ich bitte kunde kunden kundin
    bestellung bestellungen zeige gib mir wann wo warum wieviel rechnung lieferung hallo
    est quel quelle quels quelles pour une avec et combien commande commandes bonjour où merci
    client statut adresse s'il vous plaît numéro
    es cuál cual qué cuántos cuántas cuanto cuánto por para una pedido pedidos cliente gracias
    hola dónde estado tiene quién buenos días favor
    che è quanto quanti quale ordine ordini ciao grazie dove stato
    qual quantos quantas uma com não obrigado olá onde pedidos
    het een hoeveel welke voor klant bestelling bestellingen hoe waar bedankt
    """.split()
)
FEW_FOREIGN = 2
