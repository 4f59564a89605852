import { err } from '../../core/result.ts';
import type { ApiFailure } from './failure.ts';

/** 501: of what belongs to an installation, where the assistant was started as a part of another program. */
export const withoutDesk = (what: string) =>
  err<ApiFailure>({
    status: 501,
    code: 'not-supported',
    message: `This assistant was started without ${what}. Start it with: ironbark serve`,
  });
