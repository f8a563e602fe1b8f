import type { ArrayElement, ArrayValue } from '../../menu/value.ts';
import type { Fail } from './operators.ts';

// More than the values of any script need; less than what brings a router down.
const longestText = 4_000_000;
const longestArray = 200_000;
/** In an array and all the arrays in it. */
const mostElements = 1_000_000;
const mostCharacters = 16_000_000;
/** Whatever goes through a value calls itself for each array in an array. */
const deepestArray = 100;

/** The text, if it is not too long. */
export function boundedText(text: string, fail: Fail): string {
  return text.length > longestText ? fail(`a text may have ${longestText} characters`) : text;
}

/** An array of these elements, if it is not too large. */
export function boundedArray(elements: readonly ArrayElement[], fail: Fail): ArrayValue {
  if (elements.length > longestArray) return fail(`an array may have ${longestArray} elements`);
  let count = 0;
  let characters = 0;
  const measure = (inside: readonly ArrayElement[], depth: number): void => {
    if (depth > deepestArray) fail(`arrays may stand ${deepestArray} deep in one another`);
    count += inside.length;
    if (count > mostElements) fail(`the arrays in an array may have ${mostElements} elements`);
    for (const { key = '', value } of inside) {
      characters += key.length + (typeof value === 'string' ? value.length : 0);
      if (value !== null && typeof value === 'object' && value.type === 'array') measure(value.elements, depth + 1);
    }
    if (characters > mostCharacters) fail(`the texts in an array may have ${mostCharacters} characters`);
  };
  measure(elements, 1);
  return { type: 'array', elements };
}
