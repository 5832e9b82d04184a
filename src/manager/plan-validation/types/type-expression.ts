import type { Expression } from '../../../lib/python-text/expression.ts';
import { expression } from '../../../lib/python-text/expression.ts';
import { PyEllipsis } from '../../../lib/python-text/py-value.ts';
import type { PyValue } from '../../../lib/python-text/py-value.ts';
import { repr } from '../../../lib/python-text/repr.ts';
import { oneOf, union } from './choices.ts';
import { dict, iterable, list, sequence, set, tuple, tupleOfAny } from './collections.ts';
import { bool, complex, float, int } from './numbers.ts';
import { any, bareSequence, bytes, callable, classObject, hashable, none, text } from './scalars.ts';
import type { PyType } from './trial.ts';

/** The annotation names something that is not there, or that is not a type. The message is Python's where it has one. */
export class NotAType extends Error {}

/**
 * The type that an expression such as `list[int] | None` stands for. `named` are the types that the annotation itself
 * defines.
 * @throws NotAType, PythonSyntaxError
 */
export function typeOf(source: string, named: ReadonlyMap<string, PyType>): PyType {
  return evaluated(expression(source, '<string>'), named);
}

type Named = ReadonlyMap<string, PyType>;

function evaluated(node: Expression, named: Named): PyType {
  switch (node.kind) {
    case 'Constant':
      return constantType(node.value, named);
    case 'Name':
    case 'Attribute':
      return bareType(node, named);
    case 'Subscript':
      return subscripted(node, named);
    case 'BinOp':
      if (node.operator === '|') return union([evaluated(node.left, named), evaluated(node.right, named)]);
      throw new NotAType(`unsupported operand type(s) for ${node.operator}`);
    case 'Call':
      if (node.of.kind === 'Name' && node.of.name === 'type') return none;
      throw new NotAType('a call is not a type');
    default:
      throw new NotAType(`${node.kind} is not a type`);
  }
}

function bareType(node: Expression, named: Named): PyType {
  const { bare } = nameOrGeneric(node, named);
  if (!bare) throw new NotAType(`Plain ${dottedName(node)} is not valid as type argument`);
  return bare;
}

function constantType(value: PyValue, named: Named): PyType {
  if (value === null) return none;
  // A type in quotes is the same type, named before it is defined.
  if (typeof value === 'string') return typeOf(value, named);
  throw new NotAType(`Unable to generate pydantic-core schema for ${repr(value)}.`);
}

/** A type that may have parameters: what it is without, and with them. */
interface Generic {
  /** `null` where it says nothing without. */
  readonly bare: PyType | null;
  readonly of?: (parameters: readonly Expression[], named: Named) => PyType;
}

function subscripted({ of, index }: Extract<Expression, { kind: 'Subscript' }>, named: Named): PyType {
  const generic = nameOrGeneric(of, named);
  if (!generic.of) throw new NotAType(`type '${dottedName(of)}' is not subscriptable`);
  return generic.of(index.kind === 'Tuple' ? index.items : [index], named);
}

function nameOrGeneric(node: Expression, named: Named): Generic {
  const name = dottedName(node);
  const own = named.get(name);
  if (own) return { bare: own };
  const [module, member] = /^(typing|collections\.abc|collections)\.([^.]+)$/.exec(name)?.slice(1) ?? [];
  const found = module === undefined || member === undefined ? BUILT_IN[name] : MODULES[module]?.[member];
  if (found && Object.hasOwn(module === undefined ? BUILT_IN : (MODULES[module] ?? {}), member ?? name)) return found;
  if (module !== undefined) throw new NotAType(`module '${module}' has no attribute '${member}'`);
  const [root = '', first] = name.split('.');
  if (first !== undefined && IMPORTED.has(root)) throw new NotAType(`module '${root}' has no attribute '${first}'`);
  throw new NotAType(`name '${root}' is not defined`);
}

/** What annotations of the original may name; of the last two nothing is a type that arguments can have. */
const IMPORTED = new Set(['typing', 'collections', 'bluesky', 'enum']);

function dottedName(node: Expression): string {
  if (node.kind === 'Name') return node.name;
  if (node.kind === 'Attribute') return `${dottedName(node.of)}.${node.name}`;
  throw new NotAType(`${node.kind} is not a type`);
}

