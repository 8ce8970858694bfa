# The C types behind risk_checks.py.
from matcher.core.state cimport State

cdef int check_risk(State state) except -1

cdef int _check_holders(State state) except -1
