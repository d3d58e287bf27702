"""The data of a case: its records, their hash, and a database over them for computed facts."""

from evals.data.database import Answers, Database, DatabaseError
from evals.data.seeds import Records, SeedError, customers_of, data_hash, records_of

__all__ = [
    "Answers",
    "Database",
    "DatabaseError",
    "Records",
    "SeedError",
    "customers_of",
    "data_hash",
    "records_of",
]
