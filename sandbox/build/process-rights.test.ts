import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type BuildKind, processArguments } from './process-rights.ts';

/** What code of our choosing finds when it runs with the rights of a builder process. */
function inside(kind: BuildKind, code: string): string {
  const flags = processArguments(kind).slice(0, -1);
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, '--input-type=module', '-e', code], {
    env: {},
    encoding: 'utf8',
    timeout: 5000,
  });
  return stdout || stderr;
}

const OWN_SOURCE = fileURLToPath(new URL('program.ts', import.meta.url));

const attempts: readonly (readonly [string, string])[] = [
  ['read a file', "(await import('node:fs')).readFileSync('/etc/hostname')"],
  [
    'read another part of the program',
    `(await import('node:fs')).readFileSync('${process.cwd()}/README.md')`,
  ],
  ['write a file', "(await import('node:fs')).writeFileSync('/tmp/ironbark-escape', '')"],
  ['write over its own program', `(await import('node:fs')).appendFileSync('${OWN_SOURCE}', '')`],
  [
    'reach the network',
    "await fetch('http://127.0.0.1:8080/').catch((error) => { throw error.cause ?? error; })",
  ],
  [
    'listen',
    "await new Promise((_, reject) => import('node:net').then(({ createServer }) => createServer().once('error', reject).listen(0)).catch(reject))",
  ],
  ['start a process', "(await import('node:child_process')).spawnSync('/bin/true')"],
  ['start a thread', "new (await import('node:worker_threads')).Worker('1', { eval: true })"],
];

describe.each(['component', 'javascript'] as const)('the process that builds from %s', (kind) => {
  it.each(attempts)('may not %s', (_, code) => {
    const caught = `try { ${code}; console.log('done'); } catch (error) { console.log(error.code); } process.exit()`;
    expect(inside(kind, caught)).toBe('ERR_ACCESS_DENIED\n');
  });

  it('may read its own program', () => {
    const code = `console.log((await import('node:fs')).readFileSync('${OWN_SOURCE}').length > 0)`;
    expect(inside(kind, code)).toBe('true\n');
  });
});

it('only the build of JavaScript may load an addon', () => {
  const code = "console.log(process.permission.has('addon'))";
  expect(inside('component', code)).toBe('false\n');
  expect(inside('javascript', code)).toBe('true\n');
});
