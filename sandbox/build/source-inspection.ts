import { SourceTextModule, SyntheticModule } from 'node:vm';
import { type Refused, refused } from './outcome.ts';

/** In which of two forms the author wrote the tool; see `sandbox/javascript/README.md`. */
export interface Inspection {
  /** `tool` where the source exports the interface itself, `run` where it exports description, parameters and run. */
  readonly form: 'tool' | 'run' | 'unparsed';
}

/** What a source may import. */
const HOST = 'near:agent/host@0.4.1';
const HOST_FUNCTIONS = ['httpRequest', 'log', 'nowMillis', 'secretExists', 'toolInvoke', 'workspaceRead'];

/**
 * Reads imports and exports with V8's parser. The module is linked, which checks its imports, and never evaluated.
 * What V8 cannot parse goes on as `unparsed`: QuickJS will refuse it too, and says the line and column, which V8 tells
 * only to a debugger.
 */
export function inspectSource(source: string): Inspection | Refused {
  const parsed = parse(source);
  if (parsed === undefined) return { form: 'unparsed' };
  const foreign = parsed.moduleRequests.find(({ specifier }) => specifier !== HOST);
  if (foreign) return refused('javascript', foreignImport(foreign.specifier, source));
  const names = exportsOf(parsed);
  if (names instanceof Error) return refused('javascript', `${names.message}.`);
  if (names.has('tool')) return { form: 'tool' };
  return names.has('run') ? { form: 'run' } : refused('javascript', NOTHING_EXPORTED);
}

const NOTHING_EXPORTED =
  'The source exports no tool. Export `description`, `parameters` and a function `run(args, context)`, or an object ' +
  '`tool` with execute, schema and description.';

const foreignImport = (specifier: string, source: string): string =>
  `Line ${lineOf(source, specifier)}: "${specifier}" cannot be imported. A tool is one file; all it may import is ${HOST}.`;

function parse(source: string): SourceTextModule | undefined {
  try {
    return new SourceTextModule(source, { identifier: 'tool.js' });
  } catch {
    return undefined;
  }
}

function exportsOf(module: SourceTextModule): ReadonlySet<string | symbol> | Error {
  const host = new SyntheticModule([...HOST_FUNCTIONS, 'default'], () => {}, { identifier: HOST });
  try {
    module.linkRequests(module.moduleRequests.map(() => host));
    module.instantiate();
    // Not Object.keys: that asks for the bindings' values, and no value exists before evaluation.
    return new Set(Reflect.ownKeys(module.namespace));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function lineOf(source: string, specifier: string): number {
  const quoted = [`'${specifier}'`, `"${specifier}"`]
    .map((text) => source.indexOf(text))
    .filter((at) => at >= 0);
  return source.slice(0, quoted[0] ?? 0).split('\n').length;
}
