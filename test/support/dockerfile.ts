import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

interface Instruction {
  readonly word: string;
  readonly rest: string;
}

export function instructionsOf(dockerfile: string): Instruction[] {
  return readFileSync(dockerfile, 'utf8')
    .split('\n')
    .map((line) => /^([A-Z]+) (.+)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, word, rest]) => ({ word: word as string, rest: rest as string }));
}

/**
 * Follows a Dockerfile where there is no container engine: each stage is a folder, what RUN says runs there. Gives the
 * folder of the last stage, which is the root of the image as far as the Dockerfile itself fills it.
 */
export async function buildInFolders(dockerfile: string, folder: string, environment: NodeJS.ProcessEnv) {
  const context = dirname(dockerfile);
  const stages = new Map<string, string>();
  let stage = '';
  let workdir = '';
  for (const { word, rest } of instructionsOf(dockerfile)) {
    if (word === 'FROM') {
      const name = / AS (\S+)$/.exec(rest)?.[1] ?? String(stages.size);
      stage = join(folder, name);
      stages.set(name, stage);
    } else if (word === 'WORKDIR') {
      workdir = join(stage, rest);
      mkdirSync(workdir, { recursive: true });
    } else if (word === 'RUN') {
      // What tools have to say of a failure stands on either stream.
      await run('sh', ['-ec', `exec 1>&2; ${rest}`], { cwd: workdir, env: environment });
    } else if (word === 'COPY') {
      copy(rest, { context, stages, stage, workdir });
    }
  }
  return stage;
}

interface Places {
  readonly context: string;
  readonly stages: ReadonlyMap<string, string>;
  readonly stage: string;
  readonly workdir: string;
}

/** `COPY [--from=stage] [--chown=…] file… place`, a place that ends with a slash being a folder. */
function copy(instruction: string, { context, stages, stage, workdir }: Places): void {
  const words = instruction.split(' ');
  const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
  const [place, ...files] = words.filter((word) => !word.startsWith('--')).reverse() as [string, ...string[]];
  const source = from === undefined ? context : (stages.get(from) as string);
  const target = place.startsWith('/') ? join(stage, place) : join(workdir, place);
  for (const file of files) {
    const to = place.endsWith('/') ? join(target, basename(file)) : target;
    cpSync(join(source, file), to, { recursive: true, verbatimSymlinks: true });
  }
}
