import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import type { Beamline } from './beamline.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Command {
  readonly command: string;
  /** What the page shows for it. */
  readonly output: string | undefined;
}

/** The commands of a page for people, each with the output that is shown below it. */
export function commandsOf(page: string): Command[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/```sh\n(.*?)\n```(?:\n```json\n(.*?)\n```)?/gs)].map(([, command, output]) => ({
    command: command as string,
    output,
  }));
}

/** What has to be so before the next command makes sense to a person, by a word of the command just typed. */
export type Patience = Readonly<Record<string, Parameters<Beamline['until']>[0]>>;

/**
 * Types the commands of a page, in order, on a beamline of its own. Where the page shows an output, the answer has its
 * shape: names of members, kinds of values, lengths of lists. Gives how many answers were compared.
 */
export async function typeCommands(
  beamline: Beamline,
  commands: readonly Command[],
  patience: Patience,
): Promise<number> {
  let compared = 0;
  for (const { command, output } of commands) {
    const here = command
      .replaceAll('http://127.0.0.1:60610', beamline.url)
      .replaceAll('data/', `${beamline.dataDir}/`)
      .replace(/^(bin\/)?beamgate (\w+)/, `${root}/bin/beamgate $2 --data-dir ${beamline.dataDir}`);
    const { stdout } = await run('sh', ['-c', here], { cwd: dirname(beamline.dataDir) });
    if (command.startsWith('curl')) expect(JSON.parse(stdout), command).not.toHaveProperty('detail');
    if (/^curl.*(POST| -d )/.test(command)) expect(JSON.parse(stdout), command).toMatchObject({ success: true });
    if (output !== undefined) {
      expect(shapeOf(JSON.parse(stdout)), command).toEqual(shapeOf(JSON.parse(output)));
      compared++;
    }
    const [, isSo] = Object.entries(patience).find(([word]) => command.includes(word)) ?? [];
    if (isSo) await beamline.until(isSo);
  }
  return compared;
}

function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shapeOf(member)]));
}
