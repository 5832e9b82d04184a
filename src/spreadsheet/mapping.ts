import { pathToFileURL } from 'node:url';
import type { SpreadsheetToPlanList, UploadedSheet } from './api.ts';
import type { PlanItems } from './plan-items.ts';
import { RefusedFile } from './refused-file.ts';

/** The first mapping that one of the modules exports; `null` when none does. @throws RefusedFile for one that cannot be loaded */
export async function mappingOf(files: readonly string[]): Promise<SpreadsheetToPlanList | null> {
  for (const file of files) {
    const { spreadsheetToPlanList } = await loaded(file);
    if (typeof spreadsheetToPlanList === 'function') return spreadsheetToPlanList as SpreadsheetToPlanList;
  }
  return null;
}

async function loaded(file: string): Promise<{ spreadsheetToPlanList?: unknown }> {
  try {
    return (await import(pathToFileURL(file).href)) as object;
  } catch (cause) {
    throw new RefusedFile('unreadable', `The module '${file}' cannot be loaded: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** What the mapping makes of a sheet; `null` when it leaves it to the default format. @throws RefusedFile */
export async function mappedItems(mapping: SpreadsheetToPlanList, sheet: UploadedSheet): Promise<PlanItems | null> {
  const items: unknown = await asked(mapping, sheet);
  if (items === null || items === undefined) return null;
  if (!Array.isArray(items)) {
    throw new RefusedFile('unreadable', `The mapping must return a list of items or null, received ${typeof items}`);
  }
  return { items: items.map(itemText), rows: items.map(() => null) };
}

async function asked(mapping: SpreadsheetToPlanList, sheet: UploadedSheet): Promise<unknown> {
  try {
    return await mapping(sheet);
  } catch (cause) {
    throw new RefusedFile('unreadable', (cause as Error).message, { cause });
  }
}

function itemText(item: unknown, index: number): string {
  if (typeof item !== 'object' || item === null || !('name' in item) || typeof item.name !== 'string') {
    throw new RefusedFile('unreadable', `Item ${index} of the mapping must be an object with a name`);
  }
  return JSON.stringify({ item_type: 'plan', ...item });
}
