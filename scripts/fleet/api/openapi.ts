/** The OpenAPI 3.1 document, made of the schemas that the routes parse with. */
import { z } from 'zod';
import { PROBLEM_KINDS, PROBLEM_PREFIX } from '../../../agent/wire/fleet-api.ts';
import type { Route } from './route.ts';

const PROBLEM = {
  type: 'object',
  required: ['type', 'title', 'status'],
  properties: {
    type: { enum: PROBLEM_KINDS.map((kind) => `${PROBLEM_PREFIX}${kind}`) },
    ...{ title: { type: 'string' }, status: { type: 'integer' }, detail: { type: 'string' } },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'message'],
        properties: {
          row: { type: 'integer', description: 'Of a CSV file; its header is 1' },
          ...{ field: { type: 'string' }, message: { type: 'string' } },
        },
      },
    },
  },
};

export function openApiDocument(routes: readonly Route[], version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:([a-z]+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Deskmate fleet service',
      version,
      description:
        'Log in by signing a challenge with the key that a grant names; then send the bearer token. ' +
        'Each role sees the robots of its scope only; of others every answer is 404.',
    },
    paths,
    components: {
      schemas: { Problem: PROBLEM },
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
  };
}

function operation(route: Route): object {
  const { roles, summary, params, query, body, answer } = route;
  const open = roles === 'public' || roles === 'metrics';
  return {
    summary,
    ...(open ? { security: [] } : { security: [{ token: [] }], 'x-roles': roles }),
    parameters: [...parameters(params, 'path'), ...parameters(query, 'query')],
    ...(body && { requestBody: { required: true, content: contentOf(body) } }),
    responses: {
      '2XX': { description: 'Done', content: answerOf(answer) },
      default: {
        description: 'Not done',
        content: {
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        },
      },
    },
  };
}

const contentOf = (body: z.ZodType | 'csv'): object =>
  body === 'csv'
    ? { 'text/csv': { schema: { type: 'string' } } }
    : { 'application/json': { schema: schemaOf(body) } };

function answerOf(answer: z.ZodType | 'text' | 'events'): object {
  if (answer === 'text') return { 'text/plain': { schema: { type: 'string' } } };
  if (answer === 'events') return { 'text/event-stream': { schema: { type: 'string' } } };
  return { 'application/json': { schema: schemaOf(answer) } };
}

function parameters(schema: z.ZodType | undefined, where: 'path' | 'query'): object[] {
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).map(([name, field]) => ({
    ...{ name, in: where, required: where === 'path' || !field.safeParse(undefined).success },
    schema: schemaOf(field as z.ZodType),
  }));
}

function schemaOf(schema: z.ZodType): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}
