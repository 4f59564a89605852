import { expect, test } from 'vitest';
import type { Setting } from '../../../../src/core/api/settings.ts';
import { changesOf, shown, typed, withChange } from './pending.ts';

const setting = (of: Partial<Setting>): Setting => ({
  key: 'gateway.port',
  value: 4747,
  default: 4747,
  source: 'default',
  place: 'the default',
  description: 'Port to listen on.',
  type: 'number',
  secret: false,
  is_set: true,
  editable: true,
  fixed_reason: null,
  needs_restart: true,
  restart_pending: false,
  updated_at: null,
  ...of,
});

test('collects changes in the order of the settings, and drops one that is taken back', () => {
  const [host, port] = [setting({ key: 'gateway.host', value: '127.0.0.1', type: 'text' }), setting({})];
  let pending = withChange(new Map(), port, 4800);
  pending = withChange(pending, host, '::1');
  expect(changesOf([host, port], pending).map(({ setting, to }) => [setting.key, to])).toEqual([
    ['gateway.host', '::1'],
    ['gateway.port', 4800],
  ]);
  expect(changesOf([host, port], withChange(pending, port, 4747))).toHaveLength(1);
  expect(changesOf([port], pending)).toHaveLength(1);
});

test('tells lists apart by what is in them', () => {
  const list = setting({ key: 'llm.fallback', type: 'list', value: ['a/b'] });
  expect(withChange(new Map(), list, ['a/b']).size).toBe(0);
  expect(withChange(new Map(), list, ['a/c']).size).toBe(1);
});

test('reads numbers within their bounds', () => {
  const port = setting({ integer: true, minimum: 0, maximum: 65_535 });
  expect(typed(port, ' 80 ')).toEqual({ ok: true, value: 80 });
  expect(typed(port, '80.5')).toEqual({ ok: false, why: 'whole' });
  expect(typed(port, '70000')).toEqual({ ok: false, why: 'range' });
  expect(typed(port, 'http')).toEqual({ ok: false, why: 'number' });
  expect(typed(port, '')).toEqual({ ok: true, value: null });
  expect(typed(setting({}), '2,50')).toEqual({ ok: true, value: 2.5 });
});

test('reads lists as words, or as JSON', () => {
  const list = setting({ type: 'list' });
  expect(typed(list, 'a/b, c/d,')).toEqual({ ok: true, value: ['a/b', 'c/d'] });
  expect(typed(list, '[{"name": "team"}]')).toEqual({ ok: true, value: [{ name: 'team' }] });
  expect(typed(list, '[1')).toEqual({ ok: false, why: 'list' });
  expect(shown(['a/b', 'c/d'])).toBe('a/b, c/d');
  expect(shown([{ name: 'team' }])).toBe('[{"name":"team"}]');
  expect(shown(null)).toBe('—');
  expect(shown(false)).toBe('false');
});
