"""Small words of other languages, by which a text in one of them is recognised."""

from __future__ import annotations

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
