import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { WorkerSettings } from '../config/process-settings.ts';
import { RunFiles } from '../documents/run-files.ts';
import { endUnfinishedRuns } from '../documents/unfinished-runs.ts';
import { logLine, type LogLevel } from '../protocol/log-lines.ts';
import { Transports } from './devices/epics/transports.ts';
import { DocumentPublisher } from './documents-out/document-publisher.ts';
import { DocumentRecorder } from './documents-out/document-recorder.ts';
import { DocumentsOut } from './documents-out/documents-out.ts';
import { EngineMetadata } from './environment/engine-metadata.ts';
import { Environment } from './environment/environment.ts';
import { environmentRequests } from './environment/requests.ts';
import { tracebackOf } from './environment/item-outcome.ts';
import { CONTRACTS } from './run-engine/contracts.ts';
import { LinkServer } from './link/link-server.ts';
import { MotionJournal } from './motion-journal/motion-journal.ts';
import { recoverMotions } from './motion-journal/recovery.ts';
import { loadStartup, startupFolder } from './startup/load-startup.ts';

const LOGGER = 'beamgate.worker';
/** The reason in the stop document of a run whose worker died. */
const LEFT_OPEN = 'The worker ended before the run did';
/** A manager that closes the environment is there to be told; one that is away may come back within this. */
const STORED_AFTER_CLOSE_MS = 60_000;
const STORED_AFTER_SHUTDOWN_MS = 1000;

/**
 * The worker without its process: the link to managers, the one environment, documents out, motions on record. What it
 * prints goes through `print`.
 */
export class Worker {
  readonly link: LinkServer;
  readonly #settings: WorkerSettings;
  readonly #print: (line: string) => void;
  readonly #transports: Transports;
  readonly #journal: MotionJournal;
  readonly #files: RunFiles;
  readonly #publisher: DocumentPublisher | null;
  readonly #environment: Environment;
  readonly #ended = Promise.withResolvers<void>();
  readonly #recovered = Promise.withResolvers<void>();
  readonly #hurry = new AbortController();
  #ending: Promise<void> | undefined;

  constructor(settings: WorkerSettings, about: { version: string; print: (line: string) => void }) {
    this.#settings = settings;
    this.#print = about.print;
    const warn = (sentence: string): void => this.log('warning', sentence);
    this.#journal = new MotionJournal(this.#journalFile, warn);
    this.#transports = new Transports(settings.epics, this.#journal, warn);
    this.#files = new RunFiles(settings.runs_dir, warn, (sentence) => this.#environment.pauseFor(sentence));
    this.#publisher = settings.documents === null ? null : new DocumentPublisher(settings.documents);
    this.#environment = new Environment({
      load: () => loadStartup(settings.startup),
      startupFolder: startupFolder(settings.startup),
      documents: new DocumentsOut(new DocumentRecorder(this.#files), this.#publisher),
      versions: { beamgate: about.version, ...CONTRACTS },
      metadata: new EngineMetadata(join(settings.data_dir, 're-metadata.json'), warn),
      permittedMetadata: settings.permitted_re_metadata_keys,
      descriptions: {
        deviceLevels: settings.device_max_depth,
        onInvalidPlan: settings.ignore_invalid_plans ? warn : undefined,
      },
      context: this.#transports,
      ready: this.#recovered.promise,
      report: (report) => this.link.report(report),
      onChanged: () => this.link.stateChanged(),
      onClosed: () => void this.#end(STORED_AFTER_CLOSE_MS),
      log: (level, message) => this.log(level, message),
    });
    this.link = new LinkServer({
      socket: settings.link.socket,
      tokenFile: settings.link.token_file,
      worker: {
        uid: randomUUID(),
        pid: process.pid,
        version: about.version,
        started_at: Date.now() / 1000,
        script_language: 'typescript',
      },
      requests: environmentRequests(
        this.#environment,
        (reason) => void this.shutDown(reason),
        (error) => this.#bug(error),
      ),
      state: () => this.#environment.state,
      onError: (error) => this.#bug(error),
      onTrace: (method, trace) => this.log('debug', `Request ${JSON.stringify(trace)} of a gateway: '${method}'`),
    });
  }

  /** Resolves when everything is at rest, told and closed: the process may end. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /**
   * Managers are served from here on; what a dead worker left moving is looked after at once.
   * @throws Error naming the address, when documents cannot be published there
   */
  async start(): Promise<void> {
    await this.#publisher?.start();
    await this.link.listen();
    const chores = [this.#recover(), this.#endUnfinishedRuns()];
    void Promise.all(chores.map((chore) => chore.catch((error: unknown) => this.#bug(error)))).then(() =>
      this.#recovered.resolve(),
    );
  }

  /** Whatever it is doing, and also while it waits for a manager to store what it told. */
  async shutDown(reason: string): Promise<void> {
    this.log('info', `The worker ends: ${reason}`);
    await this.#environment.shutDown(reason);
    setTimeout(() => this.#hurry.abort(), STORED_AFTER_SHUTDOWN_MS).unref();
    await this.#end(STORED_AFTER_SHUTDOWN_MS);
  }

  /** Something broke that no caller waits for: the plan that runs is to fail for it, and the process lives on. */
  fault(error: unknown): void {
    const isPlans = this.#environment.items?.fail(error instanceof Error ? error : new Error(String(error))) === true;
    this.log(
      'error',
      `${isPlans ? 'The running plan broke' : 'Something broke'} outside of any call:\n${tracebackOf(error)}`,
    );
  }

  log(level: LogLevel, message: string): void {
    this.#print(`${logLine(level, LOGGER, message)}\n`);
  }

  get #journalFile(): string {
    return join(this.#settings.run_dir, 'motions.jsonl');
  }

  async #recover(): Promise<void> {
    const report = await recoverMotions(this.#journalFile, this.#transports);
    if (report === null) return;
    for (const pv of report.stopped) this.log('warning', `${pv} was left moving by a worker that died: stopped`);
    for (const { pv, why } of report.left) this.log('warning', `${pv} was in motion when a worker died: ${why}`);
    this.link.report(report);
  }

  /** Nobody can go on with a run of a worker that died; readers wait for its stop document. */
  async #endUnfinishedRuns(): Promise<void> {
    const { runs_dir: runsDir, data_dir: dataDir } = this.#settings;
    const { ended, left } = await endUnfinishedRuns(runsDir, join(dataDir, 'runs-ended-at'), LEFT_OPEN);
    for (const path of ended) this.log('warning', `'${path}' was left open by a worker that died: it ends as failed`);
    for (const sentence of left) this.log('warning', sentence);
  }

  #end(storedWithinMs: number): Promise<void> {
    this.#ending ??= this.#endInOrder(storedWithinMs);
    return this.#ending;
  }

  /** Documents first, then what the manager must store, then the socket. */
  async #endInOrder(storedWithinMs: number): Promise<void> {
    await Promise.all([this.#files.close(), this.#publisher?.close()]);
    await this.link.untilStored(AbortSignal.any([AbortSignal.timeout(storedWithinMs), this.#hurry.signal]));
    this.#transports.close();
    this.#journal.clear();
    await this.link.close();
    this.#ended.resolve();
  }

  #bug(error: unknown): void {
    this.log('error', tracebackOf(error));
  }
}
