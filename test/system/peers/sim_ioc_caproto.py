"""Reads PVs in every form with caproto, a Channel Access client in Python alone.

Standard input: a JSON list of PV names. Standard output: {name: {"type", "count", "forms": {form: {"value", ...}}}}.
"""

import json
import math
import sys

from caproto import ChannelType
from caproto.threading.client import Context, SharedBroadcaster

FORMS = ["plain", "sts", "time", "gr", "ctrl"]
NATIVE = ["STRING", "INT", "FLOAT", "ENUM", "CHAR", "LONG", "DOUBLE"]


def plain(value):
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, float) and math.isnan(value):
        return "nan"
    if hasattr(value, "item"):
        return plain(value.item())
    if isinstance(value, (list, tuple)):
        return [plain(element) for element in value]
    return value


def reading(pv, form, native):
    answer = pv.read(data_type=ChannelType(7 * FORMS.index(form) + native), timeout=5)
    data = answer.data
    told = {"value": [plain(element) for element in data]}
    metadata = answer.metadata
    for name in ("status", "severity", "units", "precision", "enum_strings", "lower_disp_limit", "upper_disp_limit",
                 "lower_alarm_limit", "upper_alarm_limit", "lower_warning_limit", "upper_warning_limit",
                 "lower_ctrl_limit", "upper_ctrl_limit"):
        if hasattr(metadata, name):
            told[name] = plain(getattr(metadata, name))
    if hasattr(metadata, "timestamp"):
        told["timestamp"] = metadata.timestamp
    for name in ("status", "severity"):
        if name in told:
            told[name] = int(told[name])
    return told


names = json.load(sys.stdin)
context = Context(SharedBroadcaster(registration_retry_time=None), timeout=5)
result = {}
pvs = context.get_pvs(*names)
for pv in pvs:
    pv.wait_for_connection(timeout=10)
    native = int(pv.channel.native_data_type)
    result[pv.name] = {
        "type": NATIVE[native],
        "count": pv.channel.native_data_count,
        "forms": {form: reading(pv, form, native) for form in FORMS},
    }
context.disconnect()
print(json.dumps(result))
