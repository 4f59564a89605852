import { isLogLevel, type Log } from './log.ts';
import { CALL_COST, type Meter } from './meter.ts';
import type { GuestValue } from './values.ts';

interface HostPorts {
  readonly log: Log;
  readonly meter: Meter;
  /** Rejects with an error that has the guest's `payload`, or none where the host itself failed. */
  readonly ask: (name: string, args: readonly GuestValue[]) => Promise<GuestValue>;
}

/**
 * The interface `near:agent/host` or `channel-host` of any version. Two functions are answered here; whatever else
 * the guest names is asked of the host by its name, and it is the host that knows which there are.
 */
export function hostInterface({ log, meter, ask }: HostPorts): Readonly<Record<string, unknown>> {
  const local: Readonly<Record<string, unknown>> = {
    log: (level: GuestValue, message: GuestValue) => {
      meter.charge(CALL_COST);
      log.add(isLogLevel(level) ? level : 'info', String(message));
    },
    nowMillis: () => {
      meter.charge(CALL_COST);
      return BigInt(Date.now());
    },
  };
  return new Proxy(local, {
    get: (own, name) => {
      if (typeof name !== 'string') return undefined;
      if (Object.hasOwn(own, name)) return own[name];
      return (...args: readonly GuestValue[]): Promise<GuestValue> => {
        meter.charge(CALL_COST);
        return ask(kebab(name), args);
      };
    },
  });
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
