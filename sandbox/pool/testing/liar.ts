import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { createFrameReader, encodeFrame, type Frame } from '../../slot/frame.ts';
import { KIND } from '../../slot/guest/kinds.ts';

/** A slot's program that says it is ready and answers each call with the lie that its first argument names. */
const raw = new Uint8Array();
const report = { log: { levels: '', lengths: [], text: '', dropped: 0 }, fuel: 1, memory: 1 };
const done = { kind: 'returned', value: 1, ...report };

const LIES: Record<string, (call: number) => readonly Uint8Array[]> = {
  garbage: () => [Buffer.from('GET / HTTP/1.1\r\n\r\n and more than twenty bytes')],
  'too long': () => [Buffer.from([255, 255, 255, 127, ...new Array(30).fill(0)])],
  'header longer than frame': () => [Buffer.from([16, 0, 0, 0, ...new Array(12).fill(0), 9, 0, 0, 0])],
  'another call': (call) => frame({ kind: KIND.done, call: call + 1, header: JSON.stringify(done) }),
  'unknown kind': (call) => frame({ kind: 99, call, header: JSON.stringify(done) }),
  'ready again': (call) => frame({ kind: KIND.ready, call, header: '' }),
  'dropped unasked': (call) => dropped(call),
  'no JSON': (call) => frame({ kind: KIND.done, call, header: '{' }),
  'no report': (call) => frame({ kind: KIND.done, call, header: '{"kind":"returned","value":1}' }),
  'unknown end': (call) => frame({ kind: KIND.done, call, header: JSON.stringify({ ...done, kind: 'won' }) }),
  'bytes out of bounds': (call) =>
    frame({ kind: KIND.done, call, header: JSON.stringify({ ...done, value: { $: 'b', at: 0, n: 9 } }) }),
  'negative fuel': (call) => frame({ kind: KIND.done, call, header: JSON.stringify({ ...done, fuel: -1 }) }),
  'log flood': (call) =>
    frame({
      kind: KIND.done,
      call,
      header: JSON.stringify({ ...done, log: { ...report.log, lengths: new Array(1001).fill(0) } }),
    }),
  // No lie: what it says of the call when that is dropped may cross with the order to drop it.
  'one question': (call) =>
    frame({ kind: KIND.host, call, header: JSON.stringify({ name: 'x', args: [], ...report }) }),
  'two questions': (call) => {
    const header = JSON.stringify({ name: 'x', args: [], ...report });
    return [...frame({ kind: KIND.host, call, header }), ...frame({ kind: KIND.host, call, header })];
  },
};

type Lie = Pick<Frame, 'kind' | 'call' | 'header'>;
const frame = (lie: Lie): readonly Uint8Array[] => encodeFrame({ ...lie, component: 1, raw });
const dropped = (call: number) => frame({ kind: KIND.dropped, call, header: '' });
const send = (pieces: readonly Uint8Array[]): void => {
  for (const piece of pieces) writeSync(4, piece);
};

const { push } = createFrameReader({ frame: 1 << 26, header: 1 << 24 }, ({ kind, call }) => {
  if (kind === KIND.run) send(LIES[process.argv[2] ?? '']?.(call) ?? []);
  if (kind === KIND.drop)
    send([...frame({ kind: KIND.done, call, header: JSON.stringify(done) }), ...dropped(call)]);
});
const socket = new Socket({ fd: 3 });
socket.on('data', (chunk) => push(Buffer.from(chunk)));
socket.on('end', () => process.exit());
send(frame({ kind: KIND.ready, call: 0, header: '' }));
