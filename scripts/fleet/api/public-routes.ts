/** Routes without a role: health, figures, login. */
import { z } from 'zod';
import { Challenge, Session } from '../../../agent/wire/fleet-api.ts';
import { LoginRequest } from '../../../agent/wire/login.ts';
import { type Route, route } from './route.ts';
import type { RouteParts } from './shared.ts';

export function publicRoutes({ access, health, metrics, openApi }: RouteParts): Route[] {
  return [
    route({
      ...{ method: 'GET', path: '/health', summary: 'Whether the service works', roles: 'public' },
      answer: z.object({ store: z.boolean(), broker: z.boolean() }),
      handle: async () => {
        const now = await health();
        return { json: now, status: now.store ? 200 : 503 };
      },
    }),
    route({
      ...{ method: 'GET', path: '/metrics', summary: 'Figures for Prometheus', roles: 'metrics' },
      answer: 'text',
      handle: async () => ({ text: await metrics.text(), type: metrics.registry.contentType }),
    }),
    route({
      ...{ method: 'GET', path: '/openapi.json', summary: 'This document', roles: 'public' },
      answer: z.looseObject({}),
      handle: async () => ({ json: openApi() }),
    }),
    route({
      ...{ method: 'POST', path: '/v1/login/challenge', roles: 'public' },
      summary: 'A challenge to sign: good for one login within two minutes',
      answer: Challenge,
      handle: async () => ({ json: await access.challenge() }),
    }),
    route({
      ...{
        method: 'POST',
        path: '/v1/login',
        summary: 'A bearer token for hours',
        roles: 'public',
      },
      body: LoginRequest,
      answer: Session,
      handle: async ({ body }) => ({ json: await access.login(body) }),
    }),
  ];
}
