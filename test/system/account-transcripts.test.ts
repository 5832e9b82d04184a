import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { accountsConfig } from '../support/accounts.ts';
import { raw, startGatewayBefore } from '../support/gateway.ts';
import { startPythonManager } from '../support/python-manager.ts';

interface Step {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** `bearer: NAME`, `apikey: NAME`, `query: NAME`, `cookie: NAME`; a name that was not saved is meant as it is. */
  readonly auth?: string;
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>>;
  readonly save?: Readonly<Record<string, string>>;
  readonly status: number;
  readonly body: unknown;
}

/** Steps whose outcome differs on purpose. */
const ACCEPTED: readonly (readonly [which: (step: Step) => boolean, why: string])[] = [
  [({ auth }) => auth?.startsWith('cookie') === true, 'a cookie is no credential: pages of others could use it'],
  [
    ({ status, auth, path }) => status === 400 && auth === undefined && path === '/api/queue/get',
    'its header was not recorded',
  ],
];

const folder = process.env.BEAMGATE_VECTORS ?? '../shared/vectors';
const { steps } = JSON.parse(readFileSync(join(folder, 'http-transcripts/accounts.json'), 'utf8')) as {
  readonly steps: readonly Step[];
};

test("a recorded conversation with the original's accounts goes the same way with ours", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'accounts-'));
  await using manager = await startPythonManager();
  await using gateway = await startGatewayBefore(
    manager,
    { allow_anonymous_access: true, data_dir: dataDir },
    { accounts: accountsConfig() },
  );
  const saved = new Map<string, string>();
  const differing: unknown[] = [];
  let compared = 0;

  for (const step of steps) {
    if (ACCEPTED.some(([which]) => which(step))) continue;
    const got = withoutOurScope(await play(gateway.url, step, saved));
    compared++;
    if (got.status !== statusOf(step) || (step.status !== 422 && !isLike(got.body, step.body))) {
      differing.push({ step, got });
    }
  }

  expect(differing).toEqual([]);
  expect(compared).toBeGreaterThan(70);
  rmSync(dataDir, { recursive: true });
});

/** A scope that the original does not have is held by whoever may submit. */
const OUR_SCOPE = 'write:emergency:stop';
const withoutOurScope = <T>(answer: T): T =>
  JSON.parse(JSON.stringify(answer).replace(new RegExp(`(, '${OUR_SCOPE}'|"${OUR_SCOPE}",)`, 'g'), '')) as T;

/** The original answers 401 to those, too, whom it knows and who may not. */
const statusOf = ({ status, auth, body }: Step): number =>
  status === 401 && auth !== undefined && JSON.stringify(body).includes('Not enough permissions') ? 403 : status;

async function play(url: string, step: Step, saved: Map<string, string>): Promise<{ status: number; body: unknown }> {
  const known = (name: string) => saved.get(name) ?? name;
  const [kind, name = ''] = (step.auth ?? '').split(': ');
  const query = new URLSearchParams({ ...step.query, ...(kind === 'query' ? { api_key: known(name) } : {}) });
  const path = step.path.replace(/\{(\w+)\}/g, (_, word: string) => known(word));
  const target = query.size === 0 ? path : `${path}?${query.toString()}`;
  const credential = { bearer: 'Bearer', apikey: 'ApiKey' }[kind ?? ''];
  const head = [
    `${step.method} ${target} HTTP/1.1`,
    ...(credential === undefined ? [] : [`authorization: ${credential} ${known(name)}`]),
    `content-type: ${step.form === undefined ? 'application/json' : 'application/x-www-form-urlencoded'}`,
  ].join('\n');
  const json =
    step.json === undefined
      ? ''
      : JSON.stringify(step.json, (_, value: unknown) =>
          typeof value === 'string' && value.startsWith('@') ? known(value.slice(1)) : value,
        );
  const answer = await raw(url, head, step.form === undefined ? json : new URLSearchParams(step.form).toString());
  for (const [as, place] of Object.entries(step.save ?? {})) {
    const at = (value: unknown, key: string) => (value as Record<string, unknown>)[key];
    saved.set(as, String(place.split('.').reduce(at, answer.body)));
  }
  return answer;
}

/** Names in angle brackets, UIDs and times stand for anything; `args` and `kwargs` are filled in on purpose. */
function isLike(got: unknown, recorded: unknown): boolean {
  if (typeof recorded === 'string') return isText(got, recorded);
  if (typeof recorded !== 'object' || recorded === null) return got === recorded;
  if (typeof got !== 'object' || got === null || Array.isArray(got) !== Array.isArray(recorded)) return false;
  const names = new Set(
    [...Object.keys(got), ...Object.keys(recorded)].filter((name) => name !== 'args' && name !== 'kwargs'),
  );
  return [...names].every((name) => isLike(memberOf(got, name), memberOf(recorded, name)));
}

/** Scopes and roles were sorted when they were recorded. */
function memberOf(of: object, name: string): unknown {
  const member: unknown = (of as Record<string, unknown>)[name];
  const isList = (name === 'scopes' || name === 'roles') && Array.isArray(member);
  return isList ? (member as string[]).toSorted() : member;
}

function isText(got: unknown, recorded: string): boolean {
  if (/^(<[\w ]+>|uid\d+)$/.test(recorded)) return got !== undefined;
  const parts = recorded.split(/<[\w ]+>/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return typeof got === 'string' && new RegExp(`^${parts.join('.*')}$`, 's').test(got);
}
