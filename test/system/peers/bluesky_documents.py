"""Documents as the unmodified bluesky has them: checked by event-model, and written into FOLDER by a suitcase.

`remote FOLDER ADDRESS RUNS`: what its RemoteDispatcher hears until so many runs have ended. Says `listening` first.
`local FOLDER PLANS`: what its own RunEngine makes of a list of plans in JSON, with the devices of ophyd.sim.
Prints one line of JSON: the names of the documents of each run, and what is wrong with them.
"""
import asyncio
import json
import sys

import event_model
import suitcase.jsonl

PYTHON_TYPES = {"number": float, "integer": int, "string": str, "boolean": bool}


def heard(address, runs):
    from bluesky.callbacks.zmq import RemoteDispatcher

    documents = []
    dispatcher = RemoteDispatcher(address.removeprefix("tcp://"), strict=True)

    def take(name, document):
        documents.append((name, document))
        if sum(name == "stop" for name, _ in documents) == runs:
            for task in asyncio.all_tasks(dispatcher.loop):
                task.cancel()

    dispatcher.subscribe(take)
    dispatcher.loop.call_soon(lambda: print("listening", flush=True))
    try:
        dispatcher.start()
    except asyncio.CancelledError:
        return documents


def made(plans):
    import bluesky.plans
    import ophyd.sim
    from bluesky import RunEngine

    devices = vars(ophyd.sim.hw())
    documents = []
    engine = RunEngine({})
    engine.subscribe(lambda name, document: documents.append((name, document)))

    def device(value):
        if isinstance(value, list):
            return [device(one) for one in value]
        return devices.get(value, value) if isinstance(value, str) else value

    for plan in plans:
        args = [device(arg) for arg in plan.get("args", [])]
        engine(getattr(bluesky.plans, plan["name"])(*args, **plan.get("kwargs", {})))
    return documents


def faults_of(name, document, descriptors):
    kind = event_model.DocumentNames[name]
    yield from (error.message for error in event_model.schema_validators[kind].iter_errors(document))
    if name == "descriptor":
        descriptors[document["uid"]] = document
    if name not in ("event", "event_page"):
        return
    data_keys = descriptors[document["descriptor"]]["data_keys"]
    for key, told in document["data"].items():
        expected = PYTHON_TYPES.get(data_keys[key]["dtype"], object)
        for value in told if name == "event_page" else [told]:
            if "external" not in data_keys[key] and not isinstance(value, expected):
                yield f"{key} is a {data_keys[key]['dtype']}, and is {value!r}"


def by_run(documents):
    """In the order of their beginnings; each document goes to the run that event-model says."""
    runs, owner = {}, {}
    for name, document in documents:
        if name == "start":
            run = document["uid"]
        elif "run_start" in document:
            run = document["run_start"]
        else:
            run = owner[document.get("descriptor") or document.get("resource") or document.get("stream_resource")]
        if "uid" in document and isinstance(document["uid"], str):
            owner[document["uid"]] = run
        runs.setdefault(run, []).append((name, document))
    return list(runs.values())


mode, folder, *rest = sys.argv[1:]
documents = heard(rest[0], int(rest[1])) if mode == "remote" else made(json.loads(rest[0]))
descriptors = {}
faults = [f"{name}: {fault}" for name, document in documents for fault in faults_of(name, document, descriptors)]
runs = by_run(documents)
for index, run in enumerate(runs):
    suitcase.jsonl.export(run, folder, file_prefix=f"run{index}")
names = [[name for name, _ in run] for run in runs]
print(json.dumps({"runs": names, "plans": [run[0][1]["plan_name"] for run in runs], "faults": faults}))
