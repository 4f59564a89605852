import { fromPromise, setup } from 'xstate';
import type { ChildSpec } from '../runtime/index.ts';
import { createGateway, type Gateway, type GatewayOptions } from './gateway.ts';

/** The gateway as a part of the tree that can crash, be restarted and be stopped. */
export interface GatewayFace {
  readonly spec: ChildSpec;
  /** Where it listens. Throws before it does. */
  url(): string;
  loginLink(): string;
}

/** @param options as for `createGateway`; a restart listens on the port that the first start got */
export function createGatewayFace(options: GatewayOptions): GatewayFace {
  const door = createDoor(options);
  return {
    spec: {
      id: 'gateway',
      logic: face,
      input: door,
      graceful: true,
      ready: isListening,
    },
    url: () => door.opened().url,
    loginLink: () => door.opened().gateway.loginLink(),
  };
}

interface Door {
  /** Closes what was open before, since two cannot have the same port, and listens. */
  open(): Promise<void>;
  close(): Promise<void>;
  opened(): { readonly gateway: Gateway; readonly url: string };
}

function createDoor(options: GatewayOptions): Door {
  let current: { readonly gateway: Gateway; readonly url: string } | undefined;
  let port = options.port;

  async function close(): Promise<void> {
    const open = current;
    current = undefined;
    await open?.gateway.stop();
  }

  return {
    close,
    async open() {
      await close();
      const gateway = createGateway({ ...options, port });
      const address = await gateway.start();
      port = address.port;
      current = { gateway, url: address.url };
    },
    opened() {
      if (!current) throw new Error('the gateway does not listen');
      return current;
    },
  };
}

const face = setup({
  types: {
    context: {} as Door,
    input: {} as Door,
    events: {} as { readonly type: 'supervisor.shutdown' },
  },
  actors: {
    open: fromPromise<void, Door>(({ input }) => input.open()),
    close: fromPromise<void, Door>(({ input }) => input.close()),
  },
}).createMachine({
  id: 'gateway',
  context: ({ input }) => input,
  initial: 'opening',
  on: { 'supervisor.shutdown': '.closing' },
  states: {
    opening: { invoke: { src: 'open', input: ({ context }) => context, onDone: 'listening' } },
    listening: {},
    closing: { invoke: { src: 'close', input: ({ context }) => context, onDone: 'closed' } },
    closed: { type: 'final' },
  },
});

function isListening(snapshot: unknown): boolean {
  return snapshot instanceof Object && 'value' in snapshot && snapshot.value === 'listening';
}
