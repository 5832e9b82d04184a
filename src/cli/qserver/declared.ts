import methods from './methods.json' with { type: 'json' };

/** What the command line needs of a method's declaration, without loading the declarations; generated from them. */
interface DeclaredMethod {
  readonly summary: string;
  readonly params: readonly string[];
}

const DECLARED: Readonly<Record<string, DeclaredMethod>> = methods;

export const declaredMethod = (name: string): DeclaredMethod | undefined => DECLARED[name];
