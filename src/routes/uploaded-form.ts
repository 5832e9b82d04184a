import '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { PySet } from '../lib/python-text/py-value.ts';
import { repr } from '../lib/python-text/repr.ts';
import { coded } from '../protocol/error-codes.ts';
import { BodyError } from './body-error.ts';

export interface UploadedForm {
  readonly fileName: string;
  readonly bytes: Buffer;
  readonly fields: ReadonlyMap<string, string>;
}

interface FormShape {
  /** The field that holds the file. */
  readonly file: string;
  /** Fields that may stand beside it. */
  readonly fields: readonly string[];
}

/**
 * Reads a form with one file. The file is in memory as a whole afterwards: the limits of the plug-in bound it.
 * @throws FORM_FAULT as the original's web framework words it, FORM_BROKEN, UNSUPPORTED_KEYS
 */
export async function uploadedForm(request: FastifyRequest, shape: FormShape): Promise<UploadedForm> {
  const { fileName, bytes, fields } = await formOf(request, shape.file);
  const unknown = [...fields.keys()].filter((name) => !shape.fields.includes(name) && name !== shape.file);
  if (unknown.length > 0) throw coded('UNSUPPORTED_KEYS', { keys: repr(new PySet(unknown)) });
  const loc = ['body', shape.file];
  const text = fields.get(shape.file);
  if (text !== undefined) {
    const msg = "Value error, Expected UploadFile, received: <class 'str'>";
    throw new BodyError('FORM_FAULT', { msg }, { type: 'value_error', loc, input: text });
  }
  if (bytes === undefined) {
    throw new BodyError('FORM_FAULT', { msg: 'Field required' }, { type: 'missing', loc, input: null });
  }
  return { fileName, bytes, fields };
}

interface ReadForm {
  fileName: string;
  bytes?: Buffer;
  readonly fields: Map<string, string>;
}

async function formOf(request: FastifyRequest, file: string): Promise<ReadForm> {
  const form: ReadForm = { fileName: '', fields: new Map() };
  // Another content type is read as a form without this field, as the original does.
  if (!request.isMultipart()) return form;
  try {
    for await (const part of request.parts()) {
      if (part.type === 'field') form.fields.set(part.fieldname, String(part.value));
      else if (part.fieldname !== file) throw coded('UNSUPPORTED_KEYS', { keys: repr(new PySet([part.fieldname])) });
      else Object.assign(form, { fileName: part.filename, bytes: await part.toBuffer() });
    }
  } catch (error) {
    // Limits of the plug-in, and its own refusals, know their status.
    if (error instanceof Error && ('statusCode' in error || 'kind' in error)) throw error;
    throw coded('FORM_BROKEN', { reason: (error as Error).message }, { cause: error });
  }
  return form;
}
