/** OTP's supervisor_SUITE.erl: child specifications and supervisor flags, and what is wrong with them. */
import { describe, expect, test } from 'vitest';
import {
  type AutoShutdown,
  type ChildSpec,
  checkChildSpecs,
  getChildSpec,
  type RestartType,
  type Shutdown,
  type SupervisorOptions,
  startChild,
  startInstance,
  startSystem,
  supervisor,
  whichChildren,
} from '../index.ts';
import { malformed, refOf, started, supervise, worker } from './testing.ts';

const NOT_FOUND = { ok: false, error: { kind: 'not-found' } };

describe('sup_start_map', () => {
  test('sup_start_map: a specification is read back with its defaults', async () => {
    const nested = supervisor({ children: [] });
    const children: ChildSpec[] = [
      { id: 'child1', logic: worker },
      { id: 'child2', logic: worker, shutdown: 'brutal_kill' },
      { id: 'child3', logic: worker, type: 'supervisor' },
      { id: 'child4', logic: nested },
    ];
    const { sup } = await supervise({ children });
    const defaults = { restart: 'permanent', significant: false };
    const workers = { ...defaults, logic: worker, type: 'worker' };
    const supervisors = { ...defaults, type: 'supervisor', shutdown: 'infinity' };
    expect(getChildSpec(sup, 'child1')).toMatchObject({ value: { ...workers, shutdown: 5000 } });
    expect(getChildSpec(sup, 'child2')).toMatchObject({ value: { ...workers, shutdown: 'brutal_kill' } });
    expect(getChildSpec(sup, 'child3')).toMatchObject({ value: { ...supervisors, logic: worker } });
    expect(getChildSpec(sup, 'child4')).toMatchObject({ value: { ...supervisors, logic: nested } });
    expect(getChildSpec(sup, 'child5')).toEqual(NOT_FOUND);
  });

  test('sup_start_map_simple: that of an instance is the template, with its own id and input', async () => {
    const template: ChildSpec = { id: 'child', logic: worker, restart: 'temporary' };
    const { sup } = await supervise({ strategy: 'simple_one_for_one', children: [template] });
    const { sup: another } = await supervise({ children: [template] });
    const checked = checkChildSpecs([template]);
    const resolved = checked.ok ? checked.value[0] : undefined;
    for (const input of ['a', 'b', 'c']) {
      const ref = started(await startInstance(sup, input));
      const id = whichChildren(sup)[0]?.id;
      expect(getChildSpec(sup, ref)).toEqual({ ok: true, value: { ...resolved, id, input } });
    }
    expect(new Set(whichChildren(sup).map(({ id }) => id)).size).toBe(3);
    expect(getChildSpec(sup, refOf(another, 'child'))).toEqual(NOT_FOUND);
  });

  test.each([
    ['without an id', malformed({}, { id: undefined }), 'id'],
    ['without a logic', malformed({}, { logic: undefined }), 'logic'],
    ['that is no object', JSON.parse('"child4"'), 'specification'],
  ])('sup_start_map_faulty_specs: a specification %s is refused', (_what, spec, field) => {
    expect(() => supervisor({ children: [spec] })).toThrow(
      expect.objectContaining({ name: 'InvalidSpec', field }),
    );
  });

  test('sup_start_map_faulty_specs: a field that nobody knows is ignored', async () => {
    const { sup } = await supervise({ children: [malformed({ id: 'child3' }, { sillyFlag: true })] });
    expect(refOf(sup, 'child3').getSnapshot().status).toBe('active');
  });
});

const FAULTY: readonly (readonly [string, object])[] = [
  ['id', { id: undefined }],
  ['id', { id: '' }],
  ['id', { id: 7 }],
  ['logic', { logic: undefined }],
  ['logic', { logic: 'mfa' }],
  ['logic', { logic: {} }],
  ['restart', { restart: 'prmanent' }],
  ['shutdown', { shutdown: -10 }],
  ['shutdown', { shutdown: 1.5 }],
  ['shutdown', { shutdown: Number.NaN }],
  ['shutdown', { shutdown: Number.POSITIVE_INFINITY }],
  ['shutdown', { shutdown: 2 ** 31 }],
  ['shutdown', { shutdown: 'brutal' }],
  ['type', { type: 'wrker' }],
  ['graceful', { graceful: 'maybe' }],
  ['significant', { significant: 'maybe' }],
  ['name', { name: 7 }],
  ['name', { name: { name: 'without a registry' } }],
  ['ready', { ready: true }],
  ['info', { info: 'info' }],
  ['mailbox.capacity', { mailbox: { capacity: 0 } }],
  ['mailbox.overflow', { mailbox: { overflow: 'explode' } }],
  ['progress.within', { progress: { within: Number.POSITIVE_INFINITY } }],
  ['progress.by', { progress: { within: 1, by: 'magic' } }],
  ['backoff.initial', { backoff: { initial: 0, max: 1 } }],
  ['backoff.max', { backoff: { initial: 2, max: 1 } }],
  ['backoff.max', { backoff: { initial: 2, max: 2 ** 31 } }],
  ['backoff.jitter', { backoff: { initial: 1, max: 2, jitter: 2 } }],
];

