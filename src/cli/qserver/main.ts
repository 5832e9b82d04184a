import type { Command } from 'commander';
import { setTimeout as wait } from 'node:timers/promises';
import { requireCurveKey } from '../../config/curve-key.ts';
import { SettingRefused } from '../../config/setting.ts';
import { QSERVER_SETTINGS } from '../../config/tool-settings.ts';
import { repr } from '../../lib/python-text/repr.ts';
import { ControlChannel } from '../../manager-client/control-channel.ts';
import { CodedError } from '../../protocol/error-codes.ts';
import { wireEncodingNamed } from '../../protocol/wire-encoding.ts';
import { resolvedTool } from '../options.ts';
import { EXIT_CODES } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { requestOf } from './request.ts';
import type { QserverRequest } from './request.ts';
import { shownReply, shownSilence } from './shown.ts';
import type { Shown } from './shown.ts';
import { CommandRefused } from './words.ts';

const REPLY_MS = 2000;
const MONITOR_MS = 1000;

/** `beamgate qserver`: one command to the manager, its reply on the terminal, and an exit code for scripts. */
export async function qserver(typed: readonly string[], command: Command): Promise<void> {
  console.log(`Arguments: ${repr([...typed])}`);
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.exitCode = await exitCodeOf(() => converse(typed, command, stop.signal), stop.signal);
}

async function exitCodeOf(run: () => Promise<ExitCode>, stopped: AbortSignal): Promise<ExitCode> {
  try {
    return await run();
  } catch (error) {
    if (stopped.aborted) {
      console.log('\nThe program was manually stopped.');
      return EXIT_CODES.success;
    }
    const { message } = error as Error;
    if (error instanceof CommandRefused || error instanceof SettingRefused) {
      console.error(`ERROR:qserver:Invalid command or parameters: ${message}.`);
      return EXIT_CODES.parameterError;
    }
    console.error(`ERROR:qserver:Exception occurred: ${message}.`);
    return EXIT_CODES.exceptionOccurred;
  }
}

async function converse(typed: readonly string[], command: Command, stopped: AbortSignal): Promise<ExitCode> {
  const { zmqControlAddr, zmqEncoding, zmqPublicKey, lockKey } = resolvedTool(QSERVER_SETTINGS, command);
  requireCurveKey(zmqPublicKey);
  const request = await requestOf(typed, lockKey.value);
  const channel = new ControlChannel({
    address: zmqControlAddr.value ?? '',
    encoding: wireEncodingNamed(zmqEncoding.value),
    publicKey: zmqPublicKey.value,
    patienceMs: REPLY_MS,
    onRefused: (reason) => console.error(`ERROR:qserver:${reason}`),
    onLateReply: () => undefined,
    onState: () => undefined,
  });
  stopped.addEventListener('abort', () => channel.close());
  channel.start();
  try {
    if (typed[0] !== 'monitor') return told(await exchange(channel, request));
    console.log('Running QServer monitor. Press Ctrl-C to exit ...');
    for (;;) {
      told(await exchange(channel, request));
      await wait(MONITOR_MS, undefined, { signal: stopped });
    }
  } finally {
    channel.close();
  }
}

function told({ text, exitCode }: Shown): ExitCode {
  console.log(text);
  return exitCode;
}

async function exchange(channel: ControlChannel, { method, params }: QserverRequest): Promise<Shown> {
  const payload = `{"method":${JSON.stringify(method)},"params":${params}}`;
  try {
    return shownReply(await channel.request({ method, payload, timeoutMs: REPLY_MS, trace: '' }), new Date());
  } catch (error) {
    if (error instanceof CodedError && channel.state !== 'closed') return shownSilence(new Date());
    throw error;
  }
}
