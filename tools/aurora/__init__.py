"""Tools over Aurora: customers, orders and products, and one guarded SELECT for the rest.

Nothing is imported here: whoever only makes the database needs neither tools nor the SQL parser.
"""
