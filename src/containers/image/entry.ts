/** One thing in an image. Everything belongs to root and bears no time, so that the same things give the same bytes. */
export type ImageEntry =
  | { readonly kind: 'folder'; readonly path: string; readonly mode: number }
  /** `bytes`: of the file at `source`, which is read when it is its turn. */
  | {
      readonly kind: 'copy';
      readonly path: string;
      readonly mode: number;
      readonly source: string;
      readonly bytes: number;
    }
  | { readonly kind: 'text'; readonly path: string; readonly mode: number; readonly content: string }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };
