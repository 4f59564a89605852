import { globSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join, normalize } from 'node:path';
import { init, parse } from 'es-module-lexer';

/**
 * Holds the floors of the house (docs/architecture.md): a file may import from floors below its own and from its
 * own folder; from another folder on its floor only what that folder's `index.ts` offers.
 */

/** Folder, by longest prefix, to its floor. Not listed: tests, benchmarks and scripts, which may import anything. */
const FLOORS: ReadonlyMap<string, number> = new Map([
  ['src/core', 0],
  ['src/runtime', 1],
  ['machines', 1],
  ['src/storage', 2],
  ['src/config', 2],
  ['src/safety', 2],
  ['src/llm', 2],
  ['src/memory', 2],
  ['src/tools', 2],
  ['src/policy', 2],
  ['src/hooks', 2],
  ['src/plan', 2],
  ['src/network', 2],
  ['src/extensions', 2],
  ['src/secrets', 2],
  ['src/audit', 2],
  ['src/routing', 2],
  ['src/budget', 2],
  ['src/notifications', 2],
  ['src/heartbeat', 2],
  ['src/hygiene', 2],
  ['src/repair', 2],
  ['src/work', 2],
  ['src/routines', 2],
  ['src/containers', 2],
  ['src/egress', 2],
  ['src/orchestrator', 2],
  ['sandbox', 3],
  ['actors', 4],
  ['supervisors', 5],
  ['src/gateway', 6],
  ['src/repl', 6],
  ['src/cli', 6],
]);

/** Rooms on the ground floors that may not even look at their neighbour. */
const SEALED = new Set(['src/core', 'src/runtime', 'machines']);

/** Further open doors beside a room's `index.ts`: what is used without the rest of its room. */
const DOORS = new Set(['src/gateway/api-client.ts', 'src/gateway/client.ts']);

interface Import {
  readonly from: string;
  readonly to: string;
}

const roomOf = (path: string): string | undefined =>
  [...FLOORS.keys()].filter((room) => path.startsWith(`${room}/`)).sort((a, b) => b.length - a.length)[0];

/** What is wrong with an import, or undefined. */
function offence({ from, to }: Import): string | undefined {
  const [here, there] = [roomOf(from), roomOf(to)];
  if (here === undefined || here === there) return undefined;
  if (there === undefined) return `${to} is on no floor`;
  const [low, high] = [FLOORS.get(there) ?? 0, FLOORS.get(here) ?? 0];
  if (low > high) return `${there} (floor ${low}) is above ${here} (floor ${high})`;
  if (low < high) return undefined;
  if (SEALED.has(here)) return `${here} may not know its neighbour ${there}`;
  return to === `${there}/index.ts` || DOORS.has(to)
    ? undefined
    : `only ${there}/index.ts is open to its neighbours`;
}

function importsOf(file: string): readonly Import[] {
  const source = readFileSync(file, 'utf8');
  // Type imports are dependencies too, and stripping would remove them.
  const visible = source
    .replace(/^(import|export) type (?=[{*])/gm, '$1 ')
    .replace(/([{,]\s*)type (?=\w)/g, '$1');
  const [imports] = parse(stripTypeScriptTypes(visible));
  return imports.flatMap(({ specifier }) =>
    specifier?.startsWith('.') ? [{ from: file, to: normalize(join(dirname(file), specifier)) }] : [],
  );
}

await init;
const files = globSync([...FLOORS.keys()].map((room) => `${room}/**/*.ts`)).filter(
  (file) => !file.endsWith('.test.ts') && !file.includes('/testing/'),
);
const imports = files.flatMap(importsOf);
const offences = imports.flatMap((found) => {
  const wrong = offence(found);
  return wrong ? [`${found.from} imports ${found.to}: ${wrong}`] : [];
});
// A check that sees nothing would find nothing.
if (imports.length < files.length) offences.push(`only ${imports.length} imports were seen`);
for (const line of offences) console.error(line);
console.log(`floors: ${files.length} files, ${imports.length} imports, ${offences.length} offences`);
process.exitCode = offences.length > 0 ? 1 : 0;
