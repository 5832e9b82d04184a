"""Runs plans as bluesky does, each on a RunEngine and devices of its own, and tells what happened.

Reads a list of `{"name", "args", "kwargs"}` in JSON; prints one recording a line, in the form of the recorded vectors.
"""
import json
import sys

import bluesky.plans
import ophyd.sim
from bluesky import RunEngine


def plain(value, names):
    """What JSON can hold; a device is told by the name it has in ophyd.sim.hw()."""
    if id(value) in names:
        return {"$dev": names[id(value)]}
    if hasattr(value, "tolist"):
        return plain(value.tolist(), names)
    if isinstance(value, dict):
        return {str(key): plain(one, names) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one, names) for one in value]
    if callable(value):
        return {"$fn": getattr(value, "__name__", "function")}
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)


def recorded(item):
    devices = vars(ophyd.sim.hw())
    names = {id(device): name for name, device in reversed(list(devices.items()))}
    recording = {"name": item["name"], "messages": [], "documents": [], "states": [], "outcome": []}
    engine = RunEngine({"beamline": "SIM"})
    del engine.md["versions"]

    def message(msg):
        command, obj, args, kwargs, run = msg
        told = {"command": command, "obj": plain(obj, names) if obj is not None else None}
        recording["messages"].append({**told, "args": plain(args, names), "kwargs": plain(kwargs, names), "run": run})

    engine.msg_hook = message
    engine.state_hook = lambda new, old: recording["states"].append([old, new])
    engine.subscribe(lambda name, document: recording["documents"].append([name, plain(document, names)]))

    def device(value):
        if isinstance(value, list):
            return [device(one) for one in value]
        return devices.get(value, value) if isinstance(value, str) else value

    plan = getattr(bluesky.plans, item["name"])
    try:
        uids = engine(plan(*map(device, item["args"]), **item["kwargs"]))
        recording["outcome"].append({"call": "RE", "returned": list(uids)})
    except Exception as error:
        raised = {"call": "RE", "raised": type(error).__name__, "state": str(engine.state)}
        recording["outcome"].append(raised)
    return recording


for one in json.load(sys.stdin):
    print(json.dumps(recorded(one)), flush=True)
