import type { ChannelHost } from '../../../sandbox/index.ts';

/** What a channel did in a trial that its host would have acted upon. */
export interface ChannelAct {
  readonly what: string;
  readonly value: unknown;
}

/**
 * Stands where the host of a channel would in a trial: takes down what it emits and writes, and lets nobody in.
 *
 * @param onAct told of each act, in order
 */
export function trialChannelHost(onAct: (act: ChannelAct) => void): ChannelHost {
  return async (name, args) => {
    switch (name) {
      case 'emit-message':
      case 'workspace-write':
        onAct({ what: name, value: args.length === 1 ? args[0] : args });
        return { ok: undefined };
      case 'store-attachment-data':
        onAct({ what: name, value: args[0] });
        return { ok: undefined };
      case 'pairing-upsert-request':
        onAct({ what: name, value: args });
        return { ok: { code: 'TRIAL', created: true } };
      case 'pairing-resolve-identity':
        return { ok: undefined };
      case 'pairing-read-allow-from':
        return { ok: [] };
      default:
        return { err: `${name} is not served in a trial.` };
    }
  };
}
