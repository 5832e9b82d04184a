import type { MethodName } from '../../protocol/methods/index.ts';
import methods from './methods.json' with { type: 'json' };

/** What the command line needs of a method's declaration, without loading the declarations; generated from them. */
interface DeclaredMethod {
  readonly summary: string;
  readonly params: readonly string[];
}

export const declaredMethod = (name: MethodName): DeclaredMethod => methods[name];
