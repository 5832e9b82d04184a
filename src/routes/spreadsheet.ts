import multipart from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { elements, members, objectText, parsePlain } from '../lib/raw-json.ts';
import { coded } from '../protocol/error-codes.ts';
import { LockKey } from '../protocol/methods/define-method.ts';
import { queueItemAddBatch } from '../protocol/methods/queue.ts';
import type { ReadPlans } from '../spreadsheet/messages.ts';
import { LIMITS } from '../spreadsheet/limits.ts';
import type { Problem } from '../spreadsheet/problems.ts';
import { allowedPlansReply, plansIn } from './allowed-plans.ts';
import { askOnce } from './ask-once.ts';
import { BATCH } from './batch.ts';
import type { App } from './declaration.ts';
import { sendJson, signed } from './forward.ts';
import { preparedReply } from './reply-text.ts';
import { paramsOf } from './request-params.ts';
import { templateRoute } from './spreadsheet-template.ts';
import { uploadedForm } from './uploaded-form.ts';
import type { UploadedForm } from './uploaded-form.ts';

const Upload = Type.Object({
  spreadsheet: Type.String({ format: 'binary', description: '.xlsx, .xls, .ods, .csv or .tsv' }),
  data_type: Type.Optional(Type.String({ description: "which of the beamline's own formats this is" })),
  dry_run: Type.Optional(
    Type.Boolean({ description: 'give the items and every problem, and leave the queue as it is' }),
  ),
  lock_key: LockKey,
  user_group: Type.Optional(Type.String({ description: 'which of the own groups asks' })),
});
const FIELDS = Object.keys(Upload.properties);
const InQuery = Type.Object({ dry_run: Upload.properties.dry_run });

const ProblemShape = Type.Object({
  sheet: Type.Union([Type.String(), Type.Null()]),
  row: Type.Union([Type.Integer({ description: 'from 1, the header included' }), Type.Null()]),
  column: Type.Union([Type.String({ description: 'its letters; null: the row as a whole' }), Type.Null()]),
  msg: Type.String(),
});

const Uploaded = Type.Object({
  success: Type.Boolean(),
  msg: Type.String(),
  ...queueItemAddBatch.result.properties,
  qsize: Type.Optional(queueItemAddBatch.result.properties.qsize),
  rows: Type.Optional(Type.Array(Type.Union([Type.Integer(), Type.Null()]), { description: 'of each item, the row' })),
  problems: Type.Array(ProblemShape),
});

/** Plans from a spreadsheet, and the sheet to write them in. */
export function spreadsheetRoutes(app: App): void {
  void app.register(async (forms: App) => {
    await forms.register(multipart, {
      limits: { files: 1, fileSize: LIMITS.bytes, fields: 10, fieldSize: 4096, parts: 20, headerPairs: 20 },
    });
    serveUpload(forms);
  });
  templateRoute(app);
}

function serveUpload(app: App): void {
  app.route({
    method: 'POST',
    url: '/queue/upload/spreadsheet',
    bodyLimit: BATCH.bodyLimit,
    config: {
      declared: {
        access: queueItemAddBatch.access.scope,
        summary: 'Puts the plans of a spreadsheet into the queue, all or none; or shows them, with `dry_run`.',
        params: Upload,
        consumes: 'multipart/form-data',
        result: Uploaded,
        isOnce: true,
      },
    },
    handler: (request, reply) =>
      app.parts.spreadsheets.admit(async () => {
        const form = await uploadedForm(request, { file: 'spreadsheet', fields: FIELDS });
        return sendJson(reply, await outcomeOf(app, request, form));
      }),
  });
}

async function outcomeOf(app: App, request: FastifyRequest, form: UploadedForm): Promise<Buffer> {
  const isDry = isDryRun(request, form);
  const read = await app.parts.spreadsheets.read({
    name: form.fileName,
    bytes: form.bytes,
    dataType: form.fields.get('data_type') ?? null,
    user: request.principal.name,
    // The manager judges the items when they are queued; a dry run never gets there.
    allowedPlans: isDry ? plansIn(await allowedPlansReply(app, request, slices(form, ['user_group']))) : null,
  });
  if (read.type === 'unreadable') return reply({ success: false, msg: read.msg, problems: [] });
  if (read.problems.length > 0)
    return reply({ success: false, msg: summary(read), problems: read.problems }, isDry ? read : undefined);
  if (isDry) return reply({ success: true, msg: '', problems: [] }, read);
  return queued(app, request, { read, given: slices(form, ['lock_key', 'user_group']) });
}

/** In the form, or in the query. What is neither yes nor no must not queue anything by mistake. @throws INVALID_REQUEST */
function isDryRun(request: FastifyRequest, { fields }: UploadedForm): boolean {
  const word = fields.get('dry_run') ?? paramsOf(request, InQuery).get('dry_run') ?? 'false';
  if (!/^(true|false)$/i.test(word)) {
    throw coded('INVALID_REQUEST', { what: "'dry_run'", rule: "'true' or 'false'", received: `'${word}'` });
  }
  return word.toLowerCase() === 'true';
}

/** Fields of the form, as they go to the manager. */
const slices = ({ fields }: UploadedForm, names: readonly string[]): Map<string, string> =>
  new Map(
    names.flatMap((name) => {
      const text = fields.get(name);
      return text === undefined ? [] : [[name, JSON.stringify(text)]];
    }),
  );

/** In the original's envelope, which holds both lists whatever happened. */
function reply(
  { success, msg, problems }: { success: boolean; msg: string; problems: readonly Problem[] },
  read?: ReadPlans,
): Buffer {
  const text = objectText([
    ['success', String(success)],
    ['msg', JSON.stringify(msg)],
    ['items', read?.items ?? '[]'],
    ['results', '[]'],
    ...(read === undefined ? [] : [['rows', JSON.stringify(read.rows)] as const]),
    ['problems', JSON.stringify(problems)],
  ]);
  return preparedReply(queueItemAddBatch, text);
}

function summary({ problems: [first], problemCount }: ReadPlans): string {
  if (first === undefined) return '';
  const { sheet, row, column, msg } = first;
  const place = [
    ...(sheet === null ? [] : [`sheet '${sheet}'`]),
    `row ${row}`,
    ...(column === null ? [] : [`column ${column}`]),
  ];
  const others = problemCount === 1 ? '' : ` (and ${problemCount - 1} more)`;
  return `Spreadsheet, ${place.join(', ')}: ${msg}${others}`;
}

interface Batch {
  readonly read: ReadPlans;
  readonly given: ReadonlyMap<string, string>;
}

/** One batch; what the manager says of an item is told of its row, too. */
async function queued(app: App, request: FastifyRequest, { read, given }: Batch): Promise<Buffer> {
  const params = signed(queueItemAddBatch, request.principal, new Map([...given, ['items', read.items]]));
  const about = { method: queueItemAddBatch, params, waitMs: BATCH.timeoutMs };
  const answer = (await askOnce(app, request, about)).toString();
  const results = members(answer).get('results');
  const problems = results === undefined ? [] : problemsIn(results, read);
  return Buffer.from(`${answer.trimEnd().slice(0, -1)},"problems":${JSON.stringify(problems)}}`);
}

function problemsIn(results: string, { sheet, rows }: ReadPlans): object[] {
  return elements(results).flatMap((text, index) => {
    if (!text.includes('false')) return [];
    const { success, msg } = parsePlain(text) as { success?: unknown; msg?: unknown };
    return success === false ? [{ sheet, row: rows[index] ?? null, column: null, msg }] : [];
  });
}
