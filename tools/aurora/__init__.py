"""Tools over Aurora: customers, orders and products, and one guarded SELECT for the rest."""

from tools.aurora.provisioning import provision

__all__ = ["provision"]
