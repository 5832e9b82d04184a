import { spawn } from 'node:child_process';
import { json, text } from 'node:stream/consumers';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { freePort } from './free-port.ts';

const PYTHON = resolve('.venv/bin/python');
const CLIENT = new URL('../../system/fixtures/libca.py', import.meta.url).pathname;

export type LibcaRequest = { get: string } | { put: string; as: string[] };
export interface LibcaAnswer {
  type?: number;
  count?: number;
  value?: (number | string)[];
  status?: number;
}

/** Has libca of EPICS base do these requests, in order, with a server on loopback. */
export async function libca(searchAddress: string, requests: readonly LibcaRequest[]): Promise<LibcaAnswer[]> {
  if (!existsSync(PYTHON)) throw new Error(`no ${PYTHON}: run 'npm run setup:system' first`);
  const client = spawn(PYTHON, [CLIENT], {
    env: {
      PATH: '/usr/bin:/bin',
      EPICS_CA_ADDR_LIST: searchAddress,
      EPICS_CA_AUTO_ADDR_LIST: 'NO',
      EPICS_CA_REPEATER_PORT: String(await freePort()),
    },
  });
  client.stdin.end(JSON.stringify(requests));
  const complaints = text(client.stderr);
  try {
    return (await json(client.stdout)) as LibcaAnswer[];
  } catch (error) {
    throw new Error(`libca said: ${await complaints}`, { cause: error });
  }
}
