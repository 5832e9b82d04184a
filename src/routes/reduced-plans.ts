import { jsonOfPython } from '../lib/python-text/json-of-python.ts';
import { arrayText, objectText } from '../lib/raw-json.ts';
import type { ParameterAnnotation, ParameterDescription, PlanDescriptions } from '../protocol/descriptions.ts';

/**
 * Plan descriptions for simple web forms, as the original's `reduced` gives them: of each parameter its type, choices,
 * limits and default value, where they can be told at all. JSON text, since a default of 1.0 shall stay a float.
 */
export function reducedPlans(plans: PlanDescriptions): string {
  return objectText(
    Object.entries(plans).map(([key, { name, description, parameters }]) => [
      key,
      objectText([
        ['name', JSON.stringify(name)],
        ...given('description', description),
        ...(parameters.length === 0 ? [] : [['parameters', arrayText(parameters.map(reduced))] as const]),
      ]),
    ]),
  );
}

type Member = readonly [name: string, text: string];

function reduced(parameter: ParameterDescription): string {
  const { name, kind, description, annotation, default: written, min, max, step } = parameter;
  const value = written === undefined ? undefined : jsonOfPython(written);
  return objectText([
    ['name', JSON.stringify(name)],
    ['kind', JSON.stringify(kind)],
    ...given('description', description),
    ...(annotation === undefined ? [] : typeOf(annotation)),
    ...(value === undefined ? [] : [['default', value] as const]),
    ['is_optional', String(value !== undefined)],
    ...numeric('min', min),
    ...numeric('max', max),
    ...numeric('step', step),
  ]);
}

const given = (name: string, value: unknown): Member[] => (value === undefined ? [] : [[name, JSON.stringify(value)]]);

/** The first type that an annotation mentions; whatever lists its choices is a string. */
function typeOf({ type, devices, plans, enums }: ParameterAnnotation): Member[] {
  const choices = [devices, plans, enums].flatMap((lists) => Object.values(lists ?? {}).flat());
  const mentioned = ['float', 'int', 'str'].find((word) => new RegExp(`\\b${word}\\b`, 'i').test(type));
  return [
    ...given('type', choices.length > 0 ? 'str' : mentioned),
    ...given('enum', choices.length > 0 ? choices : undefined),
    ...given('is_list', /^(typing\.)?list\[.+\]$/i.test(type)),
  ];
}

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** Limits are written as text in descriptions; one that is no number says nothing. */
const numeric = (name: string, text: string | undefined): Member[] =>
  text !== undefined && NUMBER.test(text) ? [[name, text]] : [];
