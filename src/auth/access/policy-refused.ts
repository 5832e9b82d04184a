import { judge } from '../../lib/json-schema/judge.ts';
import type { Schema } from '../../lib/json-schema/schema.ts';
import type { PyValue } from '../../lib/python-text/py-value.ts';

/** Arguments that a policy cannot be made from. */
export class PolicyRefused extends Error {
  override name = 'PolicyRefused';
  /** Where in the arguments. */
  readonly path: readonly (string | number)[];

  constructor(message: string, path: readonly (string | number)[] = [], options?: ErrorOptions) {
    super(message, options);
    this.path = path;
  }
}

/** @throws PolicyRefused in the words of the original: `ValidationError while validating parameters <policy>: ...` */
export function checkArguments(args: PyValue, schema: Schema, policy: string): void {
  const violation = judge(args, schema);
  if (violation === null) return;
  throw new PolicyRefused(
    `ValidationError while validating parameters ${policy}: ${violation.summary}`,
    violation.at.instance,
  );
}
