"""Writes PVs of the simulated IOC with pyepics, which is libca, and tells what it saw.

Standard input: a JSON list of [PV name, value], written in this order with a callback and read again.
Standard output: {"written": [[name, value read again]], "motion": {...}, "waiting": {...}, "refused": {...}}
"""

import json
import sys
import time

import epics


def plain(value):
    return value.tolist() if hasattr(value, "tolist") else value


def written(name, value):
    pv = epics.PV(name)
    if not pv.wait_for_connection(5):
        raise SystemExit(f"{name}: not connected")
    if pv.put(value, wait=True, timeout=10) != 1:
        raise SystemExit(f"{name}: the put was not called back")
    read = pv.get(use_monitor=False, as_string=isinstance(value, str))
    return [name, plain(read)]


def motion():
    """A move of one unit, seen by monitors of another circuit's channels."""
    events = []
    readback = epics.PV("BGDEMO:m1.RBV", callback=lambda value, **_: events.append(["RBV", value]))
    moving = epics.PV("BGDEMO:m1.DMOV", callback=lambda value, **_: events.append(["DMOV", value]))
    for pv in (readback, moving):
        pv.wait_for_connection(5)
    setpoint = epics.PV("BGDEMO:m1.VAL")
    setpoint.wait_for_connection(5)
    start = setpoint.get(use_monitor=False)
    time.sleep(0.1)  # both monitors have told what was there before
    events.clear()
    began = time.monotonic()
    status = setpoint.put(start + 1, wait=True, timeout=10)
    seconds = time.monotonic() - began
    time.sleep(0.1)
    return {"start": start, "status": status, "seconds": seconds, "events": events,
            "end": readback.get(use_monitor=False)}


def waiting():
    """Two put-callbacks to one record: the second begins when the first has ended."""
    ends = {}
    pv = epics.PV("BGDEMO:slow")
    pv.wait_for_connection(5)
    began = time.monotonic()
    for name in ("first", "second"):
        other = epics.PV("BGDEMO:slow" if name == "first" else "BGDEMO:slow.VAL")
        other.wait_for_connection(5)
        other.put(1 if name == "first" else 2, callback=lambda name=name, **_: ends.setdefault(name, time.monotonic() - began))
    while len(ends) < 2 and time.monotonic() - began < 10:
        epics.ca.poll()
    return ends


def refused():
    pv = epics.PV("BGDEMO:readonly")
    pv.wait_for_connection(5)
    time.sleep(0.05)
    return {"read": pv.read_access, "write": pv.write_access, "value": pv.get()}


writes = json.load(sys.stdin)
print(json.dumps({
    "written": [written(name, value) for name, value in writes],
    "motion": motion(),
    "waiting": waiting(),
    "refused": refused(),
}))
