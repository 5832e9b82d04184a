import { arrayText } from '../lib/raw-json.ts';
import type { PlanDescriptions } from '../protocol/descriptions.ts';
import { mappedItems, mappingOf } from './mapping.ts';
import type { ReaderAnswer, ReaderRequest, ReadPlans } from './messages.ts';
import { planItems } from './plan-items.ts';
import { sheetOf } from './read-sheet.ts';
import { RefusedFile } from './refused-file.ts';
import { template } from './template.ts';

// The reading process: one request at a time, from the gateway alone, which also sets the deadline. Arguments are the
// beamline's own modules. It ends with the gateway.

const customModules = process.argv.slice(2);

process.on('disconnect', () => process.exit(0));
// An interrupt on the terminal is for the gateway to act on.
process.on('SIGINT', () => undefined);
process.on('message', (request: ReaderRequest) => {
  void answerTo(request).then((answer) => process.send?.(answer));
});

async function answerTo(request: ReaderRequest): Promise<ReaderAnswer> {
  try {
    return request.type === 'read' ? await plansIn(request) : { type: 'template', bytes: template(request.plans) };
  } catch (error) {
    if (error instanceof RefusedFile) return { type: 'refused', kind: error.kind, msg: error.message };
    return { type: 'failed', stack: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

const allowedIn = (text: string | null): PlanDescriptions | null =>
  text === null ? null : (JSON.parse(text) as PlanDescriptions);

async function plansIn(request: Extract<ReaderRequest, { type: 'read' }>): Promise<ReadPlans> {
  const { bytes, fileName, dataType, user } = request;
  const mapping = await mappingOf(customModules);
  const { table, problems } = sheetOf(fileName, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const problem = (row: number, column: number | null, msg: string) => problems.add(row, column, msg);
  const mapped = mapping && (await mappedItems(mapping, { table, fileName, dataType, user, problem }));
  const { items, rows } = mapped ?? planItems(table, problems, allowedIn(request.allowedPlans));
  return {
    type: 'plans',
    items: arrayText(items),
    sheet: table.sheet,
    rows,
    problems: problems.kept,
    problemCount: problems.count,
  };
}
