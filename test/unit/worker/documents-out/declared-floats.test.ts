import { expect, test } from 'vitest';
import { documentText } from '../../../../src/documents/document-line.ts';
import { DeclaredFloats } from '../../../../src/worker/documents-out/declared-floats.ts';

const key = (dtype: string, extra: object = {}) => ({ source: 's', dtype, shape: [], ...extra });
const descriptor = {
  uid: 'd',
  run_start: 'r',
  time: 10,
  data_keys: {
    motor: key('number'),
    shots: key('integer'),
    image: key('array', { dtype_numpy: '<f8' }),
    list: key('array'),
  },
  configuration: {
    motor: { data: { velocity: 2 }, timestamps: { velocity: 3 }, data_keys: { velocity: key('number') } },
  },
};

const textOf = (floats: DeclaredFloats, ...[name, document]: Parameters<DeclaredFloats['marked']>): string =>
  documentText(floats.marked(name, document));

test('what a data key calls a number is a float, whole or not; an integer stays one', () => {
  const floats = new DeclaredFloats();
  floats.marked('descriptor', descriptor);

  const data = { motor: 1, shots: 2, image: [[1, -0]], list: [1] };
  expect(textOf(floats, 'event', { descriptor: 'd', time: 5, data, timestamps: { motor: 1 } })).toBe(
    '{"descriptor":"d","time":5.0,"data":{"motor":1.0,"shots":2,"image":[[1.0,-0.0]],"list":[1]},"timestamps":{"motor":1.0}}',
  );
  expect(textOf(floats, 'event_page', { descriptor: 'd', time: [5], data: { motor: [1e21] }, timestamps: {} })).toBe(
    '{"descriptor":"d","time":[5.0],"data":{"motor":[1e+21]},"timestamps":{}}',
  );
});

test('configuration follows its own data keys', () => {
  expect(textOf(new DeclaredFloats(), 'descriptor', descriptor)).toContain(
    '"data":{"velocity":2.0},"timestamps":{"velocity":3.0}',
  );
});

test('a document without whole floats is handed on as it is', () => {
  const floats = new DeclaredFloats();
  floats.marked('descriptor', descriptor);
  const event = { descriptor: 'd', time: 5.5, data: { motor: 0.1, shots: 2 }, timestamps: { motor: 1.5 } };

  expect(floats.marked('event', event)).toBe(event);
});
