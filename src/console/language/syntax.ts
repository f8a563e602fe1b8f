import type { CommandDeclaration } from '../../menu/command.ts';
import type { Value } from '../../menu/value.ts';
import type { GlobalCommand } from './global-commands.ts';

/** What a program consists of. Every `at` is an offset into the source as it was given. */
export interface Block {
  readonly statements: readonly Statement[];
}

export type Statement = CommandStatement | GlobalStatement | BlockStatement | NavigationStatement | CallStatement;

/** `/certificate/sign CA ca=Root`: a command of the tree. */
export interface CommandStatement {
  readonly kind: 'command';
  readonly at: number;
  /** "/certificate/sign" */
  readonly path: string;
  readonly command: CommandDeclaration;
  readonly given: readonly GivenArgument[];
  readonly where?: Expression;
}

export interface GivenArgument {
  readonly name: string;
  readonly at: number;
  /** `!name` gives nil, a bare flag yes. */
  readonly value: Expression;
}

/** `:put "x"`: a command of the language itself. */
export interface GlobalStatement {
  readonly kind: 'global';
  readonly at: number;
  readonly name: string;
  readonly command: GlobalCommand;
  readonly values: ReadonlyMap<string, Expression>;
  readonly blocks: ReadonlyMap<string, Block>;
  /** The variables it names: `:local x`, `:foreach k,v`, and the array of `:set ($x->"a")`, whose keys are the value `element`. */
  readonly names: readonly string[];
}

/** `{ … }` or `/certificate { … }` (whose commands have found their menu already). */
export interface BlockStatement {
  readonly kind: 'block';
  readonly at: number;
  readonly body: Block;
}

/** A menu by itself: the session moves there. */
export interface NavigationStatement {
  readonly kind: 'navigation';
  readonly at: number;
  readonly path: string;
}

/** `$f 1 a=2` */
export interface CallStatement {
  readonly kind: 'call';
  readonly at: number;
  readonly name: string;
  readonly given: readonly { readonly name?: string; readonly value: Expression }[];
}

export type Expression =
  | Literal
  | VariableReference
  | PropertyReference
  | InterpolatedText
  | ArrayConstruction
  | Substitution
  | ElementAccess
  | UnaryOperation
  | OperatorChain;

export interface Literal {
  readonly kind: 'literal';
  readonly value: Value;
  /** How a bare word was written, for comparing it with text: `name=1d`. */
  readonly word?: string;
}

/** `$x`; in a where-expression also a property that has this name. */
export interface VariableReference {
  readonly kind: 'variable';
  readonly at: number;
  readonly name: string;
}

/** A bare property name in a where-expression. */
export interface PropertyReference {
  readonly kind: 'property';
  readonly at: number;
  readonly name: string;
}

export interface InterpolatedText {
  readonly kind: 'text';
  readonly parts: readonly Expression[];
}

export interface ArrayConstruction {
  readonly kind: 'array';
  readonly elements: readonly { readonly key?: Expression; readonly value: Expression }[];
}

/** `[ … ]`: the value of the last command in it. */
export interface Substitution {
  readonly kind: 'substitution';
  readonly at: number;
  readonly body: Block;
}

/** `$x->"a"->"b"` */
export interface ElementAccess {
  readonly kind: 'element';
  readonly of: Expression;
  readonly keys: readonly Expression[];
}

export type UnaryOperator = '!' | '-' | '~';

/** `operators` from left to right: the last one is applied first. */
export interface UnaryOperation {
  readonly kind: 'unary';
  readonly at: number;
  readonly operators: readonly UnaryOperator[];
  readonly operand: Expression;
}

export type BinaryOperator =
  | 'or'
  | 'and'
  | '='
  | '!='
  | '<'
  | '>'
  | '<='
  | '>='
  | '~'
  | 'in'
  | ','
  | '.'
  | '|'
  | '^'
  | '&'
  | '<<'
  | '>>'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%';

/** Operators of one precedence, applied from left to right; a list, so that a million of them are no deeper than one. */
export interface OperatorChain {
  readonly kind: 'chain';
  readonly first: Expression;
  readonly rest: readonly { readonly operator: BinaryOperator; readonly at: number; readonly operand: Expression }[];
}
