/** Python's collections: what they hold, how they print, and the texts of errors. */
import { collections, python_repr, Tuple } from 'torch-node/python';
import { describe, expect, it } from 'vitest';

import { python } from '../reference.js';

const { Counter, defaultdict, deque, namedtuple, OrderedDict } = collections;
const shown = (source: string): unknown[] =>
  python<[unknown[]]>('standard.py', [[`from collections import *\n${source}`]])[0];
const error_of = (source: string): string => (shown(source) as [{ error: string }])[0].error.replace(/^\w*Error: /, '');

describe('deque', () => {
  it('changes at both ends, in a ring that grows', () => {
    const log: unknown[] = [];
    for (const maxlen of [null, 5]) {
      const d = new deque<number>([1, 2], { maxlen });
      for (let i = 0; i < 40; i++) {
        d.append(i);
        if (i % 3 === 0) d.appendleft(1 - i);
        if (i % 4 === 0) log.push(d.popleft());
        if (i % 7 === 0) log.push(d.pop());
      }
      d.extend([100, 101]);
      d.extendleft([200, 201]);
      log.push([...d], d.length, d.at(0), d.at(-1));
      d.rotate(2);
      log.push([...d]);
      d.rotate(-3);
      log.push([...d], python_repr(d), d.maxlen);
      d.clear();
      log.push(python_repr(d));
    }
    expect([log]).toEqual(
      shown(`
log = []
for maxlen in [None, 5]:
    d = deque([1, 2], maxlen=maxlen)
    for i in range(40):
        d.append(i)
        if i % 3 == 0: d.appendleft(1 - i)
        if i % 4 == 0: log.append(d.popleft())
        if i % 7 == 0: log.append(d.pop())
    d.extend([100, 101])
    d.extendleft([200, 201])
    log += [list(d), len(d), d[0], d[-1]]
    d.rotate(2)
    log.append(list(d))
    d.rotate(-3)
    log += [list(d), repr(d), d.maxlen]
    d.clear()
    log.append(repr(d))
show(log)`),
    );
  });

  it.each([
    ['deque().pop()', () => new deque().pop()],
    ['deque().popleft()', () => new deque().popleft()],
    ['deque([1])[1]', () => new deque([1]).at(1)],
    ['deque([1], -1)', () => new deque([1], -1)],
  ])("%s throws Python's text", (theirs, ours) => {
    expect(ours).toThrow(error_of(theirs));
  });
});

describe('namedtuple', () => {
  it('has names, order, and copies', () => {
    const Point = namedtuple('Point', 'x, y z', { defaults: [7] });
    const p = Point(1, 'b');
    const made = [
      python_repr(p),
      p.x,
      p[1],
      [...p],
      python_repr(p._replace({ y: 5 })),
      Object.entries(p._asdict()),
      [...Point._fields],
      python_repr(new Point(1, 2, 3)),
      python_repr(Point({ x: 1, y: 2 })),
      python_repr(Point._make([1, 2, 3])),
      p instanceof Point,
      p instanceof Tuple,
    ];
    expect([made]).toEqual(
      shown(`
Point = namedtuple('Point', 'x, y z', defaults=[7])
p = Point(1, 'b')
show([repr(p), p.x, p[1], list(p), repr(p._replace(y=5)), list(p._asdict().items()), list(Point._fields),
  repr(Point(1, 2, 3)), repr(Point(x=1, y=2)), repr(Point._make([1, 2, 3])), isinstance(p, Point), isinstance(p, tuple)])`),
    );
  });

  const P = namedtuple('P', ['a', 'b', 'c']);
  const theirs = "P = namedtuple('P', ['a', 'b', 'c'])\n";
  it.each([
    ['P(1)', () => P(1)],
    ['P()', () => P()],
    ['P(1, 2)', () => P(1, 2)],
    ['P(1, 2, 3, 4)', () => P(1, 2, 3, 4)],
    ['P(1, 2, 3, a=4)', () => P(1, 2, 3, { a: 4 })],
    ['P._make([1])', () => P._make([1])],
    ['P(1, 2, 3)._replace(d=1)', () => P(1, 2, 3)._replace({ d: 1 } as never)],
    ["namedtuple('Q', ['a', 'a'])", () => namedtuple('Q', ['a', 'a'])],
    ["namedtuple('Q', ['_a'])", () => namedtuple('Q', ['_a'])],
    ["namedtuple('Q', ['1a'])", () => namedtuple('Q', ['1a'])],
    ["namedtuple('Q', 'a', defaults=[1, 2])", () => namedtuple('Q', 'a', { defaults: [1, 2] })],
  ] as const)("%s throws Python's text", (source, ours) => {
    const wanted = error_of(theirs + source);
    // Which of the values by position is the one too many depends on how Python made the function.
    expect(ours).toThrow(wanted);
  });
});

describe('dictionaries', () => {
  it('defaultdict makes what is missing', () => {
    const d = new defaultdict<string, number>(() => 0, { b: 2 });
    d.set('a', d.get('a') + 1);
    expect([[...d.items()], d.has('z'), d.size]).toEqual(
      shown("d = defaultdict(int, {'b': 2})\nd['a'] += 1\nshow(list(d.items()), 'z' in d, len(d))"),
    );
    expect(() => new defaultdict().get('k')).toThrow(error_of("defaultdict()['k']"));
    expect([python_repr(new defaultdict(null, [[1, 2]]))]).toEqual(shown('show(repr(defaultdict(None, [(1, 2)])))'));
  });

  it('Counter counts', () => {
    const c = new Counter('abracadabra');
    c.update({ z: 2, a: 1 });
    c.subtract('bb');
    expect([
      python_repr(c),
      c.most_common(2).map((pair) => [...pair]),
      c.most_common().length,
      c.get('q'),
      c.total(),
      [...c.elements()].join(''),
      python_repr(new Counter()),
    ]).toEqual(
      shown(`
c = Counter('abracadabra')
c.update({'z': 2, 'a': 1})
c.subtract('bb')
show(repr(c), c.most_common(2), len(c.most_common()), c['q'], c.total(), ''.join(c.elements()), repr(Counter()))`),
    );
    expect(() => new Counter(3 as never)).toThrow(error_of('Counter(3)'));
  });

  it('OrderedDict keeps and changes the order', () => {
    const d = new OrderedDict<string, number>([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]);
    d.move_to_end('a');
    d.move_to_end('c', { last: false });
    const first = python_repr(d);
    expect([first, [...d.popitem()], [...d.popitem(false)], [...d.items()], python_repr(new OrderedDict())]).toEqual(
      shown(`
d = OrderedDict([('a', 1), ('b', 2), ('c', 3)])
d.move_to_end('a')
d.move_to_end('c', last=False)
show(repr(d), d.popitem(), d.popitem(False), list(d.items()), repr(OrderedDict()))`),
    );
    expect(() => new OrderedDict().popitem()).toThrow(/dictionary is empty/);
  });
});
