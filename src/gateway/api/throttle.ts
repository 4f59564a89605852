import type { FastifyRequest } from 'fastify';
import { OWNER } from '../../core/user.ts';
import type { Rate } from '../rate-limit.ts';
import type { ApiContext } from './context.ts';
import { type ApiFailure, tooMany } from './failure.ts';

type Throttled = Pick<ApiContext, 'rates' | 'limits'>;

/** Requests a minute from one address that nobody stands for. */
const STRANGERS: Rate = { count: 120, perSeconds: 60 };

/** What is too much of a request by somebody who may make it; undefined where it is not. */
export function tooOften({ rates, limits }: Throttled, request: FastifyRequest): ApiFailure | undefined {
  const { access, rate } = request.routeOptions.config;
  const user = access === 'public' ? request.ip : OWNER;
  const changes: Rate = { count: limits.changesPerMinute, perSeconds: 60 };
  const waits = [
    ...(rate === undefined ? [] : [rates.take(`${rate.name} ${user}`, rate)]),
    ...(isChange(request) ? [rates.take(`changes ${user}`, changes)] : []),
    // The user's own may come from several addresses; one address may be several users'.
    ...(isChange(request) && user !== request.ip ? [rates.take(`changes ${request.ip}`, changes)] : []),
  ];
  return failure(Math.max(0, ...waits));
}

/** The same of somebody who was not let in. */
export function tooOftenRefused({ rates }: Throttled, request: FastifyRequest): ApiFailure | undefined {
  return failure(rates.take(`strangers ${request.ip}`, STRANGERS));
}

export const isChange = ({ method }: FastifyRequest): boolean => method !== 'GET' && method !== 'HEAD';

function failure(wait: number): ApiFailure | undefined {
  return wait === 0 ? undefined : tooMany(`Too many requests. Try again in ${wait} seconds.`, wait).error;
}
