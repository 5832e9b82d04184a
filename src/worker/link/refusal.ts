import { LINK_ERRORS } from '../../protocol/worker/link.ts';

/** JSON-RPC's own error codes. */
export const RPC_ERRORS = {
  PARSE_ERROR: -32700,
  INVALID_REQUEST: -32600,
  METHOD_NOT_FOUND: -32601,
  INVALID_PARAMS: -32602,
  INTERNAL_ERROR: -32603,
} as const;

/** An answer that says no: `message` is a sentence for the client. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: number;

  constructor(message: string, code: number = LINK_ERRORS.REFUSED) {
    super(message);
    this.code = code;
  }
}
