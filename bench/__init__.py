"""What the catalog costs, measured beside what PostgreSQL alone costs on the same machine.

Figures of two machines do not compare; the ratios within one run do.
"""
