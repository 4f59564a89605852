import type { BuildOutcome } from './build-image.ts';

/** See `build-image.ts`, which most processes never need and which is loaded here. */
export async function buildImage(socketPath: string): Promise<BuildOutcome> {
  const { buildImage: build } = await import('./build-image.ts');
  return build(socketPath);
}
