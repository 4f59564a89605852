import type { ComponentChildren } from 'preact';
import { Problem, Skeleton } from '../ui/index.ts';
import type { Loading } from './loaded.ts';
import './places.css';

interface ShownProps<T> {
  readonly of: Loading<T>;
  /** Grey lines until the answer comes. */
  readonly lines?: number;
  children(value: T): ComponentChildren;
}

/** What was asked for, once it is there; until then grey lines, or what went wrong and the way to try again. */
export function Shown<T>({ of, lines = 4, children }: ShownProps<T>) {
  if (of.now.is === 'loading') return <Skeleton lines={lines} />;
  if (of.now.is === 'failed') return <Problem error={of.now.error} retry={of.again} />;
  return <>{children(of.now.value)}</>;
}