describe('child_specs', () => {
  test.each(FAULTY)(
    'child_specs: a faulty %s is refused by each who is given it: %o',
    async (field, fault) => {
      const spec = malformed({}, fault);
      const reason = expect.objectContaining({ name: 'InvalidSpec', field });
      const { sup } = await supervise();
      expect(await startChild(sup, spec)).toEqual({ ok: false, error: { kind: 'invalid-spec', reason } });
      expect(whichChildren(sup)).toEqual([]);
      expect(checkChildSpecs([spec])).toEqual({ ok: false, error: reason });
      expect(() => supervisor({ children: [spec] })).toThrow(reason);
      await expect(startSystem(supervisor(() => ({ children: [spec] })))).rejects.toEqual(reason);
    },
  );

  test('child_specs: the error names the child, the field, its value and what is allowed', () => {
    const checked = checkChildSpecs([malformed({}, { restart: 'prmanent' })]);
    const message = 'child "child": restart must be "permanent", "transient" or "temporary", not "prmanent"';
    expect(checked).toMatchObject({ error: { message, value: 'prmanent' } });
  });

  test('child_specs: specifications come in a list', () => {
    expect(checkChildSpecs(JSON.parse('{}'))).toMatchObject({ error: { field: 'children' } });
  });

  test('child_specs: of two children with one id the second is refused', () => {
    const twins = [malformed({ shutdown: 'infinity' }), malformed({ shutdown: 1000, type: 'supervisor' })];
    expect(checkChildSpecs(twins)).toMatchObject({ error: { field: 'id', value: 'child' } });
    expect(() => supervisor({ children: twins })).toThrow(expect.objectContaining({ field: 'id' }));
  });

  test.each([
    ['none', []],
    ['two', [malformed({ id: 'a' }), malformed({ id: 'b' })]],
  ])('child_specs: simple_one_for_one needs exactly one template, not %s', (_how, children) => {
    const options: SupervisorOptions = { strategy: 'simple_one_for_one', children };
    expect(() => supervisor(options)).toThrow('supervisor: children must be exactly one template');
  });
});

const AUTO_SHUTDOWNS: readonly (AutoShutdown | undefined)[] = [
  undefined,
  'never',
  'any_significant',
  'all_significant',
];
const RESTARTS: readonly (RestartType | undefined)[] = [undefined, 'permanent', 'transient', 'temporary'];
const SHUTDOWNS: readonly (Shutdown | undefined)[] = [undefined, 0, 1000, 'infinity', 'brutal_kill'];
const TYPES: readonly ChildSpec['type'][] = [undefined, 'supervisor', 'worker'];

describe('child_specs_map', () => {
  const every = RESTARTS.flatMap((restart) =>
    SHUTDOWNS.flatMap((shutdown) => TYPES.map((type) => ({ restart, shutdown, type }))),
  );

  test.each(AUTO_SHUTDOWNS)(
    'child_specs_map: fields go with each other under autoShutdown %s',
    (autoShutdown) => {
      for (const fields of every) {
        for (const significant of [undefined, false]) {
          expect(checkChildSpecs([malformed({}, { ...fields, significant })], autoShutdown)).toMatchObject({
            ok: true,
          });
        }
      }
    },
  );

  test.each(AUTO_SHUTDOWNS)(
    'child_specs_map: under autoShutdown %s a significant child must be able to end, and its end to matter',
    (autoShutdown) => {
      for (const fields of every) {
        const endsForGood = fields.restart === 'transient' || fields.restart === 'temporary';
        const matters = autoShutdown === 'any_significant' || autoShutdown === 'all_significant';
        const checked = checkChildSpecs([malformed({}, { ...fields, significant: true })], autoShutdown);
        if (endsForGood && matters) expect(checked).toMatchObject({ ok: true });
        else expect(checked).toMatchObject({ error: { field: 'significant', value: true } });
      }
    },
  );

  test('child_specs_map: a supervisor that never shuts down by itself starts no significant child', async () => {
    const { sup } = await supervise({ autoShutdown: 'never' });
    const { sup: other } = await supervise({ autoShutdown: 'any_significant' });
    const significant = malformed({ restart: 'transient', significant: true });
    expect(await startChild(sup, significant)).toMatchObject({ error: { kind: 'invalid-spec' } });
    expect(await startChild(other, significant)).toMatchObject({ ok: true });
    expect(() => supervisor({ children: [significant] })).toThrow(
      expect.objectContaining({ field: 'significant' }),
    );
  });
});

describe('sup_flags', () => {
  const options = (flags: object): SupervisorOptions => Object.assign({ children: [] }, flags);

  test.each([
    ['strategy', { strategy: 'none_for_one' }],
    ['intensity', { intensity: 'infinity' }],
    ['intensity', { intensity: Number.POSITIVE_INFINITY }],
    ['intensity', { intensity: -1 }],
    ['intensity', { intensity: 0.5 }],
    ['period', { period: 0 }],
    ['period', { period: 'infinity' }],
    ['period', { period: Number.POSITIVE_INFINITY }],
    ['healthyAfter', { healthyAfter: Number.POSITIVE_INFINITY }],
    ['autoShutdown', { autoShutdown: 'sometimes' }],
    ['children', { children: undefined }],
  ])('sup_flags: a faulty %s is refused: %o', async (field, flags) => {
    const reason = expect.objectContaining({ name: 'InvalidSpec', field });
    expect(() => supervisor(options(flags))).toThrow(reason);
    await expect(startSystem(supervisor(() => options(flags)))).rejects.toEqual(reason);
  });

  test('sup_flags: flags are an object', () => {
    expect(() => supervisor(JSON.parse('"one_for_one"'))).toThrow(
      expect.objectContaining({ field: 'options' }),
    );
  });

  test('sup_flags: a flag that nobody knows is ignored, and those left out are as in OTP', async () => {
    const system = await startSystem(supervisor(options({ sillyFlag: true })));
    expect(system.tree().strategy).toBe('one_for_one 1/5s');
    await system.stop();
  });
});
