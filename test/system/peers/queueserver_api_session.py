"""One whole session of the unmodified bluesky-queueserver-api: status, open, add, start, wait, history, close.

Arguments: ZMQ CONTROL_ADDRESS INFO_ADDRESS, or HTTP URI API_KEY. Prints one line of JSON.
"""
import json
import sys

from bluesky_queueserver_api import BPlan

if sys.argv[1] == "ZMQ":
    from bluesky_queueserver_api.zmq import REManagerAPI

    manager = REManagerAPI(zmq_control_addr=sys.argv[2], zmq_info_addr=sys.argv[3])
else:
    from bluesky_queueserver_api.http import REManagerAPI

    manager = REManagerAPI(http_server_uri=sys.argv[2])
    manager.set_authorization_key(api_key=sys.argv[3])

before = manager.status()
manager.environment_open()
manager.wait_for_idle(timeout=20)
assert manager.status(reload=True)["worker_environment_state"] == "idle"

manager.history_clear()
first = manager.item_add(BPlan("count", ["det1", "det2"], num=3))
second = manager.item_add(BPlan("scan", ["peak"], "m1", -0.2, 0.2, 3))
assert manager.queue_get()["items"][0]["item_uid"] == first["item"]["item_uid"]
manager.queue_start()
manager.wait_for_idle(timeout=30)

history = manager.history_get()["items"]
plans = manager.plans_allowed()["plans_allowed"]
devices = manager.devices_allowed()["devices_allowed"]
manager.environment_close()
manager.wait_for_idle(timeout=20)
manager.close()
print(json.dumps({
    "state_before": before["manager_state"],
    "added": [first["item"]["item_uid"], second["item"]["item_uid"]],
    "done": [[item["item_uid"], item["result"]["exit_status"]] for item in history],
    "has_plans": "count" in plans and "scan" in plans,
    "has_devices": "det1" in devices and "m1" in devices,
}))
