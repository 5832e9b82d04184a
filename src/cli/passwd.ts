import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { passwordHash } from '../auth/password-hash.ts';

/**
 * `beamgate passwd`: the argon2id hash of a password, for `users_to_passwords` in the configuration. The password is asked
 * for on a terminal, twice and without an echo, or is the first line of stdin; never an argument, which others can see.
 */
export async function passwd(): Promise<void> {
  const password = process.stdin.isTTY ? await asked() : await firstLine();
  if (password === '') throw new Error('The password must not be empty');
  console.log(await passwordHash(password));
}

async function asked(): Promise<string> {
  // Readline echoes into its output: this one shows the question and nothing that is typed.
  let isQuestion = true;
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (isQuestion) process.stderr.write(chunk);
      done();
    },
  });
  const terminal = createInterface({ input: process.stdin, output, terminal: true });
  const ask = async (question: string): Promise<string> => {
    isQuestion = true;
    const answer = terminal.question(question);
    isQuestion = false;
    const typed = await answer;
    process.stderr.write('\n');
    return typed;
  };
  try {
    const [one, other] = [await ask('Password: '), await ask('Once more: ')];
    if (one !== other) throw new Error('The two are not the same');
    return one;
  } finally {
    terminal.close();
  }
}

async function firstLine(): Promise<string> {
  for await (const line of createInterface({ input: process.stdin })) return line;
  return '';
}
