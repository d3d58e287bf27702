"""What a cross-system check finds in the sample data, and nothing else."""

from __future__ import annotations

# Kind, whose record it is, and what the message has to name.
SAMPLE_DIFFERENCES: tuple[tuple[str, str | int, tuple[str, ...]], ...] = (
    ("email_differs", "CUST004", ("alice.brown@example.com", "a.brown@example.net")),
    ("stock_differs", 4, ("Desk Chair", "25", "30")),
    ("warranty_name_differs", "CUST005", ("CAMERA005T9U1V", "Charles Davis", "Charlie Davis")),
    ("verified_purchase_without_order", "CUST002", ("REV002", "Laptop Pro", "1299.99", "42.98")),
    ("verified_purchase_without_order", "CUST002", ("REV005", "Desk Chair", "299.99", "42.98")),
)
