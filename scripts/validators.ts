import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';

const scalar = { type: ['string', 'number', 'boolean'] };

/** What the body of a request over REST may be: values of arguments, or lists of such, by the names of the arguments. */
const body = {
  $id: 'body',
  type: 'object',
  maxProperties: 100,
  propertyNames: { pattern: '^\\.?[A-Za-z0-9_-]{1,64}$' },
  additionalProperties: { anyOf: [scalar, { type: 'array', maxItems: 10_000, items: scalar }] },
};

/** Where the program looks for what `validatorSource` writes: at run time nothing compiles a schema, and QuickJS could not. */
export const validatorFile = 'src/rest/body-validator.ts';

const header = `// @ts-nocheck
// Written by scripts/validators.ts, which has the schema: \`tsx scripts/validators.ts\` writes it anew.
`;

export function validatorSource(): string {
  const ajv = new Ajv({ messages: false, allowUnionTypes: true, code: { source: true, esm: true, lines: true } });
  ajv.addSchema(body);
  return header + standalone.default(ajv, { isBody: 'body' });
}
