import { describe, expect, test } from 'vitest';
import type { EventObject } from 'xstate';
import { createRegistry } from '../process/registry.ts';
import type { RuntimeReport } from '../report/report.ts';
import { resolveMailbox } from '../supervisor/child-spec.ts';
import { Mailslot, slotAt } from './mailslot.ts';
import { MessageQueue } from './message-queue.ts';

const message = (type: string): EventObject => ({ type });
const typesIn = (queue: MessageQueue) => queue.events.map(({ type }) => type);

function letters() {
  const reports: RuntimeReport[] = [];
  const report = (report: RuntimeReport) => reports.push(report);
  const dead = () =>
    reports.map((report) => (report.type === 'dead_letter' ? `${report.event.type}: ${report.reason}` : ''));
  return { report, dead };
}

describe('a queue that parks', () => {
  const limit = resolveMailbox({ capacity: 2, overflow: 'park', parking: 2 });

  test('lets parked messages in, in order, as soon as there is room', () => {
    const { report, dead } = letters();
    const queue = new MessageQueue('a', limit, { report });
    const admitted: string[] = [];
    const put = (type: string) => queue.put(message(type), (yes) => admitted.push(`${type} ${yes}`));
    expect(['1', '2', '3', '4'].map(put)).toEqual(['admitted', 'admitted', 'parked', 'parked']);
    expect([typesIn(queue), queue.parked, admitted]).toEqual([['1', '2'], 2, []]);
    expect(queue.shift()).toEqual(message('1'));
    expect([typesIn(queue), queue.parked, admitted]).toEqual([['2', '3'], 1, ['3 true']]);
    queue.shift();
    queue.shift();
    expect([typesIn(queue), queue.parked, admitted]).toEqual([['4'], 0, ['3 true', '4 true']]);
    expect(dead()).toEqual([]);
  });

  test('refuses what finds no room to park either', () => {
    const { report, dead } = letters();
    const queue = new MessageQueue('a', limit, { report });
    const puts = ['1', '2', '3', '4', '5'].map((type) => queue.put(message(type)));
    expect(puts.at(-1)).toBe('refused');
    expect(dead()).toEqual(['5: parking-full']);
  });

  test('always has room for internal events', () => {
    const { report, dead } = letters();
    const queue = new MessageQueue('a', limit, { report });
    for (const type of ['1', '2', '3', '4', 'xstate.done.actor.b']) queue.put(message(type));
    expect([typesIn(queue), dead()]).toEqual([['1', '2', 'xstate.done.actor.b'], []]);
  });

  test('tells those who wait for room that there will be none when the actor has ended', () => {
    const { report, dead } = letters();
    const queue = new MessageQueue('a', limit, { report });
    const admitted: boolean[] = [];
    for (const type of ['1', '2', '3']) queue.put(message(type), (yes) => admitted.push(yes));
    queue.abandon();
    expect(admitted).toEqual([false]);
    expect(dead()).toEqual(['1: receiver-stopped', '2: receiver-stopped', '3: receiver-stopped']);
    expect([queue.length, queue.parked]).toEqual([0, 0]);
  });
});

describe('a mailslot', () => {
  const limit = resolveMailbox({ capacity: 2, overflow: 'park', parking: 1, keep: true });

  test('keeps messages for the next incarnation, parked ones too, but no internal events', () => {
    const { report, dead } = letters();
    const slot = new Mailslot('a', limit, { report });
    for (const type of ['xstate.done.actor.b', '1', '2']) slot.put(message(type));
    expect(slot.parked).toBe(1);
    slot.abandon();
    expect([typesIn(slot), slot.parked, dead()]).toEqual([['1', '2'], 0, []]);
  });

  test('is found under its name from when it is opened until it is released', () => {
    const { report, dead } = letters();
    const address = { registry: createRegistry(), key: 'a' };
    const slot = new Mailslot('root/a', limit, { report }, address);
    expect(slotAt(address)).toBeUndefined();
    slot.open();
    expect(slotAt(address)).toBe(slot);
    slot.put(message('1'));
    slot.release();
    expect(slotAt(address)).toBeUndefined();
    expect(dead()).toEqual(['1: receiver-stopped']);
    slot.open();
    expect(slotAt(address)).toBe(slot);
  });
});
