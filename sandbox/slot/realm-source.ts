import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { type Context, constants, createContext, SourceTextModule } from 'node:vm';

/** TypeScript in a checkout, JavaScript in the package. */
const IS_TYPESCRIPT = import.meta.url.endsWith('.ts');
const ENTRY = IS_TYPESCRIPT ? './realm.ts' : './realm.js';

/** A text, since any object that refuses an `import()` would be one of this realm, and lead into it. */
const NO_IMPORT = {
  importModuleDynamically: () => {
    throw 'Components import nothing.';
  },
};

const sources = new Map<string, string>();

function sourceOf(specifier: string): string {
  const known = sources.get(specifier);
  if (known !== undefined) return known;
  const text = readFileSync(new URL(`./guest/${specifier.slice(2)}`, import.meta.url), 'utf8');
  const source = IS_TYPESCRIPT ? stripTypeScriptTypes(text) : text;
  sources.set(specifier, source);
  return source;
}

/**
 * A global scope of its own with our part of it loaded. Text cannot become code in it. What is loaded lives as long
 * as the realm.
 */
export async function createScope(): Promise<{ readonly context: Context; readonly realm: object }> {
  const context = createContext(constants.DONT_CONTEXTIFY, {
    codeGeneration: { strings: false, wasm: true },
  });
  const modules = new Map<string, SourceTextModule>();
  const load = (specifier: string): SourceTextModule => {
    const known = modules.get(specifier);
    if (known) return known;
    const module = new SourceTextModule(sourceOf(specifier), {
      context,
      identifier: specifier,
      ...NO_IMPORT,
    });
    modules.set(specifier, module);
    module.linkRequests(module.moduleRequests.map((request) => load(request.specifier)));
    return module;
  };
  const entry = load(ENTRY);
  entry.instantiate();
  await entry.evaluate();
  return { context, realm: entry.namespace };
}

/** Evaluates the glue of a component, which may import nothing, and returns what it exports as `instantiate`. */
export async function evaluateGlue(text: string, context: Context): Promise<unknown> {
  const glue = new SourceTextModule(text, { context, identifier: 'glue', ...NO_IMPORT });
  glue.linkRequests([]);
  glue.instantiate();
  await glue.evaluate();
  return Reflect.get(glue.namespace, 'instantiate');
}
