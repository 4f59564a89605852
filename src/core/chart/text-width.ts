/**
 * How wide a text is at a font size, in the same unit. Layout happens where there is no font to measure, so these are
 * the advance widths of Helvetica (Adobe's AFM, in thousandths of the size), widened by a little, because what is on
 * the reader's machine may be wider.
 */
export function textWidth(text: string, size: number, weight: 'normal' | 'bold' = 'normal'): number {
  const thousandths = [...text].reduce((sum, character) => sum + widthOf(character), 0);
  return Math.ceil((thousandths / 1000) * size * (weight === 'bold' ? BOLDER : WIDER));
}

const WIDER = 1.06;
const BOLDER = 1.14;
const USUAL = 556;

const CLASSES: readonly (readonly [width: number, characters: string])[] = [
  [222, "ijl'|"],
  [278, ' !,./:;ftI[]\\'],
  [333, '()-r`'],
  [500, 'ckszvxyJ'],
  [667, 'ABEKPSVXY&'],
  [722, 'CDHNRUw'],
  [778, 'GOQ'],
  [833, 'm'],
  [944, 'WM'],
  [1000, '→…—@%'],
];

const WIDTHS: ReadonlyMap<string, number> = new Map(
  CLASSES.flatMap(([width, characters]) => [...characters].map((character) => [character, width] as const)),
);

const widthOf = (character: string): number => WIDTHS.get(character) ?? USUAL;

/** Breaks a text between words so that no line is wider; a single word may be. */
export function wrapText(text: string, size: number, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const last = lines.at(-1);
    const longer = last === undefined ? word : `${last} ${word}`;
    if (last === undefined || textWidth(longer, size) > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}
