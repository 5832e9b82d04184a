"""Opens the environment of a startup folder once, so that the lists of its plans and devices lie in it.

A queue server knows a profile before its environment was ever opened only by that file; the original's profile ships it.
Arguments: BEAMGATE FOLDER.
"""
import subprocess
import sys
import tempfile
import time

import zmq

beamgate, folder = sys.argv[1:]
control, info = "tcp://127.0.0.1:61695", "tcp://127.0.0.1:61696"
with tempfile.TemporaryDirectory() as data:
    manager = subprocess.Popen(
        [beamgate, "manager", "--data-dir", data, "--startup-dir", folder, "--zmq-control-addr", control, "--zmq-info-addr", info],
        stdout=subprocess.DEVNULL)
    socket = zmq.Context().socket(zmq.REQ)
    socket.setsockopt(zmq.RCVTIMEO, 20_000)
    socket.connect(control)

    def call(method):
        socket.send_json({"method": method})
        return socket.recv_json()

    assert call("environment_open")["success"]
    end = time.monotonic() + 20
    while call("status")["worker_environment_state"] != "idle" and time.monotonic() < end:
        time.sleep(0.05)
    manager.terminate()
    manager.wait(10)
