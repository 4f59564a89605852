import type { Refusal } from '../../machines/refusal.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import type { World } from '../artefact.ts';
import type { GuestOutcome, GuestValue } from '../pool/index.ts';
import { readResponse } from './guest-interface.ts';

/** A function of the guest: what it is called with, and how its answer is read. */
export interface Entry {
  /** Its name in the interface. */
  readonly name: string;
  readonly args: readonly GuestValue[];
  read(outcome: Ended): Result<string, Refusal>;
}

type Ended = Extract<GuestOutcome, { kind: 'returned' | 'failed' }>;

/** @param params as JSON */
export function toolEntry(world: World, params: string, context: string | undefined): Entry {
  return {
    name: 'execute',
    args: [{ params, context }],
    read: (outcome) => (outcome.kind === 'failed' ? err(UNEXPECTED) : readResponse(world, outcome.value)),
  };
}

const UNEXPECTED: Refusal = {
  rule: 'guest-response',
  message: 'The guest answered with an error where none is expected.',
};

/** The functions of a channel. */
export const CHANNEL_ENTRIES = [
  'on-start',
  'on-http-request',
  'on-poll',
  'on-respond',
  'on-status',
  'on-broadcast',
  'on-shutdown',
] as const;

export type ChannelEntry = (typeof CHANNEL_ENTRIES)[number];

/**
 * A callback of a channel. Its fields are taken from `params` under their names in camel case (`messageId`), with
 * bytes as text; what is not given is empty. `on-start` is handed `params` as its configuration.
 */
export function channelEntry(name: ChannelEntry, params: JsonObject): Entry {
  return { name, args: channelArguments(name, params), read: readAny };
}

function channelArguments(name: ChannelEntry, params: JsonObject): readonly GuestValue[] {
  const text = (field: string, otherwise = ''): string => {
    const value = params[field];
    return typeof value === 'string' ? value : value === undefined ? otherwise : JSON.stringify(value);
  };
  const response = () => ({
    messageId: text('messageId'),
    content: text('content'),
    threadId: params.threadId === undefined ? undefined : text('threadId'),
    metadataJson: text('metadataJson', '{}'),
    attachments: [],
  });
  switch (name) {
    case 'on-start':
      return [JSON.stringify(params)];
    case 'on-poll':
    case 'on-shutdown':
      return [];
    case 'on-respond':
      return [response()];
    case 'on-broadcast':
      return [text('userId'), response()];
    case 'on-status':
      return [
        {
          status: text('status', 'status'),
          message: text('message'),
          metadataJson: text('metadataJson', '{}'),
        },
      ];
    case 'on-http-request':
      return [
        {
          method: text('method', 'POST'),
          path: text('path', '/'),
          headersJson: text('headersJson', '{}'),
          queryJson: text('queryJson', '{}'),
          body: new TextEncoder().encode(text('body')),
          secretValidated: params.secretValidated === true,
        },
      ];
  }
}

/** What a callback gave back, as JSON; bytes as text. */
function readAny(outcome: Ended): Result<string, Refusal> {
  if (outcome.kind === 'failed') return err({ rule: 'guest-error', message: jsonOf(outcome.error) });
  return ok(outcome.value === undefined ? '' : jsonOf(outcome.value));
}

const jsonOf = (value: GuestValue): string =>
  typeof value === 'string'
    ? value
    : (JSON.stringify(value, (_, inner: unknown) => {
        if (inner instanceof Uint8Array) return new TextDecoder().decode(inner);
        return typeof inner === 'bigint' ? Number(inner) : inner;
      }) ?? '');
