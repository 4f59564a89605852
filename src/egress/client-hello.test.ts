import { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readClientHello } from './client-hello.ts';
import { clientHello, extension } from './testing/hello.ts';

/** What Node itself would say first. */
async function realHello(servername: string): Promise<Buffer> {
  const { promise, resolve } = Promise.withResolvers<Buffer>();
  const wire = new Duplex({
    read() {},
    write(piece: Buffer, _, done) {
      resolve(piece);
      done();
    },
  });
  const socket = connect({ socket: wire, servername });
  socket.on('error', () => {});
  const hello = await promise;
  socket.destroy();
  return hello;
}

describe('the first words of TLS', () => {
  test('of a real client name its host', async () => {
    expect(readClientHello(await realHello('Pinned.Example'))).toEqual({
      kind: 'read',
      serverName: 'pinned.example',
      hidesAnother: false,
    });
    expect(readClientHello(await realHello(''))).toMatchObject({ kind: 'read', serverName: undefined });
  });

  test('are read from as many records as they come in, and not before the last byte', () => {
    const hello = clientHello({ names: ['a.example'], recordBytes: 20 });
    for (let length = 0; length < hello.length; length++) {
      expect(readClientHello(hello.subarray(0, length)).kind).toBe('incomplete');
    }
    expect(readClientHello(hello)).toMatchObject({ kind: 'read', serverName: 'a.example' });
    expect(readClientHello(Buffer.concat([hello, Buffer.from('more')]))).toMatchObject({ kind: 'read' });
  });

  test('that hide others are told apart', () => {
    const hello = clientHello({ names: ['a.example'], extensions: [extension(0xfe0d, Buffer.from([0]))] });
    expect(readClientHello(hello)).toMatchObject({ hidesAnother: true });
  });

  test.each<[string, Buffer]>([
    ['two names in two extensions', clientHello({ names: ['a.example', 'b.example'] })],
    ['an empty name', clientHello({ names: [''] })],
    [
      'an extension that is longer than the rest',
      clientHello({ extensions: [Buffer.from([0, 0, 0, 9, 1])] }),
    ],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['SSL 2', Buffer.from([0x80, 0x2e, 1, 0, 2])],
    ['an alert', Buffer.from([21, 3, 1, 0, 2, 2, 49])],
    ['in records that are too small', clientHello({ names: ['a.example'], recordBytes: 3 })],
    ['in too many records', clientHello({ names: ['a.example'], recordBytes: 4 })],
    ['an empty record', Buffer.from([22, 3, 1, 0, 0])],
    ['more than a hello has', Buffer.concat([Buffer.from([22, 3, 1, 0x40, 0, 1, 0xff, 0xff, 0xff])])],
  ])('are none: %s', (_, bytes) => {
    expect(readClientHello(bytes)).toEqual({ kind: 'broken' });
  });

  test('whatever they are, are read without an accident', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(200), fc.nat(255), (junk, at, byte) => {
        const hello = clientHello({ names: ['a.example'] });
        hello[at % hello.length] = byte;
        const inRecord = Buffer.concat([Buffer.from([22, 3, 1, 0, 80, 1, 0, 0, 76]), Buffer.from(junk)]);
        for (const bytes of [Buffer.from(junk), inRecord, hello]) {
          expect(['incomplete', 'broken', 'read']).toContain(readClientHello(bytes).kind);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
