"""pickle: its errors. What processes send each other is no bytes here."""

from _pickle import PickleError, PicklingError, UnpicklingError
