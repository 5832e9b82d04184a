import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Sources run as `.ts`, the published package as `.js`. */
const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const OWN_MODULES: Readonly<Record<string, string>> = {
  'beamgate/startup': new URL(`./api.${EXTENSION}`, import.meta.url).href,
  'beamgate/epics': new URL(`../../epics/index.${EXTENSION}`, import.meta.url).href,
};
const NAMESPACE_MODULE = 'beamgate/environment';
const TYPESCRIPT = /\.[mc]?ts$/;

interface Surroundings {
  /** What is in the environment now, by name. */
  readonly namespace: () => Readonly<Record<string, unknown>>;
  /** The folder of the startup code, as a URL with a slash at its end: where scripts import from. */
  readonly folder: string;
}

/** Texts of scripts by the URL that they are given, as if they lay in the folder of the startup code. */
const scripts = new Map<string, string>();
let surroundings: Surroundings | undefined;

/**
 * Lets startup code be TypeScript wherever it lies, and find ours by name however far away it lies:
 * - `beamgate/startup` and `beamgate/epics` are this package's own modules: one copy, so that classes are the same ones;
 * - `beamgate/environment` gives what is in the environment, by name, to scripts that are added later;
 * - types are stripped below `node_modules`, too, which Node by itself refuses.
 * They stay for the life of the process, as modules do.
 */
export function registerLoadHooks(about: Surroundings): void {
  const isRegistered = surroundings !== undefined;
  surroundings = about;
  if (isRegistered) return;
  Object.assign(globalThis, { [NAMESPACE_KEY]: namespace });
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const own = OWN_MODULES[specifier];
      if (own !== undefined) return { url: own, shortCircuit: true };
      // Names come and go with each script, and a module is evaluated once: each asking gets a module of its own.
      if (specifier === NAMESPACE_MODULE) return { url: `${NAMESPACE_MODULE_URL}${++asked}`, shortCircuit: true };
      if (scripts.has(specifier)) return { url: specifier, shortCircuit: true };
      return nextResolve(specifier, context);
    },
    load(url, context, nextLoad) {
      if (url.startsWith(NAMESPACE_MODULE_URL)) return asModule(namespaceModule());
      const script = scripts.get(url);
      if (script !== undefined) return asModule(script);
      const isForeign = url.startsWith('file:') && url.includes('/node_modules/') && TYPESCRIPT.test(url);
      if (!isForeign) return nextLoad(url, context);
      return asModule(stripTypeScriptTypes(readFileSync(fileURLToPath(url), 'utf8')));
    },
  });
}

const NAMESPACE_MODULE_URL = 'beamgate-environment:';
const NAMESPACE_KEY = 'beamgate environment';
let asked = 0;
const namespace = (): Readonly<Record<string, unknown>> => surroundings?.namespace() ?? {};

const asModule = (source: string) => ({ format: 'module' as const, source, shortCircuit: true });

function namespaceModule(): string {
  const names = Object.keys(namespace()).filter((name) => /^[A-Za-z_$][\w$]*$/.test(name));
  const lines = names.map(
    (name, index) => `const v${index} = namespace[${JSON.stringify(name)}]; export { v${index} as ${name} };`,
  );
  return [`const namespace = globalThis[${JSON.stringify(NAMESPACE_KEY)}]();`, ...lines].join('\n');
}

/**
 * Evaluates TypeScript text as an ES module and gives its exports. It imports as if it lay beside the startup code.
 * @throws SyntaxError when it is not TypeScript, else whatever the script throws
 */
export async function evaluateScript(text: string): Promise<Readonly<Record<string, unknown>>> {
  const url = `${surroundings?.folder ?? 'file:///'}uploaded-script-${++asked}.ts`;
  scripts.set(url, stripTypeScriptTypes(text));
  try {
    return (await import(url)) as Readonly<Record<string, unknown>>;
  } finally {
    scripts.delete(url);
  }
}
