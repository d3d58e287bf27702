"""Scripted conversations with the desk: read, held, checked, reported.

Public: ``load_cases`` and ``SuiteError`` (reading), ``run_suite`` (holding and checking),
``Report`` (the result), ``show`` and ``exit_code`` (telling it).
"""

from evals.cases import Case
from evals.loader import SuiteError, load_cases
from evals.report import Report, exit_code, show
from evals.runner import run_suite

__all__ = ["Case", "Report", "SuiteError", "exit_code", "load_cases", "run_suite", "show"]