/** A generic of a fixed number of parameters. */
const generic = (bare: PyType | null, count: number, make: (...of: PyType[]) => PyType): Generic => ({
  bare,
  of(parameters, named) {
    if (parameters.length !== count) {
      const few = parameters.length < count ? 'few' : 'many';
      throw new NotAType(`Too ${few} arguments; actual ${parameters.length}, expected ${count}`);
    }
    return make(...parameters.map((parameter) => evaluated(parameter, named)));
  },
});

const listOf = generic(list(any), 1, (of) => list(of ?? any));
const setOf = generic(set(any), 1, (of) => set(of ?? any));
const frozenSetOf = generic(set(any, 'frozenset'), 1, (of) => set(of ?? any, 'frozenset'));
const dictOf = generic(dict(any, any), 2, (key, value) => dict(key ?? any, value ?? any));
// Of anything: its items are not looked at, and a text is one, too.
const sequenceOf = generic(bareSequence, 1, (of) => (of && of !== any ? sequence(of) : bareSequence));
const iterableOf = generic(iterable(any), 1, (of) => iterable(of ?? any));
const generatorOf = generic(iterable(any), 3, (of) => iterable(of ?? any));
const orderedDictOf = generic(dict(any, any, 'ordered-dict'), 2, (key, value) =>
  dict(key ?? any, value ?? any, 'ordered-dict'),
);
const callableOf: Generic = { bare: callable, of: () => callable };

const tupleOf: Generic = {
  bare: tupleOfAny(any),
  of(parameters, named) {
    const [first, second] = parameters;
    if (first && isEllipsis(second) && parameters.length === 2) return tupleOfAny(evaluated(first, named));
    return tuple(parameters.map((parameter) => evaluated(parameter, named)));
  },
};
const isEllipsis = (node?: Expression): boolean => node?.kind === 'Constant' && node.value instanceof PyEllipsis;

const unionOf: Generic = {
  bare: null,
  of: (parameters, named) => union(parameters.map((parameter) => evaluated(parameter, named))),
};
const optionalOf = generic(null, 1, (of) => union([of ?? any, none]));

const literalOf: Generic = {
  bare: null,
  of: (parameters) =>
    oneOf(
      parameters.map((parameter) => {
        if (parameter.kind === 'Constant') return parameter.value;
        const { operand } = parameter.kind === 'UnaryOp' ? parameter : { operand: parameter };
        if (operand.kind === 'Constant' && typeof operand.value === 'number') return -operand.value;
        throw new NotAType('Literal takes values, not types');
      }),
    ),
};

/** The first parameter is the type; what follows is a remark to others. */
const annotatedOf: Generic = {
  bare: null,
  of([first], named) {
    if (!first) throw new NotAType('Annotated[...] should be used with at least two arguments');
    return evaluated(first, named);
  },
};

const BUILT_IN: Record<string, Generic> = {
  int: { bare: int },
  float: { bare: float },
  str: { bare: text },
  bool: { bare: bool },
  complex: { bare: complex },
  bytes: { bare: bytes },
  object: { bare: any },
  NoneType: { bare: none },
  type: { bare: classObject, of: () => classObject },
  list: listOf,
  tuple: tupleOf,
  dict: dictOf,
  set: setOf,
  frozenset: frozenSetOf,
};

const ABSTRACT: Record<string, Generic> = {
  Sequence: sequenceOf,
  MutableSequence: listOf,
  Iterable: iterableOf,
  Generator: generatorOf,
  Mapping: dictOf,
  MutableMapping: dictOf,
  Callable: callableOf,
  Hashable: { bare: hashable },
};

const MODULES: Record<string, Record<string, Generic>> = {
  typing: {
    ...ABSTRACT,
    Any: { bare: any },
    Text: { bare: text },
    List: listOf,
    Tuple: tupleOf,
    Dict: dictOf,
    Set: setOf,
    FrozenSet: frozenSetOf,
    AbstractSet: frozenSetOf,
    MutableSet: setOf,
    OrderedDict: orderedDictOf,
    Type: { bare: classObject, of: () => classObject },
    Union: unionOf,
    Optional: optionalOf,
    Literal: literalOf,
    Annotated: annotatedOf,
  },
  'collections.abc': { ...ABSTRACT, Set: frozenSetOf, MutableSet: setOf },
  collections: { OrderedDict: orderedDictOf },
};
