"""Watches one PV with libca (pyepics), and prints each value as a line, the first at once. Ends when its input does."""

import sys

import epics

pv = epics.PV(sys.argv[1], callback=lambda value, **_: print(value, flush=True))
if not pv.wait_for_connection(5):
    raise SystemExit(f"{sys.argv[1]}: not connected")
sys.stdin.read()
