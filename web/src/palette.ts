import { signal } from '@preact/signals';
import type { LucideIcon } from 'lucide-preact';

/** Something that can be done from anywhere, through the command palette (Ctrl/Cmd+K). */
export interface PaletteCommand {
  readonly id: string;
  readonly title: string;
  /** `Pages`, `Conversations`, `Actions`, …; commands of one group stand together. */
  readonly group: string;
  readonly icon?: LucideIcon;
  /** Words by which it is found, beside its title. */
  readonly words?: string;
  run(): void;
}

export const paletteCommands = signal<readonly PaletteCommand[]>([]);
export const isPaletteOpen = signal(false);

/** Adds commands to the palette; returns what removes them. A page does it in an effect. */
export function addCommands(added: readonly PaletteCommand[]): () => void {
  paletteCommands.value = [...paletteCommands.peek(), ...added];
  return () => {
    paletteCommands.value = paletteCommands.peek().filter((one) => !added.includes(one));
  };
}
