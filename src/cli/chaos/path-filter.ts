/** Which actors may be chosen, by patterns on their paths. */
export interface PathFilter {
  /** None: all. */
  readonly only: readonly string[];
  readonly except: readonly string[];
}

/**
 * Whether the filter lets a path through. In a pattern `*` stands for anything within one level and `**` for any
 * number of levels, also none: `root/conversations/**` is `root/conversations` and everything below it.
 */
export function createPathTest({ only, except }: PathFilter): (path: string) => boolean {
  const wanted = only.map(patternOf);
  const spared = except.map(patternOf);
  // With a slash before each level, `**` can match no level at all.
  return (path) =>
    (wanted.length === 0 || wanted.some((pattern) => pattern.test(`/${path}`))) &&
    !spared.some((pattern) => pattern.test(`/${path}`));
}

function patternOf(glob: string): RegExp {
  const levels = glob.split('/').map((level) => (level === '**' ? '(?:/[^/]+)*' : `/${levelPattern(level)}`));
  return new RegExp(`^${levels.join('')}$`);
}

function levelPattern(level: string): string {
  const literally = (text: string) => text.replace(/[\\^$.+?()[\]{}|]/g, '\\$&');
  return level.split('*').map(literally).join('[^/]*');
}
