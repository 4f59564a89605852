import { handlingOf, type NotifyPolicy, tellableFrom } from './policy.ts';
import type { Waiting } from './waiting.ts';

/** A conversation in which something can be told. */
export interface Place {
  readonly conversationId: string;
  readonly channel: string;
}

export interface Places {
  /** Where it belongs; undefined where nobody talks there. */
  readonly own: (conversationId: string) => Place | undefined;
  /** The conversation that was active last, on this channel or on any. */
  readonly latest: (channel?: string) => Place | undefined;
}

/** Told as one. */
export interface Telling {
  readonly place: Place;
  readonly first: Waiting;
  readonly rest: readonly Waiting[];
  readonly isDigest: boolean;
  /** Names what is gathered; see `lastTold`. */
  readonly group: string;
}

export interface Plan {
  readonly tellings: readonly Telling[];
  readonly muted: readonly number[];
  /** When the next of those that are held may be told, in milliseconds since the Unix epoch. Infinity: nobody knows. */
  readonly againAt: number;
}

interface Group {
  readonly place: Place;
  readonly isDigest: boolean;
  readonly members: Waiting[];
  due: number;
}

/**
 * What of all that waits is told now, and where.
 *
 * @param lastTold when something of a group was told last, in milliseconds since the Unix epoch
 */
export function planTellings(
  waiting: readonly Waiting[],
  policy: NotifyPolicy,
  places: Places,
  lastTold: ReadonlyMap<string, number>,
  now: number,
): Plan {
  const groups = new Map<string, Group>();
  const muted: number[] = [];
  for (const one of waiting) {
    const belongs = (one.conversationId !== null && places.own(one.conversationId)) || places.latest();
    const { how, to } = handlingOf(policy, one.kind, belongs ? belongs.channel : undefined);
    if (how === 'off') {
      muted.push(one.id);
      continue;
    }
    const place = to === undefined || belongs?.channel === to ? belongs : places.latest(to);
    if (!place) continue;
    const isDigest = how === 'digest';
    const name = `${place.conversationId} ${isDigest ? 'digest' : `${how} ${one.kind}`}`;
    const told = lastTold.get(name) ?? Number.NEGATIVE_INFINITY;
    const due = Math.max(tellableFrom(policy, how, one.at, now), told + policy.gatherMs);
    const group = groups.get(name) ?? { place, isDigest, members: [], due };
    group.members.push(one);
    group.due = Math.min(group.due, due);
    groups.set(name, group);
  }
  return { muted, ...sorted(groups, now) };
}

/** A group is told whole, as soon as one of it may be. */
function sorted(groups: ReadonlyMap<string, Group>, now: number): Pick<Plan, 'tellings' | 'againAt'> {
  const tellings: Telling[] = [];
  let againAt = Number.POSITIVE_INFINITY;
  for (const [group, { place, isDigest, members, due }] of groups) {
    const [first, ...rest] = members;
    if (!first) continue;
    if (due > now) againAt = Math.min(againAt, due);
    else tellings.push({ group, place, isDigest, first, rest });
  }
  return { tellings, againAt };
}
