"""Scripted conversations with the desk: read, held, scored, reported.

Public: ``load_cases`` and ``SuiteError`` (reading), ``run_suite`` with a ``Plan`` (holding and
scoring), ``Report`` (the result), ``show`` and ``exit_code`` (telling it).
"""

from evals.cases import Case
from evals.loader import SuiteError, load_cases
from evals.reports import exit_code, show
from evals.results import Report
from evals.runner import Plan, run_suite

__all__ = ["Case", "Plan", "Report", "SuiteError", "exit_code", "load_cases", "run_suite", "show"]
