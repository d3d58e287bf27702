"""The data of a stack: sample records, their loaders, and (in ``command``) the larger data."""

from deploy.seed.aurora import load_aurora
from deploy.seed.dynamodb import load_dynamodb
from deploy.seed.records import Records, sample_records

__all__ = ["Records", "load_aurora", "load_dynamodb", "sample_records"]
