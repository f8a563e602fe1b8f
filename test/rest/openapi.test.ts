import { beforeEach, describe, expect, it } from 'vitest';
import { pathsOf } from '../menu/routeros-tree.ts';
import { RestRouter } from './rest-router.ts';

interface Description {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

let rest: RestRouter;
let description: Description;

beforeEach(async () => {
  rest = await RestRouter.start();
  description = (await rest.json('GET', '/openapi.json')) as Description;
});

describe('the description', () => {
  it('has every command of the tree', () => {
    const commands = pathsOf(rest.router.tree).filter((path) => !path.endsWith('/') && !path.includes(' '));
    expect(Object.keys(description.paths).filter((path) => description.paths[path]?.['post'] !== undefined)).toEqual(commands);
  });

  it('has the list of each menu, and the items of those that have such', () => {
    expect(Object.keys(description.paths['/certificate'] ?? {})).toEqual(['get', 'put']);
    expect(Object.keys(description.paths['/certificate/{id}'] ?? {})).toEqual(['parameters', 'get', 'patch', 'delete']);
    expect(Object.keys(description.paths['/system/identity'] ?? {})).toEqual(['get']);
    expect(description.paths['/system/identity/{id}']).toBeUndefined();
    expect(description.paths['/system']).toBeUndefined();
  });

  it('tells what arguments may be', () => {
    expect(description.paths['/certificate/sign']).toMatchObject({
      post: {
        summary: 'sign a template with its own key or with a CA of this router',
        description: 'needs the policies rest-api, write',
        requestBody: {
          content: {
            'application/json': { schema: { required: ['number'], properties: { ca: { type: 'string' }, once: { enum: [''] } } } },
          },
        },
      },
    });
    expect(description.paths['/certificate']).toMatchObject({
      put: {
        requestBody: {
          content: {
            'application/json': {
              schema: {
                properties: {
                  trusted: { oneOf: [{ type: 'boolean' }, { enum: ['yes', 'no'] }] },
                  'digest-algorithm': { enum: expect.arrayContaining(['sha256']) },
                  'key-usage': { type: 'array', items: { enum: expect.arrayContaining(['crl-sign']) } },
                  'days-valid': { type: 'integer', minimum: 1 },
                },
              },
            },
          },
        },
      },
    });
  });

  it('leaves out what is the console’s', () => {
    const text = JSON.stringify(description.paths['/certificate/print']);
    expect(text).toContain('".query"');
    expect(text).not.toMatch(/"(?:where|file)":/);
  });

  it('is only to be read', async () => {
    expect(await rest.ask('POST', '/openapi.json')).toMatchObject({ status: 405 });
  });
});
