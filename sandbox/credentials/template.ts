import type { Secret } from '../../src/secrets/index.ts';

/** Where a value goes, and how it is written there. */
export interface Gap {
  readonly secret: Secret;
  readonly encode: (value: string) => string;
}

/** Text with gaps for values. The values themselves are read only as it is filled. */
export type Template = readonly (string | Gap)[];

export const isGap = (piece: string | Gap): piece is Gap => typeof piece !== 'string';

/** The text with what `fill` gives in the place of each gap. */
export const filled = (template: Template, fill: (gap: Gap) => string): string =>
  template.map((piece) => (isGap(piece) ? fill(piece) : piece)).join('');

/** The template with every occurrence of one of `names` replaced by its gap. Names are looked for as they are. */
export function withGaps(text: string, gaps: ReadonlyMap<string, Gap>): Template {
  if (gaps.size === 0) return [text];
  const names = [...gaps.keys()].sort((a, b) => b.length - a.length);
  const pieces = text.split(new RegExp(`(${names.map(escaped).join('|')})`));
  return pieces.map((piece) => gaps.get(piece) ?? piece);
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
