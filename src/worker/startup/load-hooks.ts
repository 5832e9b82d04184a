import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Sources run as `.ts`, the published package as `.js`. */
const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const OWN_MODULES: Readonly<Record<string, string>> = {
  'beamgate/startup': new URL(`./api.${EXTENSION}`, import.meta.url).href,
  'beamgate/epics': new URL(`../../epics/index.${EXTENSION}`, import.meta.url).href,
};
const SCRIPT_SCHEME = 'beamgate-script:';
const NAMESPACE_MODULE = 'beamgate/environment';
const TYPESCRIPT = /\.[mc]?ts$/;

const scripts = new Map<string, string>();
let namespaceOf: () => Readonly<Record<string, unknown>> = () => ({});
let isRegistered = false;

/**
 * Lets startup code be TypeScript wherever it lies, and find ours by name however far away it lies:
 * - `beamgate/startup` and `beamgate/epics` are this package's own modules: one copy, so that classes are the same ones;
 * - `beamgate/environment` gives what is in the environment, by name, to scripts that are added later;
 * - types are stripped below `node_modules`, too, which Node by itself refuses.
 * They stay for the life of the process, as modules do.
 */
export function registerLoadHooks(namespace: () => Readonly<Record<string, unknown>>): void {
  namespaceOf = namespace;
  if (isRegistered) return;
  isRegistered = true;
  Object.assign(globalThis, { [NAMESPACE_KEY]: () => namespaceOf() });
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const own = OWN_MODULES[specifier];
      if (own !== undefined) return { url: own, shortCircuit: true };
      // Names come and go with each script, and a module is evaluated once: each asking gets a module of its own.
      if (specifier === NAMESPACE_MODULE) return { url: `${SCRIPT_SCHEME}environment/${++asked}`, shortCircuit: true };
      if (specifier.startsWith(SCRIPT_SCHEME)) return { url: specifier, shortCircuit: true };
      return nextResolve(specifier, context);
    },
    load(url, context, nextLoad) {
      if (url.startsWith(`${SCRIPT_SCHEME}environment/`)) return asModule(namespaceModule());
      const script = scripts.get(url);
      if (script !== undefined) return asModule(script);
      const isForeign = url.startsWith('file:') && url.includes('/node_modules/') && TYPESCRIPT.test(url);
      if (!isForeign) return nextLoad(url, context);
      return asModule(stripTypeScriptTypes(readFileSync(fileURLToPath(url), 'utf8')));
    },
  });
}

const NAMESPACE_KEY = 'beamgate environment';
let asked = 0;

const asModule = (source: string) => ({ format: 'module' as const, source, shortCircuit: true });

function namespaceModule(): string {
  const names = Object.keys(namespaceOf()).filter((name) => /^[A-Za-z_$][\w$]*$/.test(name));
  const lines = names.map(
    (name, index) => `const v${index} = namespace[${JSON.stringify(name)}]; export { v${index} as ${name} };`,
  );
  return [`const namespace = globalThis[${JSON.stringify(NAMESPACE_KEY)}]();`, ...lines].join('\n');
}

/**
 * Evaluates TypeScript text as an ES module and gives its exports. Relative imports are relative to nothing: a script
 * imports packages, `beamgate/…` and absolute paths.
 * @throws SyntaxError when it is not TypeScript, else whatever the script throws
 */
export async function evaluateScript(text: string): Promise<Readonly<Record<string, unknown>>> {
  const url = `${SCRIPT_SCHEME}script/${++asked}.ts`;
  scripts.set(url, stripTypeScriptTypes(text));
  try {
    return (await import(url)) as Readonly<Record<string, unknown>>;
  } finally {
    scripts.delete(url);
  }
}
