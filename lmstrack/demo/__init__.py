"""A database to try things out in, with patients who are plainly invented."""

from lmstrack.demo.patients import InventedPatient, invented_patients
from lmstrack.demo.running import DemoResult, fill, run_demo

__all__ = ["DemoResult", "InventedPatient", "fill", "invented_patients", "run_demo"]
