/** How a parameter of a global command is written. */
export type Takes =
  /** Anything that has a value. */
  | 'value'
  /** `{ … }`, run when the command says so. */
  | 'block'
  /** A variable's name that must be declared already. */
  | 'name'
  /** A name, or several with commas between, that are declared here. */
  | 'new-names'
  /** Just the word. */
  | 'word';

export interface GlobalParameter {
  readonly name: string;
  readonly takes: Takes;
  readonly does: string;
  /** May be given by its place, without its name. */
  readonly unnamed?: boolean;
  readonly required?: boolean;
}

/** A command of the language itself (`:put`). */
export interface GlobalCommand {
  readonly does: string;
  /** Undefined where any argument is taken, since the command can't run yet. */
  readonly parameters?: readonly GlobalParameter[];
}

const unnamed = (name: string, does: string): GlobalParameter => ({ name, takes: 'value', does, unnamed: true, required: true });
const optional = (name: string, does: string): GlobalParameter => ({ name, takes: 'value', does, unnamed: true });
const block = (name: string, does: string): GlobalParameter => ({ name, takes: 'block', does });
const named = (name: string, does: string): GlobalParameter => ({ name, takes: 'value', does });

const declaration = (does: string): GlobalCommand => ({
  does,
  parameters: [
    { name: 'name', takes: 'new-names', does: 'the variable', unnamed: true, required: true },
    optional('value', 'its value'),
    block('do', 'a function'),
  ],
});

const conversion = (does: string): GlobalCommand => ({ does, parameters: [unnamed('value', 'what to convert')] });
const later = (does: string): GlobalCommand => ({ does });

export const globalCommands: Readonly<Record<string, GlobalCommand>> = {
  put: { does: 'print a value', parameters: [unnamed('message', 'what to print')] },
  local: declaration('declare a variable of this block'),
  global: declaration('declare a variable that outlives the line or script'),
  set: {
    does: 'give a variable a new value',
    parameters: [
      { name: 'name', takes: 'name', does: 'the variable', unnamed: true, required: true },
      optional('value', 'its value; nothing if left out'),
      block('do', 'a function'),
    ],
  },
  if: {
    does: 'run commands if a condition is true',
    parameters: [unnamed('condition', 'true or false'), { ...block('do', 'run if true'), required: true }, block('else', 'run if false')],
  },
  for: {
    does: 'run commands for each of a range of numbers',
    parameters: [
      { name: 'counter', takes: 'new-names', does: 'the variable', unnamed: true, required: true },
      { ...named('from', 'the first number'), required: true },
      { ...named('to', 'the last number'), required: true },
      named('step', 'added each time'),
      { ...block('do', 'what to run'), required: true },
    ],
  },
  foreach: {
    does: 'run commands for each element of an array',
    parameters: [
      { name: 'counter', takes: 'new-names', does: 'the variable, or key,value', unnamed: true, required: true },
      { ...named('in', 'the array'), required: true },
      { ...block('do', 'what to run'), required: true },
    ],
  },
  while: {
    does: 'run commands as long as a condition is true',
    parameters: [unnamed('condition', 'true or false'), { ...block('do', 'what to run'), required: true }],
  },
  do: {
    does: 'run commands, and others if they fail',
    parameters: [
      { ...block('command', 'what to run'), unnamed: true, required: true },
      named('while', 'run again while this is true'),
      block('on-error', 'run when a command fails'),
    ],
  },
  onerror: {
    does: 'run commands; if they fail, others with the error text in a variable',
    parameters: [
      { name: 'error', takes: 'new-names', does: 'the variable for the error text', unnamed: true, required: true },
      { ...block('in', 'what to run'), required: true },
      { ...block('do', 'run when a command fails'), required: true },
    ],
  },
  retry: {
    does: 'run commands again until they succeed',
    parameters: [
      { ...block('command', 'what to run'), unnamed: true, required: true },
      { ...named('delay', 'pause between tries'), required: true },
      { ...named('max', 'how many tries'), required: true },
      block('on-error', 'run when every try failed'),
    ],
  },
  error: { does: 'stop with an error', parameters: [unnamed('message', 'the error text')] },
  delay: { does: 'wait', parameters: [optional('delay-time', 'how long; one second if left out')] },
  nothing: { does: 'nil', parameters: [] },
  typeof: { does: 'the type of a value', parameters: [unnamed('value', 'any value')] },
  len: { does: 'the length of a text or an array', parameters: [unnamed('value', 'a text or an array')] },
  pick: {
    does: 'a part of a text or an array',
    parameters: [unnamed('in', 'a text or an array'), unnamed('begin', 'the first, from 0'), optional('end', 'the one after the last')],
  },
  find: {
    does: 'the place of a value in a text or an array',
    parameters: [unnamed('in', 'a text or an array'), unnamed('key', 'what to look for'), optional('from', 'only after this place')],
  },
  tostr: conversion('convert to text'),
  tonum: conversion('convert to a number'),
  tobool: conversion('convert to true or false'),
  toarray: conversion('convert to an array'),
  toid: conversion('convert to an item id'),
  totime: conversion('convert to a time interval'),
  toip: conversion('convert to an IP address'),
  toip6: conversion('convert to an IPv6 address'),
  environment: {
    does: 'the global variables',
    parameters: [{ name: 'print', takes: 'word', does: 'print them', unnamed: true, required: true }],
  },
  return: later('end a function with a value'),
  parse: later('make a function of a text'),
  execute: later('run a text in the background'),
  convert: later('convert between encodings'),
  serialize: later('write a value as JSON'),
  deserialize: later('read a value from JSON'),
  rndstr: later('a random text'),
  rndnum: later('a random number'),
  timestamp: later('the time since 1970'),
  time: later('measure how long commands take'),
  range: later('an array of numbers'),
  grep: later('lines that match'),
  jobname: later('the name of this script'),
  resolve: later('look up a name'),
};
