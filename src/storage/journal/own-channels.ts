/**
 * Channels of conversations that nobody began by talking: of agents, jobs, routines and the heartbeat. They are in no
 * list, are not searched, and leave no episode; whoever knows their id opens them like any other.
 */
export const OWN_CHANNELS = ['agent', 'job', 'routine', 'heartbeat'] as const;

/** The same as a condition of SQL, on a column with the channel. */
export const isTalk = (column: string): string =>
  `${column} not in (${OWN_CHANNELS.map((channel) => `'${channel}'`).join(', ')})`;
