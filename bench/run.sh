#!/bin/sh
# Measures the Python originals and Beamgate in one run, with the same clients and loads: `npm run bench -- --quick`.
# The programs that measure are peers of the project, not part of it: BEAMGATE_PEERS names their folder.
set -e
cd "$(dirname "$0")/.."
BEAMGATE=$PWD
peers=${BEAMGATE_PEERS:-../shared/peers}/bench
work=$BEAMGATE/.bench
[ -f "$peers/bench.py" ] || { echo "There is no $peers/bench.py: set BEAMGATE_PEERS to the folder of peers." >&2; exit 1; }

sh scripts/setup-system.sh
.venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement "$peers/requirements.txt"

# The programs want their modules beside them, and their folder may be read-only.
rm -rf "$work/peers"
mkdir -p "$work" bench/results
cp -r "$peers" "$work/peers"
chmod -R u+w "$work/peers"
ln -s "$BEAMGATE/node_modules" "$work/peers/node_modules"

BENCH_PYTHON=$BEAMGATE/.venv/bin/python
BENCH_BIN=$BEAMGATE/.venv/bin
BENCH_NODE=$BEAMGATE/node_modules/node/bin/node
export BEAMGATE BENCH_PYTHON BENCH_BIN BENCH_NODE

# The lists of the profile's plans and devices are made once; each stack gets a copy of the folder.
rm -rf "$work/profile"
cp -r bench/profile "$work/profile"
"$BENCH_PYTHON" bench/describe-profile.py "$BEAMGATE/bin/beamgate" "$work/profile"
[ -f "$work/profile/existing_plans_and_devices.yaml" ] || { echo 'The profile could not be described.' >&2; exit 1; }

exec "$BENCH_PYTHON" "$work/peers/bench.py" --targets "$work/peers/targets.json" --targets bench/beamgate.json \
    --target python --target beamgate --out "bench/results/${BENCH_OUT:-both}.json" "$@"
