import { readFileSync } from 'node:fs';
import { $init, generate, generateTypes } from '@bytecodealliance/jco-transpile/component';
import { componentWit } from '@bytecodealliance/jco-transpile/wasm-tools';
import { type LimitRefusal, type Limits, limitModule } from '../limits/index.ts';
import { isRecord } from './frame.ts';
import { objectionToGlue } from './glue.ts';
import { type Interfaces, readInterfaces } from './interfaces.ts';
import { type Outcome, type Refused, refused } from './outcome.ts';
import { type Declarations, differing, missing, readDeclarations } from './shape.ts';
import { CONTRACTS, type Contract, isServedWasi } from './worlds.ts';

/** Component bytes to glue and limited core modules. Runs in the builder process. Linear in the component's size. */
export async function translate(component: Uint8Array, limits: unknown): Promise<Outcome> {
  const found = await findInterfaces(component);
  if ('status' in found) return found;
  const contract = CONTRACTS.find(({ exported }) => found.exports.includes(exported));
  if (contract === undefined) return refused('missing-export', noContract(found.exports));
  const foreign = found.imports.filter((name) => name !== contract.imported && !isServedWasi(name));
  if (foreign.length > 0) return refused('foreign-import', foreignImports(foreign, contract));
  return transpile(component, contract, found.imports, readLimits(limits));
}

async function findInterfaces(component: Uint8Array): Promise<Interfaces | Refused> {
  try {
    return readInterfaces(await componentWit(component));
  } catch (error) {
    return refused('invalid', `The component is not valid: ${textOf(error)}`);
  }
}

function noContract(exports: readonly string[]): string {
  const supported = CONTRACTS.map(({ exported }) => exported).join(', ');
  const near = exports.filter((name) => /^near:agent\/(tool|channel)(@|$)/.test(name));
  return near.length > 0
    ? `The component is built for ${near.join(', ')}. Supported are ${supported}: build it against one of these.`
    : `The component exports no tool and no channel. It must export one of ${supported}.`;
}

const foreignImports = (foreign: readonly string[], { world, imported }: Contract): string =>
  `The component imports what no sandbox serves: ${foreign.join(', ')}. A component of ${world} may import ` +
  `${imported} and WASI 0.2 for clocks, randomness and standard streams; requests go through ${imported}.`;

async function transpile(
  component: Uint8Array,
  contract: Contract,
  imports: readonly string[],
  limits: Limits,
): Promise<Outcome> {
  await $init;
  const files = generateFiles(component, contract);
  if ('status' in files) return files;
  const misshapen = objectionToShape(files, contract);
  if (misshapen) return misshapen;
  const glue = files.get('tool.js');
  if (glue === undefined) throw new Error('the transpiler wrote no glue');
  const objection = objectionToGlue(new TextDecoder().decode(glue));
  if (objection) return refused('invalid', `The component leads to glue that contains ${objection}.`);
  const modules = limitModules(files, limits);
  return Array.isArray(modules) ? translated(contract, imports, glue, modules) : modules;
}

type Files = ReadonlyMap<string, Uint8Array>;
type NamedModule = readonly [name: string, bytes: Uint8Array];

const translated = (
  { world }: Contract,
  imports: readonly string[],
  glue: Uint8Array,
  modules: readonly NamedModule[],
): Outcome => ({
  status: 'translated',
  world,
  imports,
  modules: modules.map(([name]) => name),
  parts: [glue, ...modules.map(([, bytes]) => bytes)],
});

function generateFiles(component: Uint8Array, contract: Contract): Files | Refused {
  try {
    const { files } = generate(component, {
      name: 'tool',
      map: [],
      instantiation: { tag: 'async' },
      asyncMode: { tag: 'jspi', val: suspending(contract) },
      noNodejsCompat: true,
      base64Cutoff: 0,
    });
    return new Map(files);
  } catch (error) {
    return refused('invalid', `The component cannot be translated: ${textOf(error)}`);
  }
}

/** A guest is suspended only below an exported function that may wait, so all of them may. */
function suspending(contract: Contract): { imports: string[]; exports: string[] } {
  const functions = [...contractOf(contract, contract.exported).keys()].map(toKebab);
  return {
    imports: contract.waiting.map((name) => `${contract.imported}#${name}`),
    exports: functions.map((name) => `${contract.exported}#${name}`),
  };
}

const toKebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function objectionToShape(files: Files, contract: Contract): Refused | undefined {
  const { exported, imported } = contract;
  const offered = declarationsOf(files, exported);
  const absent = missing(offered, contractOf(contract, exported));
  if (absent.length > 0) return refused('missing-export', `${exported} lacks ${absent.join(', ')}.`);
  const odd = [
    ...differing(offered, contractOf(contract, exported)).map((name) => `${name} of ${exported}`),
    ...differing(declarationsOf(files, imported), contractOf(contract, imported)).map(
      (name) => `${name} of ${imported}`,
    ),
  ];
  if (odd.length === 0) return undefined;
  return refused('wrong-shape', `Not as the interface of this version has them: ${odd.join(', ')}.`);
}

function contractOf({ wit }: Contract, name: string): Declarations {
  const source = readFileSync(new URL(`../wit/${wit}`, import.meta.url), 'utf8');
  const files = generateTypes('contract', {
    wit: { tag: 'source', val: source },
    instantiation: { tag: 'async' },
  });
  return declarationsOf(new Map(files), name);
}

/** `near:agent/host@0.4.1` stands in `interfaces/near-agent-host.d.ts`. */
function declarationsOf(files: Files, name: string): Declarations {
  const file = `interfaces/${name.replace(/@.*$/, '').replace(/[:/]/g, '-')}.d.ts`;
  return readDeclarations(new TextDecoder().decode(files.get(file)));
}

function limitModules(files: Files, limits: Limits): NamedModule[] | Refused {
  const modules: NamedModule[] = [];
  for (const [name, bytes] of files) {
    if (!name.endsWith('.wasm')) continue;
    const limited = limitModule(bytes, limits);
    if (!limited.ok) return refused('limits', limitMessage(name, limited.error));
    modules.push([name, limited.value]);
  }
  return modules;
}

const limitMessage = (name: string, { rule, message }: LimitRefusal): string =>
  `${name}: ${message} (${rule})`;

function readLimits(value: unknown): Limits {
  const { memoryPages, tableElements } = isRecord(value) ? value : {};
  if (typeof memoryPages !== 'number' || typeof tableElements !== 'number')
    throw new Error('no limits given');
  return { memoryPages, tableElements };
}

/** The transpiler throws errors and, from inside its own component, records with a `payload`. */
function textOf(error: unknown): string {
  if (isRecord(error) && typeof error.payload === 'string') return error.payload;
  return error instanceof Error ? error.message : String(error);
}
