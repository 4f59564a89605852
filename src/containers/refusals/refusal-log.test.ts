import { expect, test } from 'vitest';
import type { AuditRecord } from '../../core/audit.ts';
import type { Refusal } from './refusal.ts';
import { createRefusalLog } from './refusal-log.ts';

const JOB = { id: '0123456789abcdef', purpose: { kind: 'worker', id: 'j1' } };
const SHELL = { id: 'fedcba9876543210', purpose: { kind: 'shell', id: 'talk' } };

const said = (line: string): Refusal => ({ rule: 'not-permitted', evidence: 'output', line });
const PROCESSES: Refusal = { rule: 'process-limit', evidence: 'daemon' };

function openStage() {
  const lines: AuditRecord[] = [];
  const defects: unknown[] = [];
  let now = 0;
  let isBroken = false;
  const log = createRefusalLog({
    audit: {
      async write(records) {
        if (isBroken) throw new Error('no disk');
        lines.push(...records);
      },
    },
    clock: { now: () => now },
    redact: async (text) => ({ text: text.replaceAll('hunter2', '[REDACTED]') }),
    onDefect: (thrown) => defects.push(thrown),
  });
  return {
    log,
    lines,
    defects,
    advance: (ms: number) => {
      now += ms;
    },
    breakDown: () => {
      isBroken = true;
    },
    /** Writing takes some turns of the event loop. */
    written: () => new Promise((resolve) => setImmediate(resolve)),
  };
}

test('a line names the container, its job or conversation, the rule and how that is known', async () => {
  const { log, lines, written } = openStage();
  log.note(JOB, PROCESSES);
  log.note(SHELL, said('mount: hunter2:\u001b[31m Operation not permitted'));
  await written();
  expect(lines).toEqual([
    {
      kind: 'container.refused',
      tool: 'job',
      rule: 'process-limit',
      message: expect.stringContaining('sandbox.processes'),
      conversationId: 'job-j1',
      effectId: 'job/j1',
      detail: { container: '0123456789ab', mode: 'worker', evidence: 'daemon' },
    },
    expect.objectContaining({
      tool: 'shell',
      conversationId: 'talk',
      effectId: 'shell/talk',
      detail: {
        container: 'fedcba987654',
        mode: 'shell',
        evidence: 'output',
        said: 'mount: [REDACTED]: [31m Operation not permitted',
      },
    }),
  ]);
});

test('what is said again within a minute is counted, and told with the next line', async () => {
  const { log, lines, advance, written } = openStage();
  for (let at = 0; at < 5; at++) log.note(JOB, said('the same'));
  log.note(JOB, said('another'));
  advance(60_000);
  log.note(JOB, said('the same'));
  await written();
  expect(lines.map(({ detail }) => [detail?.said, detail?.further])).toEqual([
    ['the same', undefined],
    ['another', 4],
    ['the same', undefined],
  ]);
});

test('one container adds ten lines a minute at most, and the rest at its end; another is not kept from its own', async () => {
  const { log, lines, written } = openStage();
  for (let at = 0; at < 1_000; at++) log.note(JOB, said(`attempt ${at}`));
  log.note(SHELL, PROCESSES);
  log.close(JOB);
  log.close(SHELL);
  await written();
  expect(lines.filter(({ tool }) => tool === 'job')).toHaveLength(11);
  expect(lines.filter(({ tool }) => tool === 'shell')).toHaveLength(1);
  expect(lines.find(({ rule }) => rule === 'repeated')).toMatchObject({
    effectId: 'job/j1',
    detail: { further: 990 },
  });
});

test('of a long line its end is kept', async () => {
  const { log, lines, written } = openStage();
  log.note(JOB, said(`${'x'.repeat(900)}: Operation not permitted`));
  await written();
  expect(lines[0]?.detail?.said).toMatch(/^…x{175}: Operation not permitted$/);
});

test('where the audit log cannot be written, that is told and nothing breaks', async () => {
  const { log, defects, breakDown, written } = openStage();
  breakDown();
  log.note(JOB, PROCESSES);
  await written();
  expect(defects).toEqual([new Error('no disk')]);
});
