import { signal } from '@preact/signals';

/** Why there is no connection that comes back by itself; null: there is, or there will be. */
export const disconnected = signal<'logged-out' | null>(null);
